using System.Security.Claims;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Features;

/// <summary><c>POST /api/me/appointments/{id}/withdraw</c> (A10): takes a request back until an agent has claimed it.</summary>
internal static class Withdraw
{
    public static void Map(IEndpointRouteBuilder me) => me.MapPost("/appointments/{id:guid}/withdraw", HandleAsync);

    private static Task<IResult> HandleAsync(Guid id, WithdrawRequest body, ClaimsPrincipal user, Answering answering, IOutbox outbox, CancellationToken ct) =>
        answering.HandleAsync("request-withdrawn", id, user,
            (view, now) =>
            {
                var answer = view.Appointment.Withdraw(body.Revision, body.Version, view.Task);
                if (answer.Changed) view.Task!.Withdraw(now);
                return answer;
            },
            (view, now) => outbox.Add(new RequestWithdrawn { Appointment = view.State(now), OccurredAt = now }),
            ct);
}
