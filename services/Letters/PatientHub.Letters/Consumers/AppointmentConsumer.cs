using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Features;

namespace PatientHub.Letters.Consumers;

/// <summary>
/// Every event that can change what a letter must say. They carry the same state and share one queue, so that they do not overtake each other needlessly; only the one that
/// comes in thousands has its own (<see cref="AppointmentBookedConsumer"/>).
/// </summary>
public sealed class AppointmentConsumer(ApplyAppointment apply) :
    IConsumer<AppointmentChanged>, IConsumer<AppointmentCancelledByHospital>, IConsumer<AppointmentCompleted>
{
    public Task Consume(ConsumeContext<AppointmentChanged> context) =>
        apply.HandleAsync(context.Message.Appointment, context.Message.OccurredAt, context.CancellationToken);

    public Task Consume(ConsumeContext<AppointmentCancelledByHospital> context) =>
        apply.HandleAsync(context.Message.Appointment, context.Message.OccurredAt, context.CancellationToken);

    public Task Consume(ConsumeContext<AppointmentCompleted> context) =>
        apply.HandleAsync(context.Message.Appointment, context.Message.OccurredAt, context.CancellationToken);
}
