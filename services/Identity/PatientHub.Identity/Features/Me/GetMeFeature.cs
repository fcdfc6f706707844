using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.Me;

/// <summary><c>GET /api/me</c>: who is signed in, with the contacts on record masked in part (R29).</summary>
public static class GetMeFeature
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/me", HandleAsync).RequireAuthorization(Policies.Patient);

    private static async Task<IResult> HandleAsync(ClaimsPrincipal user, IdentityDbContext db, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var id = user.PatientId();
        if (await db.Patients.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, ct) is not { MaySignIn: true } patient) return Problems.NotFound();
        return TypedResults.Ok(Of(patient, time.GetUtcNow()));
    }

    internal static Contracts.Http.Me Of(Patient patient, DateTimeOffset now) => new()
    {
        PatientId = patient.Id,
        FullName = patient.FullName,
        FirstName = patient.FirstName,
        LinkHash = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(patient.LinkToken))),
        MaskedMobiles = [.. Current(patient, ContactKind.Mobile, now).Select(Masked.Mobile)],
        MaskedEmails = [.. Current(patient, ContactKind.Email, now).Select(Masked.Email)],
        MaskedAddress = Masked.Address(PostalAddress.Choose(patient.Addresses, now)),
    };

    // A failed contact is still on record: its owner should see it and have it corrected.
    private static IEnumerable<string> Current(Patient patient, ContactKind kind, DateTimeOffset now) =>
        patient.Contacts.Where(c => c.Kind == kind && c.IsCurrent(now)).OrderBy(c => c.Rank ?? int.MaxValue).ThenBy(c => c.Position).Select(c => c.Value);
}
