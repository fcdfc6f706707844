using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;

namespace PatientHub.Appointments.Features;

/// <summary><c>PUT /fhir/Location/{id}</c>: a site. A new address is read by whoever asks next; it makes no new revision of appointments (A15: the place is the Location itself).</summary>
internal static class PutLocation
{
    public static void Map(IEndpointRouteBuilder fhir) => fhir.MapPut("/Location/{id}", HandleAsync);

    private static async Task<IResult> HandleAsync(FhirInput<Location> input, SourceIds ids, AppointmentsDbContext db, CancellationToken ct) => await TakeAsync(input, ids, db, ct);

    internal static async Task<FhirResult> TakeAsync(FhirInput<Location> input, SourceIds ids, AppointmentsDbContext db, CancellationToken ct)
    {
        if (input.Refused(out var problem)) return problem;
        var id = ids.Site(input.SourceSystem, input.SourceId);
        var version = FhirMapping.Micro(input.Version);
        var (name, address, latitude, longitude) = FhirMapping.ToSite(input.Resource);
        return await Retry.OnConflictAsync(db, async () =>
        {
            var site = await db.Sites.SingleOrDefaultAsync(s => s.Id == id, ct);
            if (version < site?.SourceVersion) return FhirResult.Older("Location");
            var created = site?.SourceVersion is null;
            if (site is null) db.Add(site = new Site(id, input.SourceSystem, input.SourceId));
            site.Take(name, address, latitude, longitude, version);
            await db.SaveChangesAsync(ct);
            return address.Length > 0
                ? FhirResult.Taken(created)
                : FhirResult.Taken(created, FhirIssue.Warning(OperationOutcome.IssueType.Incomplete, "Location.address", "Without an address patients get no directions."));
        });
    }
}
