using System.Text.Json.Nodes;
using NJsonSchema;

namespace PatientHub.Simulators.Tests;

/// <summary>Schemas of a provider's OpenAPI 3.0 document as JSON Schemas, with everything they refer to.</summary>
public sealed partial class OpenApiDocument
{
    private readonly JsonObject document;

    private OpenApiDocument(JsonObject document) => this.document = document;

    public static OpenApiDocument Twilio { get; } = Load("twilio_messages_v2010.json");

    public static OpenApiDocument SendGrid { get; } = Load("sendgrid_mail_v3.json");

    /// <summary>The schema at this place (names of properties), strict: what the document does not name is an error where <paramref name="closed"/>.</summary>
    public Task<JsonSchema> SchemaAsync(bool closed, params string[] path)
    {
        JsonNode node = document;
        foreach (var name in path)
            node = node[name]!;
        return SchemaAsync(node, closed);
    }

    private Task<JsonSchema> SchemaAsync(JsonNode node, bool closed)
    {
        var schema = AsJsonSchema(node, closed)!.AsObject();
        schema["definitions"] = AsJsonSchema(document["components"]!["schemas"]!, closed);
        return JsonSchema.FromJsonAsync(schema.ToJsonString());
    }

    // OpenAPI 3.0 differs from JSON Schema where it matters here: `nullable`, the place of shared schemas, and siblings of `$ref` that count for nothing.
    private static JsonNode? AsJsonSchema(JsonNode? node, bool closed)
    {
        switch (node)
        {
            case JsonArray array:
                return new JsonArray([.. array.Select(item => AsJsonSchema(item, closed))]);
            case JsonObject schema when schema["$ref"] is JsonValue reference:
                return new JsonObject { ["$ref"] = reference.GetValue<string>().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal) };
            case JsonObject schema:
                var converted = new JsonObject();
                foreach (var (name, value) in schema)
                {
                    if (name is "nullable" or "example" or "x-twilio")
                        continue;
                    converted[name] = name == "description" && value is JsonValue ? null : AsJsonSchema(value, closed);
                }

                converted.Remove("description");
                if (schema["nullable"]?.GetValueKind() == System.Text.Json.JsonValueKind.True)
                    converted["type"] = new JsonArray(schema["type"]!.DeepClone(), "null");
                if (closed && schema["properties"] is JsonObject)
                    converted["additionalProperties"] = false;
                return converted;
            default:
                return node?.DeepClone();
        }
    }

    private static OpenApiDocument Load(string name)
    {
        using var stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(name)!;
        return new OpenApiDocument(JsonNode.Parse(stream)!.AsObject());
    }
}
