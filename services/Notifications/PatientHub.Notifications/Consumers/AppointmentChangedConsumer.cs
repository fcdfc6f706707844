using MassTransit;
using Microsoft.EntityFrameworkCore;
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
        var former = await db.Appointments.Where(a => a.AppointmentId == state.AppointmentId).Select(a => (Guid?)a.PatientId).SingleOrDefaultAsync(ct);
        await db.UpsertAppointmentsAsync([state], ct);
        if (!change.RevisionRaised) await FollowAsync(state, former, ct);

        var now = await clock.UtcNowAsync(ct);
        if (change.RevisionRaised && state.PasStatus == PasStatus.Booked && state.ClinicMode != ClinicMode.Hidden && state.Start > now)
        {
            await review.InsertAsync([HospitalNews.Step(JourneyKind.Moved, state, now, previousStart: change.PreviousStart)], ct);
        }

        await review.RunAsync([state.PatientId], ct);
    }

    /// <summary>A30: after a merge that was taken back, what was sent for the appointment, and what waits, belongs to its patient again. Steps and messages have no index by appointment: they are searched only then.</summary>
    private async Task FollowAsync(AppointmentState state, Guid? former, CancellationToken ct)
    {
        var letters = await db.Database.ExecuteSqlAsync($"update letter set patient_id = {state.PatientId} where appointment_id = {state.AppointmentId} and patient_id <> {state.PatientId}", ct);
        if (letters == 0 && (former is null || former == state.PatientId)) return;
        var moved = await db.Database.ExecuteSqlAsync($"update journey_step set patient_id = {state.PatientId} where appointment_id = {state.AppointmentId} and patient_id <> {state.PatientId}", ct);
        if (moved == 0) return;
        // A message about both patients' things stays where it is: a person looks at it.
        await db.Database.ExecuteSqlAsync($"""
            update message m set patient_id = {state.PatientId}
            where m.patient_id <> {state.PatientId}
              and exists (select from message_step told join journey_step s on s.id = told.step_id where told.message_id = m.id and s.appointment_id = {state.AppointmentId})
              and not exists (select from message_step told join journey_step s on s.id = told.step_id where told.message_id = m.id and s.patient_id <> {state.PatientId})
            """, ct);
    }
}
