using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.AppHost.Local.Engine;

/// <summary>
/// The data of one instance of one checkout: <c>/var/tmp/patienthub-{hash of the user and the checkout's path}[-{instance}]</c>. Held by a lock that the kernel
/// gives back when we die. Passwords, parameters and ports are generated once and kept in <c>state.json</c> (0600).
/// </summary>
internal sealed class InstanceFolder : IDisposable
{
    private const int MostInstances = 20;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };
    private static readonly UnixFileMode PassThrough = (UnixFileMode)0b111_001_001;

    private readonly FileStream _lock;
    private readonly State _state;

    private InstanceFolder(string path, string name, FileStream held)
    {
        Path = path;
        Name = name;
        _lock = held;
        var stateFile = In("state.json");
        // Data without its passwords is of no use to anybody.
        _state = File.Exists(stateFile) ? JsonSerializer.Deserialize<State>(File.ReadAllText(stateFile))! : Empty();
    }

    public string Path { get; }

    public string Name { get; }

    /// <summary>Every process that belongs to this instance has this in its environment, so its children have it too.</summary>
    public KeyValuePair<string, string> Mark => KeyValuePair.Create("PATIENTHUB_LOCAL_INSTANCE", Path);

    private string Journal => In("processes");

    /// <summary>The wanted instance, or the first of this checkout that nobody holds.</summary>
    public static InstanceFolder Open(LocalOptions options)
    {
        var checkout = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.UserName}:{options.AppHostDirectory}")))[..8];
        var names = options.Instance is { } wanted ? [wanted] : Enumerable.Range(1, MostInstances).Select(n => n == 1 ? "" : $"{n}");
        foreach (var name in names)
        {
            if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                throw new LocalRunException("The name of an instance has letters, digits, '-' and '_' only.");
            }
            var path = System.IO.Path.Combine(options.DataRoot, $"patienthub-{checkout}{(name.Length == 0 ? "" : "-" + name)}");
            Directory.CreateDirectory(path, PassThrough);
            if (TryLock(path) is { } held)
            {
                return new InstanceFolder(path, name, held);
            }
        }
        throw new LocalRunException(options.Instance is { } taken ? $"The instance '{taken}' runs already." : $"{MostInstances} instances of this checkout run already.");
    }

    public string In(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>A value that is made once and then always the same.</summary>
    public string Keep(string name, Func<string> make)
    {
        lock (_state)
        {
            if (!_state.Values.TryGetValue(name, out var value))
            {
                _state.Values[name] = value = make();
                Save();
            }
            return value;
        }
    }

    /// <summary>The same port as last time, if it is free.</summary>
    public int KeepPort(string name, Func<int, int> choose)
    {
        lock (_state)
        {
            var port = choose(_state.Ports.GetValueOrDefault(name));
            if (_state.Ports.GetValueOrDefault(name) != port)
            {
                _state.Ports[name] = port;
                Save();
            }
            return port;
        }
    }

    /// <summary>Removes all data, the lock excepted.</summary>
    public void Clear()
    {
        foreach (var folder in Directory.GetDirectories(Path))
        {
            Directory.Delete(folder, recursive: true);
        }
        foreach (var file in Directory.GetFiles(Path).Where(file => file != _lock.Name))
        {
            File.Delete(file);
        }
        lock (_state)
        {
            _state.Values.Clear();
            _state.Ports.Clear();
        }
    }

    /// <summary>Notes a child, so that the next start finds it if we are killed and it is not.</summary>
    public void Started(int processId, string name)
    {
        lock (_state)
        {
            File.AppendAllText(Journal, $"{processId} {ProcessStart.Of(processId)} {name}\n");
        }
    }

    /// <summary>
    /// Ends what a killed run left. Normally the kernel has ended our children with us; what they had started themselves it has not. Two ways to know them:
    /// the journal (id and start time), and our mark in the environment (PostgreSQL and Redis overwrite theirs, children of children are not in the journal).
    /// </summary>
    public int EndLeftovers()
    {
        var left = new HashSet<int>();
        if (File.Exists(Journal))
        {
            foreach (var entry in File.ReadAllLines(Journal).Select(line => line.Split(' ')))
            {
                if (entry.Length >= 3 && int.TryParse(entry[0], out var id) && long.TryParse(entry[1], out var start) && ProcessStart.Of(id) == start)
                {
                    left.Add(id);
                }
            }
            File.Delete(Journal);
        }
        left.UnionWith(Marked());
        left.Remove(Environment.ProcessId);
        foreach (var id in left)
        {
            Signals.Send(id, Signals.Kill);
        }
        SpinWait.SpinUntil(() => left.All(id => ProcessStart.Of(id) is null), TimeSpan.FromSeconds(10));
        return left.Count;
    }

    public void Dispose()
    {
        _lock.Dispose();
    }

    /// <summary>For an instance that was only for once.</summary>
    public void Remove()
    {
        Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private IEnumerable<int> Marked()
    {
        var mark = $"{Mark.Key}={Mark.Value}";
        foreach (var id in Directory.GetDirectories("/proc").Select(folder => int.TryParse(System.IO.Path.GetFileName(folder), out var id) ? id : 0).Where(id => id > 0))
        {
            string environment;
            try
            {
                environment = File.ReadAllText($"/proc/{id}/environ");
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                continue; // Ended meanwhile, or another user's: not ours.
            }
            if (environment.Split('\0').Contains(mark))
            {
                yield return id;
            }
        }
    }

    private State Empty()
    {
        foreach (var folder in Directory.GetDirectories(Path))
        {
            Directory.Delete(folder, recursive: true);
        }
        return new State();
    }

    private void Save()
    {
        PrivateFile.Write(In("state.json"), JsonSerializer.Serialize(_state, Json));
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed class State
    {
        public Dictionary<string, string> Values { get; init; } = [];

        public Dictionary<string, int> Ports { get; init; } = [];
    }
}

/// <summary>A file that nobody else may read, complete or not there.</summary>
internal static class PrivateFile
{
    public static void Write(string path, string text)
    {
        var staging = path + ".new";
        File.Delete(staging);
        using (var file = new FileStream(staging, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(text);
        }
        File.Move(staging, path, overwrite: true);
    }
}
