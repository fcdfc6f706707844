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
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/contacts", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.ContactsRead));

    private static async Task<IResult> HandleAsync(PatientQuery query, IdentityDbContext db, SharedContacts shared, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        if (!IdList.TryRead(query.PatientIds, out var ids, out var refusal)) return refusal;
        http.Response.Headers.CacheControl = "no-store";
        var answers = await Survivors.OfAsync(db, ids, ct);
        var ambiguous = await shared.AmongAsync([.. answers.Select(answer => answer.Patient.Id)], ct);
        var now = time.GetUtcNow();
        return TypedResults.Ok(answers.Select(answer => new PatientHub.Identity.Contracts.Http.PatientContact
        {
            PatientId = answer.Asked,
            MaySend = answer.Patient.MayBeSentTo && !answer.Patient.IsHiddenFromParents(now),
            LettersOnly = answer.Patient.EverythingByPost,
            FirstName = answer.Patient.FirstName,
            ThroughParent = answer.Patient.IsChild(now),
            Mobile = answer.Patient.NotifiableContacts(ContactKind.Mobile, now).FirstOrDefault()?.Value,
            Email = answer.Patient.NotifiableContacts(ContactKind.Email, now).FirstOrDefault()?.Value,
            Language = answer.Patient.Language,
            LinkToken = answer.Patient.LinkToken,
            Uvc = ambiguous.Contains(answer.Patient.Id) ? answer.Patient.Uvc : null,
        }).ToList());
    }
}
