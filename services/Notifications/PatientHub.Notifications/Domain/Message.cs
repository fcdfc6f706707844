using PatientHub.Notifications.Contracts;

namespace PatientHub.Notifications.Domain;

public enum MessageStatus
{
    Waiting,
    Sent,
    Delivered,
    Failed,
}

/// <summary>One message on one channel about one or more steps (<see cref="MessageStep"/>), as the patient's list shows it: without the link's token and without any code.</summary>
public sealed class Message
{
    public required Guid Id { get; init; }
    public required Guid PatientId { get; set; }
    public required Channel Channel { get; init; }

    /// <summary>Template and version, as <c>invitation.v1</c>.</summary>
    public required string Template { get; set; }
    public string? Subject { get; set; }
    public required string Body { get; set; }
    public MessageStatus Status { get; set; } = MessageStatus.Waiting;
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Failed, and another time it would fail again: the channel is of no use for this step and later ones.</summary>
    public bool FailedForGood { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}
