using System.Diagnostics;

namespace PatientHub.AppHost.Local.Servers;

/// <summary>A program we do not ship: the Debian package that has it, and the places where it is looked for ('*' stands for a version).</summary>
public sealed record NeededPackage(string Package, params string[] AnyOf)
{
    public static readonly NeededPackage Postgres = new("postgresql", "/usr/lib/postgresql/*/bin/postgres");
    public static readonly NeededPackage Redis = new("redis-server", "/usr/bin/redis-server", "/usr/local/bin/redis-server");
    public static readonly NeededPackage RabbitMq = new("rabbitmq-server", "/usr/lib/rabbitmq/bin/rabbitmq-server");
    public static readonly NeededPackage Chromium = new("chromium", "/usr/bin/chromium") { Better = "chromium-headless-shell" };
    public static readonly NeededPackage Font = new("fonts-noto-core", "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf");

    /// <summary>Only tests need it: the print house's SFTP server.</summary>
    public static readonly NeededPackage OpenSsh = new("openssh-server", "/usr/sbin/sshd");

    /// <summary>A package that is installed with it where the machine's sources have it, and done without elsewhere (Ubuntu).</summary>
    public string? Better { get; init; }

    /// <summary>The newest file that matches, or null.</summary>
    public string? Find() => AnyOf.SelectMany(Matches).FirstOrDefault();

    private static IEnumerable<string> Matches(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return File.Exists(pattern) ? [pattern] : [];
        }
        var folder = Path.GetDirectoryName(pattern[..star])!;
        return Directory.Exists(folder)
            ? Directory.GetDirectories(folder)
                .OrderByDescending(name => double.TryParse(Path.GetFileName(name), out var version) ? version : 0)
                .Select(name => name + pattern[(star + 1)..])
                .Where(File.Exists)
            : [];
    }
}

/// <summary>A program is missing and we may not install it. The message holds the one command that does.</summary>
public sealed class MissingPackagesException(string message) : Exception(message);

/// <summary>Installs what is missing, as root on Debian or Ubuntu, else names the command to run.</summary>
public static class Packages
{
    private const string LockFile = "/var/tmp/patienthub-apt.lock";
    private const string ServicePolicy = "/usr/sbin/policy-rc.d";

    public static Task EnsureAsync(IReadOnlyCollection<NeededPackage> needed, Action<string> say, CancellationToken ct = default) =>
        EnsureAsync(needed, say, MayInstall(), ct);

    internal static async Task EnsureAsync(IReadOnlyCollection<NeededPackage> needed, Action<string> say, bool mayInstall, CancellationToken ct = default)
    {
        if (Missing(needed).Length == 0)
        {
            return;
        }
        if (!mayInstall)
        {
            throw new MissingPackagesException(Advice(Missing(needed)));
        }
        using var oneAtATime = await LockAsync(ct);
        var missing = Missing(needed);
        if (missing.Length > 0)
        {
            say($"installing {string.Join(", ", missing)} (apt-get)");
            await InstallAsync(missing, say, [.. needed.Where(p => p.Better is not null && missing.Contains(p.Package)).Select(p => p.Better!)], ct);
            if (Missing(needed) is { Length: > 0 } still)
            {
                throw new MissingPackagesException($"apt-get installed them, but they are not where they were expected: {string.Join(", ", still)}");
            }
        }
    }

    /// <summary>The sentence for somebody who is not root: what is missing, and exactly what to run.</summary>
    public static string Advice(IEnumerable<string> missing) =>
        $"Missing: {string.Join(", ", missing)}. Install with:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends {string.Join(' ', missing)}";

    public static string[] Missing(IEnumerable<NeededPackage> needed) => [.. needed.Where(p => p.Find() is null).Select(p => p.Package).Distinct()];

    private static bool MayInstall() => Environment.IsPrivilegedProcess && File.Exists("/usr/bin/apt-get");

    private static async Task InstallAsync(string[] missing, Action<string> say, string[] better, CancellationToken ct)
    {
        // The packages would start servers of their own on the well-known ports; ours are private, so Debian's policy hook says no meanwhile.
        var hold = !File.Exists(ServicePolicy);
        if (hold)
        {
            await File.WriteAllTextAsync(ServicePolicy, "#!/bin/sh\nexit 101\n", ct);
            File.SetUnixFileMode(ServicePolicy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
        try
        {
            await AptAsync(["update", "-q"], ct);
            await AptAsync(["install", "-y", "-q", "--no-install-recommends", .. missing], ct);
            foreach (var package in better)
            {
                await TryInstallAsync(package, say, ct);
            }
        }
        finally
        {
            if (hold)
            {
                File.Delete(ServicePolicy);
            }
        }
    }

    private static async Task TryInstallAsync(string package, Action<string> say, CancellationToken ct)
    {
        try
        {
            await AptAsync(["install", "-y", "-q", "--no-install-recommends", package], ct);
        }
        catch (InvalidOperationException)
        {
            say($"{package} cannot be had here; the hub does without, more slowly");
        }
    }

    private static async Task AptAsync(string[] arguments, CancellationToken ct) =>
        await ChildProcess.RunAsync(
            new ChildCommand("/usr/bin/apt-get", ["-o", "DPkg::Lock::Timeout=600", .. arguments]) { Environment = { ["DEBIAN_FRONTEND"] = "noninteractive", ["LC_ALL"] = "C.UTF-8" } },
            ct);

    private static async Task<FileStream> LockAsync(CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < TimeSpan.FromMinutes(15))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), ct);
            }
        }
    }
}
