using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.Contacts;

/// <summary>
/// <c>POST /internal/patients/standing</c>: whether a record may still be signed in to, and whether through a parent. No event tells of a 16th birthday (A31), so
/// whoever serves something without a session asks. No contact and no name is in it. At most 500 ids.
/// </summary>
public static class QueryStandingFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/patients/standing", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.StandingRead));

    private static async Task<IResult> HandleAsync(PatientQuery query, IdentityDbContext db, TimeProvider time, CancellationToken ct)
    {
        if (!IdList.TryRead(query.PatientIds, out var ids, out var refusal)) return refusal;
        var answers = await Survivors.OfAsync(db, ids, ct);
        var now = time.GetUtcNow();
        return TypedResults.Ok(answers.Select(answer => new PatientStanding { PatientId = answer.Asked, MaySignIn = answer.Patient.MaySignIn && !answer.Patient.IsHiddenFromParents(now), ThroughParent = answer.Patient.IsChild(now) }).ToList());
    }
}
