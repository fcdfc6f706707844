using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Features;
using PatientHub.Appointments.Persistence;
using PatientHub.Identity.Contracts;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Consumers;

/// <summary>
/// A30: a merge was taken back. Appointments and tasks that came from the record go back to it, and each such appointment is told again with its whole state, so that whoever keeps
/// something of it gives that back too. An event that was overtaken by a newer merge moves nothing that is the survivor's own.
/// </summary>
public sealed class PatientUnmergedConsumer(AppointmentsDbContext db, IOutbox outbox, DatabaseClock clock) : IConsumer<PatientUnmerged>
{
    /// <summary>The others hear of the un-merge itself first: else they would lead the appointment to the survivor once more.</summary>
    public static readonly TimeSpan TellAfter = TimeSpan.FromSeconds(15);

    public async Task Consume(ConsumeContext<PatientUnmerged> context)
    {
        var (own, at, ct) = (context.Message.PatientId, context.Message.OccurredAt, context.CancellationToken);
        await db.Merges.Where(m => m.FromPatientId == own).ExecuteDeleteAsync(ct);
        foreach (var task in await db.Tasks.Where(t => t.MergedFrom == own).ToListAsync(ct)) task.GoesBack();
        foreach (var appointment in await db.Appointments.Where(a => a.MergedFrom == own).ToListAsync(ct))
        {
            appointment.GoesBack();
            if (!appointment.Announced) continue;
            var clinic = await db.Clinics.SingleAsync(c => c.Id == appointment.ClinicId, ct);
            outbox.Add(new AppointmentChanged { Appointment = AppointmentView.State(appointment, clinic, at), RevisionRaised = false, OccurredAt = at }, await clock.UtcNowAsync(ct) + TellAfter);
        }

        await db.SaveChangesAsync(ct);
        // Neither was switched on for what each of them shows now.
        await CalendarFeeds.EndAsync(db, [own, context.Message.FromPatientId], CalendarFeedEnd.Merged, at, ct);
    }
}
