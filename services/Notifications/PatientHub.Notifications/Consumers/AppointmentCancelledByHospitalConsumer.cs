using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>A23: the patient must not come.</summary>
internal sealed class AppointmentCancelledByHospitalConsumer(NotificationsDbContext db, JourneyReview review, DatabaseClock clock) : IConsumer<AppointmentCancelledByHospital>
{
    public async Task Consume(ConsumeContext<AppointmentCancelledByHospital> context)
    {
        var (cancelled, ct) = (context.Message, context.CancellationToken);
        var state = cancelled.Appointment;
        await db.LockPatientsAsync([state.PatientId], ct);
        await db.UpsertAppointmentsAsync([state], ct);

        var now = await clock.UtcNowAsync(ct);
        if (state.PasStatus == PasStatus.Cancelled && state.ClinicMode != ClinicMode.Hidden && state.Start > now)
        {
            await review.InsertAsync([HospitalNews.Step(JourneyKind.Cancelled, state, now, askedByPatient: cancelled.AskedByPatient)], ct);
        }

        await review.RunAsync([state.PatientId], ct);
    }
}
