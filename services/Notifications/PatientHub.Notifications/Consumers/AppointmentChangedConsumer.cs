using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>A15, A23: a change in the sense of A15 is told at once; the journey of the new revision begins with its letter.</summary>
internal sealed class AppointmentChangedConsumer(NotificationsDbContext db, JourneyReview review, DatabaseClock clock) : IConsumer<AppointmentChanged>
{
    public async Task Consume(ConsumeContext<AppointmentChanged> context)
    {
        var (change, ct) = (context.Message, context.CancellationToken);
        var state = change.Appointment;
        await db.LockPatientsAsync([state.PatientId], ct);
        await db.UpsertAppointmentsAsync([state], ct);

        var now = await clock.UtcNowAsync(ct);
        if (change.RevisionRaised && state.PasStatus == PasStatus.Booked && state.ClinicMode != ClinicMode.Hidden && state.Start > now)
        {
            await review.InsertAsync([HospitalNews.Step(JourneyKind.Moved, state, now, previousStart: change.PreviousStart)], ct);
        }

        await review.RunAsync([state.PatientId], ct);
    }
}
