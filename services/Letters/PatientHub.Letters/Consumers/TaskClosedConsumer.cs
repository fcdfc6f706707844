using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Features;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Letters.Consumers;

/// <summary>A9: nobody answered three calls about another time; the appointment stays booked, and the patient is told by message (Notifications) and by letter.</summary>
public sealed class TaskClosedConsumer(LettersDbContext db, ApplyAppointment apply, Notices notices, DatabaseClock clock) : IConsumer<TaskClosed>
{
    public async Task Consume(ConsumeContext<TaskClosed> context)
    {
        var (closed, ct) = (context.Message, context.CancellationToken);
        if (closed is not { Code: TaskCodes.Rebook, Outcome: "not-reached", Appointment: { PasStatus: PasStatus.Booked } state } || state.ClinicMode == ClinicMode.Hidden) return;
        await apply.HandleAsync(state, closed.OccurredAt, ct);
        var (copy, now) = (await db.Appointments.FindAsync([state.AppointmentId], ct), await clock.UtcNowAsync(ct));
        if (copy is null || copy.Revision != state.Revision || copy.PasStatus != PasStatus.Booked || copy.Start <= now) return;
        await notices.WantAsync(NoticeKind.NotReached, copy, closed.TaskId, 0, now, now, ct);
    }
}
