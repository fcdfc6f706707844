using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Fhir;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.Staff;

/// <summary><c>POST /internal/desk/patients/find</c>: somebody phones, and the desk needs the record. What was typed is nowhere kept; that there was a search is.</summary>
public static class FindPatientsFeature
{
    private const int Most = 20;

    public static void Map(IEndpointRouteBuilder desk) => desk.MapPost("/patients/find", HandleAsync);

    private static async Task<IResult> HandleAsync(FindPatients find, ClaimsPrincipal user, IdentityDbContext db, IOutbox outbox, DatabaseClock clock, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var standing = db.Patients.AsNoTracking().IgnoreAutoIncludes().Where(p => p.MergedInto == null);
        if (NhsNumber.TryParse(find.NhsNumber, out var number))
            standing = standing.Where(p => p.NhsNumber == number);
        else if (find is { FamilyName: { Length: > 0 and <= 200 } family, BirthDate: { } born })
            standing = standing.Where(p => p.BirthDate == born && p.FamilyName != null && p.FamilyName.ToLower() == family.Trim().ToLower());
        else
            return Problems.Of(StatusCodes.Status400BadRequest, "too-little", "Give the NHS number, or the family name and the date of birth.");

        var found = await standing.OrderBy(p => p.FullName).ThenBy(p => p.Id).Take(Most).ToListAsync(ct);
        outbox.Add(new RecordStaffAct { ActId = find.ActId, Act = StaffActs.PatientSearched, StaffId = user.Staff().Id, OccurredAt = await clock.UtcNowAsync(ct) });
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(found.Select(p => new FoundPatient { PatientId = p.Id, FullName = p.FullName, BirthDate = p.BirthDate, Postcode = p.Addresses.Select(a => a.Postcode).FirstOrDefault(code => !string.IsNullOrEmpty(code)) }).ToList());
    }
}
