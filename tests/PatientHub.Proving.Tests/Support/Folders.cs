using System.Runtime.CompilerServices;

namespace PatientHub.Proving.Tests.Support;

internal static class Folders
{
    /// <summary>Of the repository.</summary>
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
