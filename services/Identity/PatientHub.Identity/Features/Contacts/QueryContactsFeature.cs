using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.Contacts;

/// <summary><c>POST /internal/contacts</c>: where to send, asked at the moment of sending (design: personal data stays where it lives). At most 500 ids.</summary>
public static class QueryContactsFeature
{
    internal const int MostIds = 500;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/contacts", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.ContactsRead));

    private static async Task<IResult> HandleAsync(PatientQuery query, IdentityDbContext db, SharedContacts shared, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        if (query.PatientIds.Count > MostIds) return TooMany();
        http.Response.Headers.CacheControl = "no-store";
        var ids = query.PatientIds.Distinct().ToArray();
        var patients = await db.Patients.AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync(ct);
        var ambiguous = await shared.AmongAsync(ids, ct);
        var now = time.GetUtcNow();
        return TypedResults.Ok(patients.Select(p => new PatientHub.Identity.Contracts.Http.PatientContact
        {
            PatientId = p.Id,
            MaySend = p.MayBeSentTo,
            LettersOnly = p.EverythingByPost,
            FirstName = p.FirstName,
            ThroughParent = p.IsChild(now),
            Mobile = p.NotifiableContacts(ContactKind.Mobile, now).FirstOrDefault()?.Value,
            Email = p.NotifiableContacts(ContactKind.Email, now).FirstOrDefault()?.Value,
            Language = p.Language,
            LinkToken = p.LinkToken,
            Uvc = ambiguous.Contains(p.Id) ? p.Uvc : null,
        }).ToList());
    }

    internal static IResult TooMany() => Problems.Of(StatusCodes.Status400BadRequest, "too-many-ids", "Ask for at most 500 patients at once.");
}
