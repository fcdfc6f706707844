namespace PatientHub.Gateway.Components;

/// <summary>One answer of radios or checkboxes.</summary>
/// <param name="Value">As sent by the form.</param>
/// <param name="Text">As the patient reads it.</param>
/// <param name="Hint">Small print below it.</param>
public sealed record Choice(string Value, string Text, string? Hint = null)
{
    /// <summary>Not an answer: "or" between answers.</summary>
    public bool IsDivider { get; private init; }

    public static Choice Divider(string word) => new("", word) { IsDivider = true };
}
