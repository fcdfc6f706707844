using Hl7.Fhir.Model;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Fhir;
using PatientHub.Identity.Contracts;
using FhirAppointment = Hl7.Fhir.Model.Appointment;
using FhirStatus = Hl7.Fhir.Model.Appointment.AppointmentStatus;

namespace PatientHub.Appointments.Features;

/// <summary>What a resource says in our words, with what could not be used; or why it cannot be taken at all.</summary>
internal sealed record Mapped<T>(T? Value, IReadOnlyList<FhirIssue> Warnings, FhirResult? Refused)
{
    public static Mapped<T> Refuse(string element, string text) =>
        new(default, [], FhirResult.Refused(StatusCodes.Status422UnprocessableEntity, OperationOutcome.IssueType.Invariant, element, text));
}

/// <summary>The clinic that an appointment names (design: clinic and site).</summary>
internal sealed record ClinicReference(Guid Id, string SourceId, string Name);

internal sealed record AppointmentResource(PasFacts Facts, ClinicReference Clinic);

/// <summary>FHIR R4 (UK Core) Appointment to <see cref="PasFacts"/>. Reason, comment and description are never read (A25).</summary>
internal static class FhirMapping
{
    public const string DeliveryChannelExtension = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeliveryChannel";
    public const int MaxPreparation = 4000;

    public static Mapped<AppointmentResource> ToFacts(FhirInput<FhirAppointment> input, SourceIds ids)
    {
        var (resource, system) = (input.Resource, input.SourceSystem);
        var warnings = new List<FhirIssue>();

        var patients = Participants(resource, "Patient").ToArray();
        if (patients.Length != 1) return Mapped<AppointmentResource>.Refuse("Appointment.participant", "Exactly one participant must be a Patient.");
        var status = ToStatus(resource.Status!.Value);
        var start = resource.Start;
        if (start is null && status is not (PasStatus.Proposed or PasStatus.Cancelled or PasStatus.EnteredInError))
            return Mapped<AppointmentResource>.Refuse("Appointment.start", "Only proposed and cancelled appointments may be without a start (FHIR R4, app-3).");
        if (resource.End < start) return Mapped<AppointmentResource>.Refuse("Appointment.end", "The end is before the start.");
        if (start?.UtcDateTime.Year is < 1900 or > 9998) return Mapped<AppointmentResource>.Refuse("Appointment.start", "The year is not possible.");

        var locations = Participants(resource, "Location").ToArray();
        if (locations.Length > 1)
            warnings.Add(FhirIssue.Warning(OperationOutcome.IssueType.MultipleMatches, "Appointment.participant", "Several Locations: the first one is used."));
        var siteSource = locations.Length > 0 ? locations[0].Id : null;

        var preparation = resource.PatientInstruction?.Trim() is { Length: > 0 } instruction ? instruction : null;
        if (preparation?.Length > MaxPreparation)
        {
            preparation = preparation[..MaxPreparation];
            warnings.Add(FhirIssue.Warning(OperationOutcome.IssueType.TooLong, "Appointment.patientInstruction", $"Only the first {MaxPreparation} characters are used."));
        }

        var clinic = ToClinic(resource, siteSource, system, ids);
        var facts = new PasFacts
        {
            SourceVersion = Micro(input.Version),
            PatientId = ids.Patient(system, patients[0].Id),
            ClinicId = clinic.Id,
            SiteId = siteSource is null ? null : ids.Site(system, siteSource),
            Status = status,
            Start = start is { } s ? Micro(s) : null,
            End = resource.End is { } end ? Micro(end) : null,
            Medium = ToMedium(resource, warnings),
            Preparation = preparation,
            NotToParents = resource.GetExtension(FhirConventions.NotToParentsExtension)?.Value is FhirBoolean { Value: true },
            Booked = Booked(resource.Created, input.Version),
        };
        return new Mapped<AppointmentResource>(new AppointmentResource(facts, clinic), warnings, null);
    }

