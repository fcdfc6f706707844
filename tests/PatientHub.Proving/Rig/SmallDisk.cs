using System.Globalization;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.Proving.Rig;

/// <summary>
/// A little tmpfs in the place of one folder, with what the folder held, seen by one hub only: the hub lives in a mount namespace of its own, so nothing is left mounted
/// when it ends, however it ends. Root only.
/// </summary>
public sealed class SmallDisk
{
    private const string Mount = """
        set -e
        small=$(mktemp -d)
        mount -t tmpfs -o size=$(( $(du -sk "$1" | cut -f1) + $2 ))k proving "$small"
        cp -a "$1/." "$small/"
        chown --reference="$1" "$small"
        chmod --reference="$1" "$small"
        mount --move "$small" "$1"
        rmdir "$small"
        """;

    private readonly int _inside;
    private readonly string _folder;

    private SmallDisk(int inside, string folder) => (_inside, _folder) = (inside, folder);

    /// <summary>The folder as the hub sees it.</summary>
    public string Folder => $"/proc/{_inside.ToString(CultureInfo.InvariantCulture)}/root{_folder}";

    public long FreeBytes => new DriveInfo(Folder).AvailableFreeSpace;

    private string Filler => Path.Combine(Folder, "filler.proving");

    /// <summary>Takes all the room there is.</summary>
    public void Fill()
    {
        var block = new byte[64 * 1024];
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException) when (FreeBytes == 0)
        {
            // That was the aim.
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(Filler);

    /// <param name="inside">A process of the mount namespace.</param>
    /// <param name="folder">What it replaces.</param>
    /// <param name="freeKiB">Room beside what is there.</param>
    internal static async Task<SmallDisk> MountAsync(int inside, string folder, int freeKiB)
    {
        await InsideAsync(inside, "sh", "-c", Mount, "sh", folder, freeKiB.ToString(CultureInfo.InvariantCulture));
        return new SmallDisk(inside, folder);
    }

    /// <summary>The folder is again what it was before; whoever has files of the disk open keeps them.</summary>
    internal Task UnmountAsync() => InsideAsync(_inside, "umount", "--lazy", _folder);

    private static Task InsideAsync(int inside, params string[] command) =>
        ChildProcess.RunAsync(new ChildCommand("nsenter", ["--target", inside.ToString(CultureInfo.InvariantCulture), "--mount", "--", .. command]));
}

/// <summary>Small disks of one hub; started with <see cref="HubOptions.SmallDisks"/>.</summary>
public sealed class SmallDisks(HubUnderTest hub)
{
    private readonly List<SmallDisk> _mounted = [];

    /// <summary>Only root can mount. A scenario that cannot says so in its result.</summary>
    public static bool ArePossible => Environment.IsPrivilegedProcess;

    /// <summary>Where PostalFallback hands its letters to the print house.</summary>
    public Task<SmallDisk> ForSpoolAsync(int freeKiB) => MountAsync(hub.Ready.Parameters["print-spool-folder"], freeKiB);

    /// <summary>PostgreSQL's write-ahead log. PostgreSQL is killed for it and comes back, because it may not lose files that it has open.</summary>
    /// <param name="freeKiB">The log grows by files of 16 MiB: with less room than that it never recovers.</param>
    public async Task<SmallDisk> ForWalAsync(int freeKiB)
    {
        var engine = hub.Ready.ProcessId;
        // The engine would start it again at once.
        Signals.Send(engine, Signals.Stop);
        SmallDisk disk;
        try
        {
            await hub.Processes.KillAsync("postgres");
            disk = await MountAsync(Path.Combine(hub.Ready.DataFolder, "postgres", "data", "pg_wal"), freeKiB);
        }
        finally
        {
            Signals.Send(engine, Signals.Continue);
        }
        await hub.Processes.RestartedAsync("postgres");
        return disk;
    }

    /// <summary>The folders are again what they were; a spool's letters of the meantime are gone with the disk, and PostgreSQL does not survive it.</summary>
    public async Task UnmountAllAsync()
    {
        foreach (var disk in _mounted)
        {
            await disk.UnmountAsync();
        }
        _mounted.Clear();
    }

    private async Task<SmallDisk> MountAsync(string folder, int freeKiB)
    {
        var disk = await SmallDisk.MountAsync(hub.Ready.ProcessId, folder, freeKiB);
        _mounted.Add(disk);
        return disk;
    }
}
