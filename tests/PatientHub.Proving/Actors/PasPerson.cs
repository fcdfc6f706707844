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
        };
        if (Telecom().ToArray() is { Length: > 0 } telecom)
        {
            // FHIR knows no empty list.
            patient["telecom"] = new JsonArray(telecom);
        }
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