    private static IEnumerable<(string Id, string? Display)> Participants(FhirAppointment resource, string type)
    {
        foreach (var participant in resource.Participant)
            if (ReferenceTo.TryGet(participant.Actor, type, out var id))
                yield return (id, participant.Actor?.Display);
    }

    private static ClinicReference ToClinic(FhirAppointment resource, string? siteSource, string system, SourceIds ids)
    {
        foreach (var (id, display) in Participants(resource, "HealthcareService"))
            return new ClinicReference(ids.Clinic(system, id), id, Short(display) ?? "Clinic");

        // Without a HealthcareService the clinic is (Location, specialty). "~" stands in no FHIR id, so such a name cannot meet a real one.
        var specialty = resource.Specialty.SelectMany(s => s.Coding).FirstOrDefault();
        var source = $"{siteSource}~{specialty?.Code}";
        return new ClinicReference(ids.Clinic(system, source), source, Short(specialty?.Display) ?? "Clinic");
    }

    private static string? Short(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim() is { Length: > 200 } t ? t[..200] : text.Trim();

    private static PasStatus ToStatus(FhirStatus status) => status switch
    {
        FhirStatus.Booked => PasStatus.Booked,
        FhirStatus.Arrived or FhirStatus.CheckedIn or FhirStatus.Fulfilled => PasStatus.Fulfilled,
        FhirStatus.Cancelled => PasStatus.Cancelled,
        FhirStatus.Noshow => PasStatus.NoShow,
        FhirStatus.EnteredInError => PasStatus.EnteredInError,
        FhirStatus.Proposed or FhirStatus.Pending or FhirStatus.Waitlist => PasStatus.Proposed,
        _ => throw new InvalidOperationException("A status that FHIR R4 does not have passed the strict parser."),
    };

    private static AppointmentMedium ToMedium(FhirAppointment resource, List<FhirIssue> warnings)
    {
        var code = (resource.GetExtension(DeliveryChannelExtension)?.Value as CodeableConcept)?.Coding.FirstOrDefault()?.Code;
        if (code is null || code.Contains("person", StringComparison.OrdinalIgnoreCase)) return AppointmentMedium.FaceToFace;
        if (code.StartsWith("tele", StringComparison.OrdinalIgnoreCase)) return AppointmentMedium.Telephone;
        if (code.Contains("video", StringComparison.OrdinalIgnoreCase)) return AppointmentMedium.Video;
        warnings.Add(FhirIssue.Warning(OperationOutcome.IssueType.CodeInvalid, "Appointment.extension", "The delivery channel is unknown: shown as face to face."));
        return AppointmentMedium.FaceToFace;
    }

    // R1 asks whether it was booked after the clinic's start. A year, month or day without a time means its end: in doubt the patient is invited.
    private static DateTimeOffset? Booked(string? created, DateTimeOffset arrived)
    {
        if (created is null || !new FhirDateTime(created).TryToDateTimeOffset(TimeSpan.Zero, out var instant)) return null;
        instant = created.Length switch
        {
            4 => instant.AddYears(1),
            7 => instant.AddMonths(1),
            10 => instant.AddDays(1),
            _ => instant,
        };
        return Micro(instant < arrived ? instant : arrived);
    }

    /// <summary>PostgreSQL keeps microseconds: what is compared with a stored instant must be cut the same way.</summary>
    public static DateTimeOffset Micro(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static (string? Name, string[] Address, double? Latitude, double? Longitude) ToSite(Location resource)
    {
        var address = resource.Address;
        var lines = address is null ? [] : address.Line.Append(address.City).Append(address.PostalCode)
            .Where(line => !string.IsNullOrWhiteSpace(line)).Select(line => Short(line)!).Take(8).ToArray();
        return (Short(resource.Name), lines, (double?)resource.Position?.Latitude, (double?)resource.Position?.Longitude);
    }
}
