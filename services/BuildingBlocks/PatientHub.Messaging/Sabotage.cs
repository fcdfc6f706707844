namespace PatientHub.Messaging;

/// <summary>
/// Ways to break a guarantee on purpose. The proving ground breaks each once, to prove that its checker sees it; nothing else may ask. A Release build does not
/// contain them: there every answer is "no", whatever the environment says.
/// </summary>
public static class Sabotage
{
    /// <summary>Repeats of a message are consumed again.</summary>
    public static bool InboxIsOff => Has("inbox-off");

    /// <summary>A message counts as published when it has left for the broker, confirmed or not.</summary>
    public static bool ConfirmsAreOff => Has("confirms-off");

    /// <summary>A sign-in code is read, compared and deleted in steps of their own.</summary>
    public static bool CodeCheckIsInTwoSteps => Has("code-in-two-steps");

#if DEBUG
    /// <summary>Names a file that lists what is broken at present, a word a line; no file, nothing broken.</summary>
    private const string Variable = "PATIENTHUB_SABOTAGE";

    private static bool Has(string word) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file && File.Exists(file) && File.ReadLines(file).Contains(word);
#else
    private static bool Has(string word) => false;
#endif
}
