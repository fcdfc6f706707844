using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Notifications.Features;

/// <summary><c>POST /internal/appointments/known</c>: what Notifications has heard of appointments, and whether it has invited, for the nightly count (checklist 128).</summary>
internal static class ListKnownAppointments
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/appointments/known", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.StandingRead));

    private static async Task<Results<Ok<List<KnownAppointment>>, ProblemHttpResult>> HandleAsync(KnownAppointmentsQuery query, NotificationsDbContext db, CancellationToken ct)
    {
        if (!IdList.TryRead(query.AppointmentIds, out var ids, out var refusal)) return refusal;
        var known = await db.Appointments.AsNoTracking().Where(a => ids.Contains(a.AppointmentId)).Select(a => new { a.AppointmentId, a.Version, a.Revision, a.PasStatus }).ToListAsync(ct);
        var invitations = (await db.Steps.AsNoTracking().Where(s => s.Kind == JourneyKind.Invitation && s.Step == 0 && s.AppointmentId != null && ids.Contains(s.AppointmentId.Value))
            .Select(s => new { s.AppointmentId, s.Revision, s.AcceptedAt, s.State }).ToListAsync(ct)).ToLookup(s => (s.AppointmentId!.Value, s.Revision));
        return TypedResults.Ok(known.ConvertAll(a => new KnownAppointment
        {
            AppointmentId = a.AppointmentId,
            Version = a.Version,
            Revision = a.Revision,
            PasStatus = a.PasStatus,
            Telling = invitations[(a.AppointmentId, a.Revision)].Select(s => Progress(s.AcceptedAt, s.State)).DefaultIfEmpty().Max(),
        }));
    }

    // An invitation that is late is no fault by itself: the letter goes all the same (R3).
    private static TellingProgress Progress(DateTimeOffset? acceptedAt, StepState state) =>
        acceptedAt is not null ? TellingProgress.Invited : state is StepState.Open or StepState.Sending ? TellingProgress.Waiting : TellingProgress.None;
}
