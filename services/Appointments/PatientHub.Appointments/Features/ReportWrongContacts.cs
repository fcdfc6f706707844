using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Calendar;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;
using Report = PatientHub.Appointments.Contracts.Http.ReportWrongContacts;

namespace PatientHub.Appointments.Features;

/// <summary>
/// <c>POST /api/me/contact-corrections</c> (R29): "these details are wrong" is a task for the hospital, never an edit: who can write a mobile number can sign in as anyone (A34).
/// <c>GET</c> says whether one waits.
/// </summary>
internal static class ReportWrongContacts
{
    public const int MaxOpen = 5;

    public static void Map(IEndpointRouteBuilder me)
    {
        me.MapPost("/contact-corrections", ReportAsync);
        me.MapGet("/contact-corrections", ShowAsync);
    }

    private static async Task<IResult> ReportAsync(Report body, ClaimsPrincipal user, AppointmentsDbContext db, DatabaseClock clock, IOptions<TrustOptions> trust, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(body.Words)) return Problems.Of(StatusCodes.Status400BadRequest, "no-words", "Say what is wrong.");
        if (!Words.AreTaken(body.Words)) return Words.Refused();
        var owner = await Patients.SurvivorAsync(db, user.PatientId(), ct);
        var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));

        // The same words on the same day are one report: pressing twice changes nothing.
        var id = TaskIds.ForContent($"contact-correction:{owner}:{LondonTime.DateOf(now):O}:{body.Words}");
        return await Retry.OnConflictAsync<IResult>(db, async () =>
        {
            if (await db.Tasks.AnyAsync(t => t.Id == id, ct)) return TypedResults.NoContent();
            if (await Open(db, owner).CountAsync(ct) >= MaxOpen)
                return Problems.Of(StatusCodes.Status409Conflict, "too-many-open", "We are still working on what you told us before. Phone us.", ("phone", trust.Value.BookingPhone));
            db.Tasks.Add(new DeskTask(id, TaskCodes.ContactDoubtful, owner, "The patient says that details on record are wrong. Check with the patient before changing them.", now) { Reason = body.Words });
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        });
    }

    private static async Task<MyContactCorrections> ShowAsync(ClaimsPrincipal user, AppointmentsDbContext db, CancellationToken ct)
    {
        var owner = await Patients.SurvivorAsync(db, user.PatientId(), ct);
        var open = await Open(db, owner).AsNoTracking().OrderByDescending(t => t.RaisedAt).Select(t => new { t.RaisedAt, t.CallBackBy }).ToListAsync(ct);
        return new MyContactCorrections { Open = open.Count, ReportedAt = open.FirstOrDefault()?.RaisedAt, AnswerBy = open.FirstOrDefault()?.CallBackBy };
    }

    // Those with the patient's own words: a "not for me" of somebody else (A32) is not the patient's business.
    private static IQueryable<DeskTask> Open(AppointmentsDbContext db, Guid owner) => db.Tasks.Where(t =>
        t.PatientId == owner && t.Code == TaskCodes.ContactDoubtful && t.Reason != null && (t.Status == DeskTaskStatus.Requested || t.Status == DeskTaskStatus.InProgress));
}
