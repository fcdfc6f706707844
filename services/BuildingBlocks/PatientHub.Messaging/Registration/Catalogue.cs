using System.Diagnostics.CodeAnalysis;
using MassTransit;

namespace PatientHub.Messaging;

/// <summary>One message type of this service under its frozen name.</summary>
/// <param name="Name">The public name in outbox rows.</param>
/// <param name="Type">The contract.</param>
/// <param name="Mandatory">At least one queue must take it.</param>
/// <param name="Projection">What integrators see; null for an internal message.</param>
internal sealed record Publication(string Name, Type Type, bool Mandatory, Func<object, PublicEvent>? Projection)
{
    /// <summary>MassTransit's exchange of the message type.</summary>
    public string Exchange { get; } = BusNames.Exchange(Type);

    /// <summary>MassTransit's name of the type inside the envelope.</summary>
    public string Urn { get; } = MessageUrn.ForTypeString(Type);
}

/// <summary>All that this service publishes, by type (for the outbox) and by name (for the dispatcher).</summary>
internal sealed class Catalogue
{
    private readonly Dictionary<string, Publication> _byName = [];
    private readonly Dictionary<Type, Publication> _byType = [];

    public IReadOnlyCollection<Publication> Publications => _byName.Values;

    public void Add(Publication publication)
    {
        if (!_byType.TryAdd(publication.Type, publication) || !_byName.TryAdd(publication.Name, publication))
        {
            throw new InvalidOperationException($"{publication.Type.Name} or {publication.Name} is registered twice.");
        }
    }

    public Publication Of(Type type) => _byType.TryGetValue(type, out var publication)
        ? publication
        : throw new InvalidOperationException($"{type.FullName} is not registered: add bus.Publishes<{type.Name}>(...) to the service's hosting file.");

    public bool TryGet(string name, [NotNullWhen(true)] out Publication? publication) => _byName.TryGetValue(name, out publication);
}

/// <summary>A consumer on its queue. The two callbacks keep the message type, which reflection would otherwise have to find again.</summary>
internal sealed record ConsumerRegistration(
    string Queue,
    Type ConsumerType,
    bool IsBatch,
    ConsumerSettings Settings,
    Action<IBusRegistrationConfigurator> Add,
    Action<IConsumePipeConfigurator, IRegistrationContext> UseInbox)
{
    /// <summary>Messages held by this replica at once; a batch needs its messages in hand to be full.</summary>
    public int Prefetch => Settings.Prefetch
        ?? (Settings is BatchSettings batch ? batch.MessageLimit * batch.ConcurrentMessages * 2 : Settings.ConcurrentMessages * 2);

    /// <summary>Messages in the pipeline at once: every message of a batch waits in it for the batch.</summary>
    public int Concurrency => Settings is BatchSettings ? Prefetch : Settings.ConcurrentMessages;
}
