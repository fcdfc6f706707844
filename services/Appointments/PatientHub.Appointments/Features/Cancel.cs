using System.Security.Claims;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Features;

/// <summary><c>POST /api/me/appointments/{id}/cancel</c> (R19, R23, A8): "ask to cancel"; the appointment stays booked until the hospital has confirmed it.</summary>
internal static class Cancel
{
    public static void Map(IEndpointRouteBuilder me) => me.MapPost("/appointments/{id:guid}/cancel", HandleAsync);

    private static async Task<IResult> HandleAsync(
        Guid id, RequestCancellation body, ClaimsPrincipal user, Answering answering, AppointmentsDbContext db, IOutbox outbox, CancellationToken ct)
    {
        if (!Words.AreTaken(body.Reason) || !Words.AreTaken(body.HowToReach)) return Words.Refused();
        var taskId = Guid.CreateVersion7();
        return await answering.HandleAsync("cancellation-requested", id, user,
            (view, now) => view.Appointment.AskToCancel(body.Revision, body.Version, taskId, view.Clinic, now),
            (view, now) =>
            {
                db.Tasks.Add(new DeskTask(taskId, TaskCodes.Cancel, view.Appointment.PatientId, "Cancel the appointment in the PAS after calling the patient.", now)
                {
                    AppointmentId = id,
                    Reason = body.Reason,
                    HowToReach = body.HowToReach,
                });
                outbox.Add(new CancellationRequested { Appointment = view.State(now), TaskId = taskId, OccurredAt = now });
            },
            ct);
    }
}
