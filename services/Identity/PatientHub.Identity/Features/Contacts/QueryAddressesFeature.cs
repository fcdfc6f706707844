using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;
using Patient = PatientHub.Identity.Domain.Patient;

namespace PatientHub.Identity.Features.Contacts;

/// <summary><c>POST /internal/addresses</c>: where to post to, asked at the moment of printing. At most 500 ids.</summary>
public static class QueryAddressesFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/addresses", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.AddressesRead));

    private static async Task<IResult> HandleAsync(PatientQuery query, IdentityDbContext db, SharedContacts shared, AddressIds addresses, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        if (!IdList.TryRead(query.PatientIds, out var ids, out var refusal)) return refusal;
        http.Response.Headers.CacheControl = "no-store";
        var answers = await Survivors.OfAsync(db, ids, ct);
        var ambiguous = await shared.AmongAsync([.. answers.Select(answer => answer.Patient.Id)], ct);
        var now = time.GetUtcNow();
        return TypedResults.Ok(answers.Select(answer =>
        {
            var patient = answer.Patient;
            var chosen = PostalAddress.Choose(patient.Addresses, now);
            return new PatientAddress
            {
                PatientId = answer.Asked,
                MayPrint = patient.MayBeSentTo && !patient.IsHiddenFromParents(now),
                Lines = chosen is { ReturnedAt: not null } ? [] : AddressLines.For(patient, now),
                AddressId = chosen is null ? null : addresses.Of(patient.Id, chosen),
                Returned = chosen is { ReturnedAt: not null },
                FullName = patient.FullName,
                ToParent = patient.IsChild(now),
                NhsNumber = patient is { NhsNumberVerified: true, NhsNumber: { } number } ? $"{number[..3]} {number[3..6]} {number[6..]}" : null,
                Format = FormatOf(patient),
                Uvc = ambiguous.Contains(patient.Id) ? patient.Uvc : null,
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
