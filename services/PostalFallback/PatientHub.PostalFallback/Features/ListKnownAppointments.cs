using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;
using PatientHub.PostalFallback.Workers;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.PostalFallback.Features;

/// <summary><c>POST /internal/appointments/known</c>: what PostalFallback has heard of appointments, and what became of their letters, for the nightly count (checklist 128).</summary>
internal static class ListKnownAppointments
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/appointments/known", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.StandingRead));

    private static async Task<Results<Ok<List<KnownAppointment>>, ProblemHttpResult>> HandleAsync(
        KnownAppointmentsQuery query, PostalDbContext db, DatabaseClock clock, IOptions<BatchOptions> batches, CancellationToken cancellationToken)
    {
        if (!IdList.TryRead(query.AppointmentIds, out var ids, out var refusal))
            return refusal;
        var lateBefore = LateBefore(await clock.UtcNowAsync(cancellationToken), batches.Value);
        var known = await db.Appointments.AsNoTracking().Where(row => ids.Contains(row.AppointmentId)).ToListAsync(cancellationToken);
        var deadlines = (await db.Deadlines.AsNoTracking().Where(row => row.AppointmentId != null && ids.Contains(row.AppointmentId.Value)).ToListAsync(cancellationToken))
            .ToLookup(row => (row.AppointmentId!.Value, row.Revision));
        return TypedResults.Ok(known.ConvertAll(row => new KnownAppointment
        {
            AppointmentId = row.AppointmentId,
            Version = row.Version,
            Revision = row.Revision,
            PasStatus = row.PasStatus,
            Telling = deadlines[(row.AppointmentId, row.Revision)].Select(deadline => Progress(deadline, lateBefore)).DefaultIfEmpty().Max(),
        }));
    }

    internal static TellingProgress Progress(Deadline deadline, DateTimeOffset lateBefore) => deadline.State switch
    {
        DeadlineState.Posted => TellingProgress.Posted,
        DeadlineState.Opened => TellingProgress.Opened,
        DeadlineState.HandedToPeople or DeadlineState.Rejected => TellingProgress.WithPeople,
        DeadlineState.Suspended => TellingProgress.Stopped,
        DeadlineState.Waiting or DeadlineState.Printing when deadline.AlarmedAt is not null => TellingProgress.WithPeople,
        // What was due before it was promised (A22) is late only from then on.
        DeadlineState.Waiting when (deadline.Held ? deadline.LastSafeAt : deadline.DueAt) < lateBefore && deadline.CreatedAt < lateBefore => TellingProgress.Late,
        DeadlineState.Waiting or DeadlineState.Printing => TellingProgress.Waiting,
        _ => TellingProgress.None,
    };

    // Twice the time after which an alarm is raised: by then it has been.
    private static DateTimeOffset LateBefore(DateTimeOffset now, BatchOptions batches)
    {
        var alarmed = now - (2 * batches.AlarmAfter);
        return batches.AtOnce ? alarmed : LastSafePosting.LatestCutOff(alarmed);
    }
}
