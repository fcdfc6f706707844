using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Features;

namespace PatientHub.Letters.Consumers;

/// <summary>R2: what a campaign books, in batches.</summary>
public sealed class AppointmentBookedConsumer(ApplyAppointment apply) : IConsumer<Batch<AppointmentBooked>>
{
    public Task Consume(ConsumeContext<Batch<AppointmentBooked>> context) => apply.HandleAsync(
        [.. context.Message.Select(message => (message.Message.Appointment, message.Message.OccurredAt))], context.CancellationToken);
}
