using System.Globalization;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.Proving.Rig;

/// <summary>
/// The wall clock of one process, moved from outside while it runs: libfaketime, preloaded, reads the offset from a file every second. All that the process asks is shifted,
/// libraries that know no TimeProvider too (checks of tokens, for one); time spans (the monotonic clock) run on undisturbed. The product needs no setting for it.
/// </summary>
public sealed class ShiftableClock
{
    /// <summary>How long a process may go on with the offset it had.</summary>
    public static readonly TimeSpan FeltWithin = TimeSpan.FromSeconds(2);

    private static readonly NeededPackage Library = new("libfaketime", "/usr/lib/*/faketime/libfaketimeMT.so.1");

    private readonly string _file;

    /// <param name="file">Where the offset stands.</param>
    public ShiftableClock(string file)
    {
        _file = file;
        Shift(TimeSpan.Zero);
    }

    public TimeSpan Offset { get; private set; }

    /// <summary>For the process that is to be shifted.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library.Find() ?? throw new MissingPackagesException(Packages.Advice([Library.Package])),
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        // A remedy for an old glibc that it chooses by itself here; with it every timed wait returns at once, and threads spin.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    public static Task EnsureInstalledAsync() => Packages.EnsureAsync([Library], Console.Error.WriteLine);

    /// <summary>Ahead of the true time, or (negative) behind it.</summary>
    public void Shift(TimeSpan offset)
    {
        Offset = offset;
        File.WriteAllText(_file + ".new", string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0.###;-0.###;+0}s\n"));
        File.Move(_file + ".new", _file, overwrite: true);
    }
}
