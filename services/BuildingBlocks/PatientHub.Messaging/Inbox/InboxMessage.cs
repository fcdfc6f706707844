namespace PatientHub.Messaging;

/// <summary>A row of <c>inbox_message</c>: this endpoint has done this message's work. Written in the transaction of that work.</summary>
public sealed class InboxMessage
{
    /// <summary>MassTransit's MessageId.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The queue.</summary>
    public required string Endpoint { get; init; }

    /// <summary>When, by the database's clock; old rows are removed.</summary>
    public DateTimeOffset ReceivedAt { get; init; }
}
