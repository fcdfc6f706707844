using System.Globalization;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.Testing;

/// <summary>
/// A folder of this test process under /var/tmp (PostgreSQL's own account cannot enter /root). Its name holds our process id and start time,
/// so that the next test run removes what a killed one left.
/// </summary>
internal static class TestFolder
{
    private static readonly string Root = $"/var/tmp/patienthub-tests-{Environment.UserName}";
    private static readonly Lazy<string> OfThisProcess = new(CreateOfThisProcess);
    private static int _number;

    public static string New(string name) => Path.Combine(OfThisProcess.Value, $"{name}-{Interlocked.Increment(ref _number)}");

    private static string CreateOfThisProcess()
    {
        var through = (UnixFileMode)0b111_001_001;
        Directory.CreateDirectory(Root, through);
        foreach (var left in Directory.GetDirectories(Root).Where(folder => !IsAlive(Path.GetFileName(folder))))
        {
            Delete(left);
        }
        var mine = Path.Combine(Root, $"{Environment.ProcessId}-{ProcessStart.Of(Environment.ProcessId)}");
        Directory.CreateDirectory(mine, through);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(mine);
        return mine;
    }

    private static bool IsAlive(string name)
    {
        var parts = name.Split('-');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ProcessStart.Of(id)?.ToString(CultureInfo.InvariantCulture) == parts[1];
    }

    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception left) when (left is DirectoryNotFoundException or UnauthorizedAccessException or IOException)
        {
            // A server that is just dying still writes, another test process cleans too, or it is another user's. The next run tries again.
        }
    }
}
