using System.Globalization;
using System.Text.Json.Nodes;
using PatientHub.Identity.Contracts;

namespace PatientHub.Identity.Tests.Support;

/// <summary>Writes a FHIR Patient. Telephone numbers come from Ofcom's drama ranges, each test its own.</summary>
public sealed class PatientJson
{
    private static int number = 100;
    private readonly JsonObject json;

    public PatientJson(string? id = null)
    {
        Id = id ?? "p-" + Guid.CreateVersion7().ToString("N");
        json = new JsonObject
        {
            ["resourceType"] = "Patient",
            ["id"] = Id,
            ["name"] = new JsonArray(new JsonObject { ["use"] = "official", ["family"] = "Testperson", ["given"] = new JsonArray("Robin") }),
            ["birthDate"] = "1980-03-31",
            ["address"] = new JsonArray(new JsonObject { ["line"] = new JsonArray("1 Test Street"), ["city"] = "Leeds", ["postalCode"] = "LS1 1AA" }),
        };
    }

    public string Id { get; }

    public JsonObject Json => json;

    public DateOnly Born => DateOnly.ParseExact(json["birthDate"]!.GetValue<string>(), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A drama mobile that no other test uses.</summary>
    public static string NewMobile() => "07700900" + (Interlocked.Increment(ref number) % 1000).ToString("D3", CultureInfo.InvariantCulture);

    public static string NewEmail() => $"robin{Interlocked.Increment(ref number)}@example.org";

    public PatientJson Named(string given, string family)
    {
        json["name"] = new JsonArray(new JsonObject { ["use"] = "official", ["family"] = family, ["given"] = new JsonArray(given) });
        return this;
    }

    public PatientJson BornOn(string date) => With("birthDate", date);

    public PatientJson Phone(string value, Action<JsonObject>? more = null) => Telecom("phone", value, more);

    public PatientJson Email(string value, Action<JsonObject>? more = null) => Telecom("email", value, more);

    public PatientJson WithoutTelecom()
    {
        json.Remove("telecom");
        return this;
    }

    public PatientJson NhsNumber(string value, bool verified = true)
    {
        var identifier = new JsonObject { ["system"] = "https://fhir.nhs.uk/Id/nhs-number", ["value"] = value };
        if (verified)
            identifier["extension"] = JsonNode.Parse($$$"""[{"url":"{{{FhirConventions.NhsNumberVerificationExtension}}}","valueCodeableConcept":{"coding":[{"code":"01"}]}}]""");
        json["identifier"] = new JsonArray(identifier);
        return this;
    }

    public PatientJson Restricted(string code = "R")
    {
        Meta()["security"] = JsonNode.Parse($$$"""[{"system":"{{{FhirConventions.ConfidentialitySystem}}}","code":"{{{code}}}"}]""");
        return this;
    }

    public PatientJson LastUpdated(string instant)
    {
        Meta()["lastUpdated"] = instant;
        return this;
    }

    public PatientJson Extension(string extensionJson)
    {
        if (json["extension"] is not JsonArray list) json["extension"] = list = [];
        list.Add(JsonNode.Parse(extensionJson));
        return this;
    }

    public PatientJson DeathStatus(string code) => Extension($$$"""
        {"url":"{{{FhirConventions.DeathNotificationExtension}}}","extension":[{"url":"deathNotificationStatus","valueCodeableConcept":{"coding":[{"code":"{{{code}}}"}]}}]}
        """);

    public PatientJson Preference(string part, string system, string code) => Extension($$$"""
        {"url":"{{{FhirConventions.ContactPreferenceExtension}}}","extension":[{"url":"{{{part}}}","valueCodeableConcept":{"coding":[{"system":"{{{system}}}","code":"{{{code}}}"}]}}]}
        """);

    public PatientJson With(string element, JsonNode? value)
    {
        json[element] = value;
        return this;
    }

    public override string ToString() => json.ToJsonString();

    private PatientJson Telecom(string system, string value, Action<JsonObject>? more)
    {
        var telecom = new JsonObject { ["system"] = system, ["value"] = value };
        more?.Invoke(telecom);
        if (json["telecom"] is not JsonArray list) json["telecom"] = list = [];
        list.Add(telecom);
        return this;
    }

    private JsonObject Meta()
    {
        if (json["meta"] is not JsonObject meta) json["meta"] = meta = [];
        return meta;
    }
}
