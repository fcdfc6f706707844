using MassTransit;

namespace PatientHub.Messaging;

/// <summary>What one service publishes and consumes: its catalogue. Given to the callback of <see cref="MessagingHosting.AddMessaging{TDbContext}"/>.</summary>
public sealed class MessagingBuilder
{
    private readonly Dictionary<string, ConsumerRegistration> _consumers = [];

    internal MessagingBuilder(string serviceName) => ServiceName = serviceName;

    /// <summary>The service's name, the prefix of its queues.</summary>
    public string ServiceName { get; }

    internal Catalogue Catalogue { get; } = new();

    /// <summary>False in a process without a database.</summary>
    internal bool HasInbox { get; init; } = true;

    internal IReadOnlyCollection<ConsumerRegistration> Consumers => _consumers.Values;

    /// <summary>Allows <see cref="IOutbox"/> to take messages of type <typeparamref name="T"/>.</summary>
    /// <param name="name">The frozen public name with its version, as <c>uk.nhs.patienthub.appointment.accepted.v1</c>; rows carry it, never a CLR name.</param>
    /// <param name="configure">Makes it public too, or says that nobody consumes it inside yet. Default: internal, and at least one queue must take it.</param>
    public MessagingBuilder Publishes<T>(string name, Action<PublicationBuilder<T>>? configure = null) where T : class
    {
        var publication = new PublicationBuilder<T>();
        configure?.Invoke(publication);
        Catalogue.Add(new Publication(name, typeof(T), publication.Mandatory, publication.Projection));
        return this;
    }

    /// <summary>Consumes <typeparamref name="TMessage"/> on the queue <c>{service}.{consumer in kebab case without its suffix}</c>. The same consumer may be named for
    /// several message types; they share its queue.</summary>
    public MessagingBuilder Consumes<TMessage, TConsumer>(Action<ConsumerSettings>? configure = null)
        where TMessage : class
        where TConsumer : class, IConsumer<TMessage>
    {
        var settings = Register(typeof(TConsumer), batch: false, new ConsumerSettings(), (_, bus) => bus.AddConsumer<TConsumer>(),
            (endpoint, context) => endpoint.UseConsumeFilter(typeof(InboxFilter<>), context));
        configure?.Invoke(settings);
        return this;
    }

    /// <summary>Consumes <typeparamref name="TMessage"/> in batches: one transaction, one inbox statement and one acknowledgement for up to
    /// <see cref="BatchSettings.MessageLimit"/> messages. Messages the inbox already knows are not in the batch that the consumer sees.</summary>
    public MessagingBuilder ConsumesBatch<TMessage, TConsumer>(Action<BatchSettings>? configure = null)
        where TMessage : class
        where TConsumer : class, IConsumer<Batch<TMessage>>
    {
        var settings = Register(typeof(TConsumer), batch: true, new BatchSettings(),
            (batch, bus) => bus.AddConsumer<TConsumer>(consumer => consumer.Options<BatchOptions>(options => options
                .SetMessageLimit(batch.MessageLimit)
                .SetTimeLimit(batch.TimeLimit)
                .SetConcurrencyLimit(batch.ConcurrentMessages))),
            (endpoint, context) => endpoint.UseConsumeFilter<BatchInboxFilter<TMessage>>(context));
        configure?.Invoke(settings);
        return this;
    }

    private TSettings Register<TSettings>(Type consumer, bool batch, TSettings settings, Action<TSettings, IBusRegistrationConfigurator> add,
        Action<IConsumePipeConfigurator, IRegistrationContext> useInbox) where TSettings : ConsumerSettings
    {
        var queue = QueueNames.For(ServiceName, consumer);
        if (_consumers.TryGetValue(queue, out var known))
        {
            if (known.ConsumerType != consumer || known.IsBatch || batch)
            {
                throw new InvalidOperationException($"The queue {queue} belongs to {known.ConsumerType.Name} already.");
            }

            return (TSettings)known.Settings;
        }

        _consumers.Add(queue, new ConsumerRegistration(queue, consumer, batch, settings, bus => add(settings, bus), useInbox));
        return settings;
    }
}

/// <summary>How one message type is published.</summary>
public sealed class PublicationBuilder<T> where T : class
{
    internal bool Mandatory { get; private set; } = true;

    internal Func<object, PublicEvent>? Projection { get; private set; }

    /// <summary>Integrators get it too, as <paramref name="project"/> shows it, in the same transaction and with the same id.</summary>
    /// <param name="project">Runs inside <see cref="IOutbox.Add{T}"/>: pure, quick, and it leaves out whatever is personal.</param>
    public PublicationBuilder<T> Public(Func<T, PublicEvent> project)
    {
        Projection = message => project((T)message);
        return this;
    }

    /// <summary>Nobody inside consumes it yet: a message that no queue takes is dropped by the broker instead of being kept and reported.</summary>
    public PublicationBuilder<T> WithoutConsumers()
    {
        Mandatory = false;
        return this;
    }
}

/// <summary>How a consumer's queue is worked off by one replica.</summary>
public class ConsumerSettings
{
    /// <summary>Messages (or batches) handled at once. Default 8.</summary>
    public int ConcurrentMessages { get; set; } = 8;

    /// <summary>Messages taken from the queue ahead of their turn; also what is held back while a transient fault lasts. Default: twice what is handled at once.</summary>
    public int? Prefetch { get; set; }
}

/// <summary>How a batch consumer collects its batches.</summary>
public sealed class BatchSettings : ConsumerSettings
{
    /// <summary>One batch at a time is enough for most tables.</summary>
    public BatchSettings() => ConcurrentMessages = 1;

    /// <summary>Largest batch. Default 200.</summary>
    public int MessageLimit { get; set; } = 200;

    /// <summary>How long the first message of a batch waits for company. Default 100 ms.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromMilliseconds(100);
}
