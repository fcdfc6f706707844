using System.Security.Claims;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Features;

/// <summary><c>POST /api/me/appointments/{id}/rebook</c> (R19, R22): a task for the booking centre, in the same transaction.</summary>
internal static class Rebook
{
    public static void Map(IEndpointRouteBuilder me) => me.MapPost("/appointments/{id:guid}/rebook", HandleAsync);

    private static async Task<IResult> HandleAsync(
        Guid id, RequestRebook body, ClaimsPrincipal user, Answering answering, AppointmentsDbContext db, IOutbox outbox, CancellationToken ct)
    {
        if (!Words.AreTaken(body.UnsuitableTimes) || !Words.AreTaken(body.HowToReach)) return Words.Refused();
        var taskId = Guid.CreateVersion7();
        return await answering.HandleAsync("rebook-requested", id, user,
            (view, now) => view.Appointment.AskToRebook(body.Revision, body.Version, taskId, view.Clinic, now),
            (view, now) =>
            {
                db.Tasks.Add(new DeskTask(taskId, TaskCodes.Rebook, view.Appointment.PatientId, "Call the patient about another time.", now)
                {
                    AppointmentId = id,
                    UnsuitableTimes = body.UnsuitableTimes,
                    HowToReach = body.HowToReach,
                });
                outbox.Add(new RebookRequested { Appointment = view.State(now), TaskId = taskId, OccurredAt = now });
            },
            ct);
    }
}
