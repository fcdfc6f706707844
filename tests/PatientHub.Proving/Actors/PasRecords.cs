using System.Globalization;
using System.Text.Json.Nodes;

namespace PatientHub.Proving.Actors;

/// <summary>A person as the hospital's system knows them. A change is <c>person with { …, LastUpdated = feed.Stamp() }</c>.</summary>
public sealed record PasPerson
{
    /// <summary>The PAS's own id (FHIR id).</summary>
    public required string SourceId { get; init; }
    public required string Given { get; init; }
    public required string Family { get; init; }
    public required DateOnly Born { get; init; }
    public string Gender { get; init; } = "female";
    public string? NhsNumber { get; init; }

    /// <summary>As typed, 07…; null: none on record.</summary>
    public string? Mobile { get; init; }
    public string? Email { get; init; }
    public string Street { get; init; } = "12 Orchard Row";
    public string Postcode { get; init; } = "LS17 7ZZ";
    public bool LettersOnly { get; init; }
    public bool Restricted { get; init; }
    public DateOnly? Deceased { get; init; }
    public DateTimeOffset LastUpdated { get; init; }

    /// <summary>Where a code goes: the mobile in E.164, else the email in lower case (R14).</summary>
    public string? CodesGoTo => Mobile is { } mobile ? "+44" + mobile.Replace(" ", "", StringComparison.Ordinal)[1..] : Email?.ToLowerInvariant();

    /// <summary>FHIR R4, UK Core.</summary>
    public JsonObject ToFhir()
    {
        var patient = new JsonObject
        {
            ["resourceType"] = "Patient",
            ["id"] = SourceId,
            ["meta"] = Fhir.Meta(LastUpdated, Restricted),
            ["active"] = true,
            ["identifier"] = new JsonArray(Fhir.Identifier("https://pas.proving.example/patient", SourceId)),
            ["name"] = new JsonArray(new JsonObject { ["use"] = "official", ["family"] = Family, ["given"] = new JsonArray(Given) }),
            ["gender"] = Gender,
            ["birthDate"] = Fhir.Date(Born),
            ["address"] = new JsonArray(new JsonObject { ["use"] = "home", ["line"] = new JsonArray(Street), ["city"] = "LEEDS", ["postalCode"] = Postcode }),
            ["telecom"] = new JsonArray([.. Telecom()]),
        };
        if (NhsNumber is { } number)
        {
            patient["identifier"]!.AsArray().Add(Fhir.Identifier("https://fhir.nhs.uk/Id/nhs-number", number));
        }
        if (Deceased is { } day)
        {
            patient["deceasedDateTime"] = Fhir.Date(day);
        }
        if (LettersOnly)
        {
            var method = Fhir.Concept("https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredContactMethod", "1", "Letter");
            patient["extension"] = new JsonArray(new JsonObject
            {
                ["url"] = Fhir.UkCore + "Extension-UKCore-ContactPreference",
                ["extension"] = new JsonArray(new JsonObject { ["url"] = "PreferredContactMethod", ["valueCodeableConcept"] = method }),
            });
        }
        return patient;
    }

    private IEnumerable<JsonNode> Telecom()
    {
        if (Mobile is { } mobile)
        {
            yield return new JsonObject { ["system"] = "phone", ["use"] = "mobile", ["value"] = mobile };
        }
        if (Email is { } email)
        {
            yield return new JsonObject { ["system"] = "email", ["use"] = "home", ["value"] = email };
        }
    }
}

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

/// <summary>A clinic that the simulators' own feed has set up.</summary>
public sealed record HospitalClinic(string SourceId, string Name, string SpecialtyCode, string Specialty, string SiteSourceId)
{
    public static HospitalClinic Dermatology { get; } = new("C100001", "Dermatology clinic", "330", "Dermatology", "L100001");

    public static HospitalClinic Physiotherapy { get; } = new("C100002", "Physiotherapy", "650", "Physiotherapy", "L100002");

    /// <summary>Mode Full, the hub writes the letter, a desk works off requests.</summary>
    public static IReadOnlyList<HospitalClinic> Full { get; } = [Dermatology, Physiotherapy];
}

/// <summary>Pieces of FHIR's JSON.</summary>
internal static class Fhir
{
    public const string UkCore = "https://fhir.hl7.org.uk/StructureDefinition/";

    public static string Date(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static JsonObject Identifier(string system, string value) => new() { ["system"] = system, ["value"] = value };

    public static JsonObject Concept(string system, string code, string display) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code, ["display"] = display }) };

    public static JsonObject Meta(DateTimeOffset lastUpdated, bool restricted = false)
    {
        var meta = new JsonObject { ["lastUpdated"] = Instant(lastUpdated) };
        if (restricted)
        {
            meta["security"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", ["code"] = "R", ["display"] = "restricted" });
        }
        return meta;
    }
}
