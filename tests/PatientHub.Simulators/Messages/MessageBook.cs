using System.Collections.Concurrent;

namespace PatientHub.Simulators.Messages;

/// <summary>Every message that a provider has accepted, for as long as the process runs.</summary>
public sealed class MessageBook
{
    private readonly Lock gate = new();
    private readonly List<string> order = [];
    private readonly ConcurrentDictionary<string, ReceivedMessage> messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> byDestination = new(StringComparer.Ordinal);

    /// <summary>All messages, newest first.</summary>
    public IReadOnlyList<ReceivedMessage> All() => Read(order);

    /// <summary>Messages to a number or address in any spelling, newest first.</summary>
    public IReadOnlyList<ReceivedMessage> To(string destination)
    {
        lock (gate)
            return byDestination.TryGetValue(Destination.Normalise(destination), out var ids) ? Read(ids) : [];
    }

    /// <summary>The message with this provider id; null when there is none.</summary>
    public ReceivedMessage? Find(string id) => messages.GetValueOrDefault(id);

    internal void Add(ReceivedMessage message)
    {
        lock (gate)
        {
            messages[message.Id] = message;
            order.Add(message.Id);
            if (!byDestination.TryGetValue(message.To, out var ids))
                byDestination[message.To] = ids = [];
            ids.Add(message.Id);
        }
    }

    internal ReceivedMessage Change(string id, Func<ReceivedMessage, ReceivedMessage> change)
    {
        lock (gate)
            return messages[id] = change(messages[id]);
    }

    private List<ReceivedMessage> Read(List<string> ids)
    {
        lock (gate)
        {
            var found = new List<ReceivedMessage>(ids.Count);
            for (var index = ids.Count - 1; index >= 0; index--)
                found.Add(messages[ids[index]]);
            return found;
        }
    }
}
