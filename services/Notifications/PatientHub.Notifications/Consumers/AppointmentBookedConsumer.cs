using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>R2: the hot one of a campaign, in batches.</summary>
internal sealed class AppointmentBookedConsumer(NotificationsDbContext db, JourneyReview review) : IConsumer<Batch<AppointmentBooked>>
{
    public async Task Consume(ConsumeContext<Batch<AppointmentBooked>> context)
    {
        var states = context.Message.Select(m => m.Message.Appointment).ToList();
        var patients = states.Select(s => s.PatientId).ToList();
        await db.LockPatientsAsync(patients, context.CancellationToken);
        await db.UpsertAppointmentsAsync(states, context.CancellationToken);
        await review.RunAsync(patients, context.CancellationToken);
    }
}
