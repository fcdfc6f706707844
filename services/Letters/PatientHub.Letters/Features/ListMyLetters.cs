using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using PatientHub.Calendar;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Letters.Features;

/// <summary><c>GET /api/me/letters</c>: the patient's letters of 24 months, newest first (R10, R26). Listing opens nothing (A27).</summary>
public static class ListMyLetters
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/me/letters", HandleAsync).RequireAuthorization(Policies.Patient);

    private static async Task<Ok<List<MyLetter>>> HandleAsync(ClaimsPrincipal user, HttpContext http, LettersDbContext db, TimeProvider time, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var rows = await ShownTo(db, user.PatientId(), time)
            .OrderByDescending(r => r.Letter.LetterDate).ThenByDescending(r => r.Version.CreatedAt)
            .Take(1000).ToListAsync(ct);
        return TypedResults.Ok(rows.ConvertAll(r => Describe(r.Letter, r.Version)));
    }

    /// <summary>The one filter for everything a patient may see: theirs, current, within 24 months, not of a hidden clinic (R1).</summary>
    internal static IQueryable<ShownLetter> ShownTo(LettersDbContext db, Guid patientId, TimeProvider time)
    {
        var today = LondonTime.DateOf(time.GetUtcNow());
        return
            from letter in db.Letters.AsNoTracking()
            join version in db.Versions.AsNoTracking() on new { letter.LetterId, Version = letter.CurrentVersion } equals new { version.LetterId, version.Version }
            where letter.PatientId == patientId && letter.Status == LetterStatus.Current && letter.ShownUntil >= today
                && !db.Appointments.Any(a => a.AppointmentId == (letter.AppointmentId ?? letter.AboutAppointmentId) && a.ClinicMode == Appointments.Contracts.ClinicMode.Hidden)
            select new ShownLetter { Letter = letter, Version = version };
    }

    internal static MyLetter Describe(Letter letter, LetterVersion version) => new()
    {
        LetterId = letter.LetterId,
        Title = letter.Title,
        LetterDate = version.LetterDate,
        LetterVersion = version.Version,
        AppointmentId = letter.AppointmentId,
        Revision = version.Revision,
        Opened = version.OpenedAt is not null,
        HasHtml = version.PdfBytes is null,
        PdfBytes = version.PdfBytes,
    };
}

/// <summary>A letter with its current version.</summary>
internal sealed class ShownLetter
{
    public required Letter Letter { get; init; }
    public required LetterVersion Version { get; init; }
}
