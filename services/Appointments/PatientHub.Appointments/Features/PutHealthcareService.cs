using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;

namespace PatientHub.Appointments.Features;

/// <summary><c>PUT /fhir/HealthcareService/{id}</c>: a clinic. Its mode and all that FHIR has no field for are the trust's settings (<see cref="PutClinicSettings"/>).</summary>
internal static class PutHealthcareService
{
    public static void Map(IEndpointRouteBuilder fhir) => fhir.MapPut("/HealthcareService/{id}", HandleAsync);

    private static async Task<IResult> HandleAsync(FhirInput<HealthcareService> input, SourceIds ids, AppointmentsDbContext db, CancellationToken ct) => await TakeAsync(input, ids, db, ct);

    internal static async Task<FhirResult> TakeAsync(FhirInput<HealthcareService> input, SourceIds ids, AppointmentsDbContext db, CancellationToken ct)
    {
        if (input.Refused(out var problem)) return problem;
        var (resource, system) = (input.Resource, input.SourceSystem);
        var id = ids.Clinic(system, input.SourceId);
        var version = FhirMapping.Micro(input.Version);
        var name = string.IsNullOrWhiteSpace(resource.Name) ? "Clinic" : resource.Name.Trim();
        var phone = resource.Telecom.FirstOrDefault(t => t.System == ContactPoint.ContactPointSystem.Phone && t.Use != ContactPoint.ContactPointUse.Old)?.Value?.Trim();
        Guid? siteId = ReferenceTo.TryGet(resource.Location.FirstOrDefault(), "Location", out var site) ? ids.Site(system, site) : null;
        List<FhirIssue> warnings = [];
        if (phone is null) warnings.Add(FhirIssue.Warning(OperationOutcome.IssueType.Incomplete, "HealthcareService.telecom", "No phone: patients are given the trust's booking number."));
        return await Retry.OnConflictAsync(db, async () =>
        {
            var clinic = await db.Clinics.SingleOrDefaultAsync(c => c.Id == id, ct);
            if (version < clinic?.SourceVersion) return FhirResult.Older("HealthcareService");
            var created = clinic?.SourceVersion is null;
            if (clinic is null) db.Add(clinic = new Clinic(id, system, input.SourceId, name));
            clinic.Take(name.Length > 200 ? name[..200] : name, phone, siteId, version);
            await db.SaveChangesAsync(ct);
            return FhirResult.Taken(created, warnings);
        });
    }
}
