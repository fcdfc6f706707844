namespace PatientHub.Messaging;

/// <summary>A row of <c>outbox_message</c>: a message that has been decided but not yet confirmed by the broker.</summary>
public sealed class OutboxMessage
{
    /// <summary>Order of insertion; the dispatcher's key.</summary>
    public long Sequence { get; init; }

    /// <summary>UUID version 7; MassTransit's MessageId and CloudEvents' id. An internal and a public row of one event share it.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The frozen public name.</summary>
    public required string Type { get; init; }

    /// <summary>The message as JSON.</summary>
    public required string Body { get; init; }

    /// <summary>CloudEvents' subject; set on rows for integrators and on no others.</summary>
    public string? Subject { get; init; }

    /// <summary>The conversation that a consumed message began; null when this message begins one.</summary>
    public Guid? ConversationId { get; init; }

    /// <summary>W3C trace context of the request or consumer that decided it.</summary>
    public string? TraceParent { get; init; }

    /// <summary>W3C trace state.</summary>
    public string? TraceState { get; init; }

    /// <summary>When it was added, by the database's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Earliest delivery, by <see cref="DatabaseClock"/>; null for now. Back-off sets it too.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Refused deliveries so far.</summary>
    public int Attempts { get; init; }

    /// <summary>Set when it can never be delivered as it is; the dispatcher leaves it alone until an operator clears this.</summary>
    public DateTimeOffset? ParkedAt { get; init; }

    /// <summary>Why it is parked or was refused last: a word of the dispatcher's, never content.</summary>
    public string? LastError { get; init; }
}
