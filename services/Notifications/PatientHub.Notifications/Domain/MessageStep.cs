using PatientHub.Notifications.Contracts;

namespace PatientHub.Notifications.Domain;

/// <summary>Which message tells of a step on a channel. A digest tells of several; the key (step, channel) refuses the double that a defect might make.</summary>
public sealed class MessageStep
{
    public required Guid StepId { get; init; }
    public required Channel Channel { get; init; }

    /// <summary>Moves on only while no provider has taken that message.</summary>
    public required Guid MessageId { get; set; }
}
