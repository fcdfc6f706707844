using Microsoft.EntityFrameworkCore;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Notifications.Features;

/// <summary><c>GET /api/patients/{patientId}/texts</c> (scope trust.admin): what the patient answered to our texts, newest first, 100 at most.</summary>
internal static class ReadTextsOfPatient
{
    private const int Most = 100;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/api/patients/{patientId:guid}/texts", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));

    private static async Task<IResult> HandleAsync(Guid patientId, NotificationsDbContext db, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(await Of(db, patientId).ToListAsync(ct));
    }

    /// <summary>For the desk, too, which shows them beside what was sent.</summary>
    public static IQueryable<PatientText> Of(NotificationsDbContext db, Guid patientId) =>
        db.TextsFromPatients.AsNoTracking().Where(t => t.PatientId == patientId && t.Kind == TextKind.Reply).OrderByDescending(t => t.ReceivedAt).Take(Most)
            .Select(t => new PatientText { ReceivedAt = t.ReceivedAt, Body = t.Body!, Answered = t.AnsweredAt != null });
}
