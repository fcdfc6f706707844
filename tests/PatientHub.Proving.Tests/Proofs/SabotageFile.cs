namespace PatientHub.Proving.Tests.Proofs;

/// <summary>What is broken on purpose at present: the file that a debug build looks into (PATIENTHUB_SABOTAGE).</summary>
public sealed class SabotageFile(string path)
{
    public const string Variable = "PATIENTHUB_SABOTAGE";

    public string Path => path;

    /// <summary>Breaks it until the result is disposed of.</summary>
    public IDisposable Break(string word)
    {
        File.WriteAllText(path, word + "\n");
        return new Mend(path);
    }

    private sealed class Mend(string path) : IDisposable
    {
        public void Dispose() => File.Delete(path);
    }
}
