using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.ServiceDefaults.Auth;
using Patient = PatientHub.Identity.Domain.Patient;

namespace PatientHub.Identity.Features.Contacts;

/// <summary><c>POST /internal/addresses</c>: where to post to, asked at the moment of printing. At most 500 ids.</summary>
public static class QueryAddressesFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/addresses", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.AddressesRead));

    private static async Task<IResult> HandleAsync(PatientQuery query, IdentityDbContext db, SharedContacts shared, AddressIds addresses, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        if (query.PatientIds.Count > QueryContactsFeature.MostIds) return QueryContactsFeature.TooMany();
        http.Response.Headers.CacheControl = "no-store";
        var ids = query.PatientIds.Distinct().ToArray();
        var answers = await Survivors.OfAsync(db, ids, ct);
        var ambiguous = await shared.AmongAsync([.. answers.Select(answer => answer.Patient.Id)], ct);
        var now = time.GetUtcNow();
        return TypedResults.Ok(answers.Select(answer =>
        {
            var p = answer.Patient;
            var chosen = PostalAddress.Choose(p.Addresses, now);
            return new PatientAddress
            {
                PatientId = answer.Asked,
                MayPrint = p.MayBeSentTo && !p.IsHiddenFromParents(now),
                Lines = chosen is { ReturnedAt: not null } ? [] : AddressLines.For(p, now),
                AddressId = chosen is null ? null : addresses.Of(p.Id, chosen),
                Returned = chosen is { ReturnedAt: not null },
                FullName = p.FullName,
                ToParent = p.IsChild(now),
                NhsNumber = p is { NhsNumberVerified: true, NhsNumber: { } number } ? $"{number[..3]} {number[3..6]} {number[6..]}" : null,
                Format = FormatOf(p),
                Uvc = ambiguous.Contains(p.Id) ? p.Uvc : null,
            };
        }).ToList());
    }

    private static PrintFormat FormatOf(Patient patient) => patient.Format switch
    {
        WrittenFormat.LargePrint => PrintFormat.LargePrint,
        WrittenFormat.NotPlainPrint => PrintFormat.NotPlainPrint,
        _ => PrintFormat.Standard,
    };
}
