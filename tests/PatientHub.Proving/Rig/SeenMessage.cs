namespace PatientHub.Proving.Rig;

/// <summary>A text or email as a provider took it.</summary>
/// <param name="CreatedAt">When the provider took it.</param>
/// <param name="Code">Six digits in the text; null when there are none.</param>
public sealed record SeenMessage(string Id, string Channel, string To, string Body, string Status, DateTimeOffset CreatedAt, IReadOnlyList<string> Links, string? Code)
{
    /// <summary>It brings a code for signing in, and no link.</summary>
    public bool IsCode => Code is not null && Links.Count == 0;
}
