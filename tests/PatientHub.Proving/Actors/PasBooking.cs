using System.Text.Json.Nodes;

namespace PatientHub.Proving.Actors;

/// <summary>An appointment as the hospital's system knows it. A change is <c>booking with { …, LastUpdated = feed.Stamp() }</c>.</summary>
public sealed record PasBooking
{
    /// <summary>The PAS's own id (FHIR id).</summary>
    public required string SourceId { get; init; }
    public required string PatientSourceId { get; init; }
    public HospitalClinic Clinic { get; init; } = HospitalClinic.Dermatology;
    public required DateTimeOffset Start { get; init; }
    public int Minutes { get; init; } = 20;

    /// <summary>FHIR's word: booked, cancelled, fulfilled, noshow.</summary>
    public string Status { get; init; } = "booked";
    public required DateOnly Created { get; init; }
    public DateTimeOffset LastUpdated { get; init; }

    /// <summary>FHIR R4, UK Core.</summary>
    public JsonObject ToFhir()
    {
        var appointment = new JsonObject
        {
            ["resourceType"] = "Appointment",
            ["id"] = SourceId,
            ["meta"] = Fhir.Meta(LastUpdated),
            ["status"] = Status,
            ["specialty"] = new JsonArray(Fhir.Concept("https://fhir.hl7.org.uk/CodeSystem/UKCore-PracticeSettingCode", Clinic.SpecialtyCode, Clinic.Specialty)),
            ["start"] = Fhir.Instant(Start),
            ["end"] = Fhir.Instant(Start.AddMinutes(Minutes)),
            ["created"] = Fhir.Date(Created),
            ["participant"] = new JsonArray(Participant($"Patient/{PatientSourceId}"), Participant($"HealthcareService/{Clinic.SourceId}"), Participant($"Location/{Clinic.SiteSourceId}")),
        };
        if (Status == "cancelled")
        {
            appointment["cancelationReason"] = Fhir.Concept("http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason", "prov", "Provider");
        }
        return appointment;
    }

    private static JsonObject Participant(string reference) =>
        new() { ["actor"] = new JsonObject { ["reference"] = reference }, ["required"] = "required", ["status"] = "accepted" };
}
