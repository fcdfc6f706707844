using System.Globalization;

namespace PatientHub.Proving.Rig;

/// <summary>
/// The name of an instance that no other run has: <c>proving-1</c>, <c>proving-2</c>, … The kernel gives it back when we are killed, and the next run with that name
/// ends and removes what was left.
/// </summary>
internal sealed class InstancePlace : IDisposable
{
    private const int MostRuns = 20;

    private readonly FileStream _held;

    private InstancePlace(FileStream held, int number)
    {
        _held = held;
        Name = string.Create(CultureInfo.InvariantCulture, $"proving-{number}");
        ReadyFile = FileFor("json");
        File.Delete(ReadyFile);
    }

    public string Name { get; }

    public string ReadyFile { get; }

    public static InstancePlace Take()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"patienthub-proving-{Environment.UserName}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        for (var number = 1; number <= MostRuns; number++)
        {
            try
            {
                return new InstancePlace(new FileStream(Path.Combine(folder.FullName, $"{number}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), number);
            }
            catch (IOException) when (number < MostRuns)
            {
                // Somebody holds it.
            }
        }
        throw new InvalidOperationException("unreachable: the last try throws");
    }

    /// <summary>A file of this run alone.</summary>
    public string FileFor(string kind) => $"{_held.Name}.{kind}";

    public void Dispose() => _held.Dispose();
}
