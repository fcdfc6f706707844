using System.Globalization;
using System.Text.Json.Nodes;

namespace PatientHub.Proving.Actors;

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
