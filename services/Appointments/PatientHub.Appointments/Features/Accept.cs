using System.Security.Claims;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Features;

/// <summary><c>POST /api/me/appointments/{id}/accept</c> (R19, A3, A7, A21): names the letter and the version that the page showed.</summary>
internal static class Accept
{
    public static void Map(IEndpointRouteBuilder me) => me.MapPost("/appointments/{id:guid}/accept", HandleAsync);

    private static Task<IResult> HandleAsync(Guid id, AcceptAppointment body, ClaimsPrincipal user, Answering answering, IOutbox outbox, CancellationToken ct) =>
        answering.HandleAsync("accepted", id, user,
            (view, now) =>
            {
                var answer = view.Appointment.Accept(body.Revision, body.Version, body.LetterId, body.LetterVersion, view.Clinic, view.Letter, now);
                // A new time accepted after "please another time": the desk need not call any more.
                if (answer.Changed && view.Task?.IsOpen == true) view.Task.Close(Domain.TaskOutcome.Done, "patient", now);
                return answer;
            },
            (view, now) => outbox.Add(new AppointmentAccepted { Appointment = view.State(now), OccurredAt = now }),
            ct, body.LetterId, body.LetterVersion);
}
