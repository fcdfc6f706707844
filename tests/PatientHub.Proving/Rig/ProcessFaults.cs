using System.Globalization;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Testing;

namespace PatientHub.Proving.Rig;

/// <summary>
/// Signals to single processes of a hub, by the name of their resource. PostgreSQL is a family: its sessions are processes of their own, and a postmaster that is killed
/// alone leaves them behind, so all of them get the signal, as when a machine loses power or is frozen.
/// </summary>
public sealed class ProcessFaults(HubUnderTest hub)
{
    private static readonly TimeSpan RestartPatience = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, int> _ended = [];
    private readonly Dictionary<string, IReadOnlyList<int>> _paused = [];

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync(string resource)
    {
        var id = IdOf(resource);
        // Stopped first: it can start no child between our look and its end.
        Signals.Send(id, Signals.Stop);
        await EndAsync(resource, id, Signals.Kill, FamilyOf(resource, id));
    }

    /// <summary>SIGTERM (PostgreSQL: its fast shutdown), and waits until it is gone.</summary>
    public async Task TerminateAsync(string resource)
    {
        var id = IdOf(resource);
        await EndAsync(resource, id, resource == "postgres" ? Signals.Interrupt : Signals.Terminate, [id]);
    }

    /// <summary>SIGSTOP: it is there, its connections are open, and nothing happens.</summary>
    public void Pause(string resource)
    {
        var id = IdOf(resource);
        Signals.Send(id, Signals.Stop);
        var family = _paused[resource] = FamilyOf(resource, id);
        SendAll(family, Signals.Stop);
    }

    /// <summary>SIGCONT.</summary>
    public void Resume(string resource)
    {
        if (_paused.Remove(resource, out var family))
        {
            SendAll(family, Signals.Continue);
        }
    }

    public void ResumeAll()
    {
        foreach (var resource in _paused.Keys.ToArray())
        {
            Resume(resource);
        }
    }

    /// <summary>Waits until the engine has started it again after our kill, and it answers.</summary>
    public async Task RestartedAsync(string resource, TimeSpan? timeout = null) => await Eventually.True(
        () => hub.Ready.Resources[resource] is { Ready: true, ProcessId: { } now } && now != _ended.GetValueOrDefault(resource) && ProcessStart.Of(now) is not null,
        $"{resource} did not come back", timeout ?? RestartPatience);

    /// <summary>Its process, which runs.</summary>
    public int IdOf(string resource) =>
        hub.Ready.Resources[resource].ProcessId is { } id && ProcessStart.Of(id) is not null ? id : throw new InvalidOperationException($"'{resource}' does not run now.");

    /// <summary>kill -9 of the processes below it whose program's name begins so: a browser that a service has started, say. How many there were.</summary>
    public int KillDescendants(string resource, string program)
    {
        var found = DescendantsOf(IdOf(resource)).Where(id => NameOf(id)?.StartsWith(program, StringComparison.Ordinal) == true).ToList();
        SendAll(found, Signals.Kill);
        return found.Count;
    }

    /// <summary>What it was started with.</summary>
    public Dictionary<string, string?> EnvironmentOf(string resource) => Replica.EnvironmentOf(IdOf(resource));

    /// <summary>A second replica of one of our processes, beside the first: the same settings, a port of its own. It ends when it is disposed.</summary>
    public async Task<ChildProcess> StartReplicaAsync(string resource)
    {
        var (command, address) = Replica.Of(IdOf(resource));
        var replica = await ChildProcess.StartAsync(command);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.True(async () => !replica.HasExited && await IsWellAsync(http, new Uri(address, "/health")), $"a second {resource} never came up: {string.Join('\n', replica.LastLines)}", RestartPatience);
        return replica;
    }

    private static async Task<bool> IsWellAsync(HttpClient http, Uri health)
    {
        try
        {
            using var answer = await http.GetAsync(health);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task EndAsync(string resource, int id, int signal, IReadOnlyList<int> family)
    {
        _ended[resource] = id;
        _paused.Remove(resource);
        SendAll(family, signal);
        await Eventually.True(() => family.All(member => ProcessStart.Of(member) is null), $"{resource} did not end", RestartPatience);
    }

    private static IReadOnlyList<int> FamilyOf(string resource, int id) => resource == "postgres" ? [id, .. ChildrenOf(id)] : [id];

    private static IEnumerable<int> ChildrenOf(int parent) =>
        from folder in Directory.GetDirectories("/proc")
        let id = int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
        where id > 0 && ParentOf(id) == parent
        select id;

    private static IEnumerable<int> DescendantsOf(int parent) => ChildrenOf(parent).ToList().SelectMany(child => DescendantsOf(child).Prepend(child));

    private static int? ParentOf(int id) => StatOf(id) is { } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) : null;

    private static string? NameOf(int id) => StatOf(id) is { } stat ? stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')] : null;

    private static string? StatOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat");
        }
        catch (IOException)
        {
            return null; // It ended while we looked.
        }
    }

    private static void SendAll(IEnumerable<int> processes, int signal)
    {
        foreach (var id in processes)
        {
            Signals.Send(id, signal);
        }
    }
}
