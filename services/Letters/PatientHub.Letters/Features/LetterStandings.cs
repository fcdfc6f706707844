using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using PatientHub.Calendar;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Letters.Features;

/// <summary><c>POST /internal/letters/standing</c>: the last look before a reminder or a print (design section 2).</summary>
public static class LetterStandings
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/letters/standing", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.StandingRead));

    private static async Task<Results<Ok<List<LetterStanding>>, ProblemHttpResult>> HandleAsync(LetterStandingQuery query, LettersDbContext db, TimeProvider time, CancellationToken ct)
    {
        var today = LondonTime.DateOf(time.GetUtcNow());
        if (!IdList.TryRead(query.LetterIds, out var ids, out var refusal)) return refusal;
        var rows = await (
            from letter in db.Letters.AsNoTracking()
            join version in db.Versions.AsNoTracking() on new { letter.LetterId, Version = letter.CurrentVersion } equals new { version.LetterId, version.Version }
            where ids.Contains(letter.LetterId)
            select new LetterStanding
            {
                LetterId = letter.LetterId,
                PatientId = letter.PatientId,
                LetterVersion = version.Version,
                Opened = version.OpenedAt != null,
                Withdrawn = letter.Status != LetterStatus.Current,
                Readable = letter.Status == LetterStatus.Current && letter.ShownUntil >= today
                    && !db.Appointments.Any(a => a.AppointmentId == (letter.AppointmentId ?? letter.AboutAppointmentId) && a.ClinicMode == Appointments.Contracts.ClinicMode.Hidden),
                AppointmentId = version.AppointmentId,
                Revision = version.Revision,
            }).ToListAsync(ct);
        return TypedResults.Ok(rows);
    }
}
