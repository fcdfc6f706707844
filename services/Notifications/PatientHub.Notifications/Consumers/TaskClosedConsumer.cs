using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>A9: three calls, nobody answered: a rebook request ends, the appointment stays booked, and the patient is told.</summary>
internal sealed class TaskClosedConsumer(NotificationsDbContext db, JourneyReview review, DatabaseClock clock) : IConsumer<TaskClosed>
{
    public async Task Consume(ConsumeContext<TaskClosed> context)
    {
        var (closed, ct) = (context.Message, context.CancellationToken);
        if (closed.Appointment is not { } state) return;
        await db.LockPatientsAsync([state.PatientId], ct);
        await db.UpsertAppointmentsAsync([state], ct);

        var now = await clock.UtcNowAsync(ct);
        if (closed is { Code: TaskCodes.Rebook, Outcome: "not-reached" } && state.PasStatus == PasStatus.Booked && state.Start > now)
        {
            await review.InsertAsync([HospitalNews.Step(JourneyKind.NotReached, state, now, subjectId: closed.TaskId)], ct);
        }

        await review.RunAsync([state.PatientId], ct);
    }
}
