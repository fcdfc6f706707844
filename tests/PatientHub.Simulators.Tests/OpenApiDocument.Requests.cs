using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace PatientHub.Simulators.Tests;

/// <summary>A request as it came over the wire, its path as the provider would see it.</summary>
public sealed record SentRequest(string Method, string Path, IReadOnlyList<KeyValuePair<string, string>> Query, string? AuthorizationScheme, string? MediaType, string Body);

public sealed partial class OpenApiDocument
{
    /// <summary>What the document has against a request: path, method, authorization, parameters, media type and body, all strict. Empty: nothing.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(SentRequest request)
    {
        var paths = document["paths"]!.AsObject().Select(path => (Path: path.Value!, Match: Template(path.Key).Match(request.Path)));
        if (paths.FirstOrDefault(path => path.Match.Success) is not { Path: { } path, Match: { } match } || path[request.Method.ToLowerInvariant()] is not { } operation)
            return [$"{request.Method} {request.Path}: the document has no such operation"];

        List<string> faults = [];
        var parameters = Parameters(path).Concat(Parameters(operation)).ToList();
        foreach (var parameter in parameters)
        {
            var name = parameter["name"]!.GetValue<string>();
            var values = parameter["in"]!.GetValue<string>() switch
            {
                "path" => [Uri.UnescapeDataString(match.Groups[name].Value)],
                "query" => request.Query.Where(pair => pair.Key == name).Select(pair => pair.Value).ToList(),
                _ => [],
            };
            if (values.Count == 0 && parameter["required"]?.GetValue<bool>() == true)
                faults.Add($"{name} is missing");
            foreach (var value in values)
                faults.AddRange(Faults(await SchemaAsync(parameter["schema"]!, closed: true), AsJson(value, parameter["schema"]!), name));
        }

        faults.AddRange(request.Query.Where(pair => !parameters.Any(known => known["in"]!.GetValue<string>() == "query" && known["name"]!.GetValue<string>() == pair.Key)).Select(pair => $"{pair.Key} is no parameter"));
        if (!Schemes(operation).Contains(request.AuthorizationScheme?.ToLowerInvariant()))
            faults.Add($"authorization by {request.AuthorizationScheme ?? "nothing"}");
        faults.AddRange(await BodyFaultsAsync(operation, request));
        return faults;
    }

    private async Task<IReadOnlyList<string>> BodyFaultsAsync(JsonNode operation, SentRequest request)
    {
        if (operation["requestBody"] is not { } declared)
            return request.Body.Length == 0 ? [] : ["no body is expected"];
        if (request.MediaType is not { } mediaType || Resolve(declared)["content"]![mediaType] is not { } content)
            return [$"the body is {request.MediaType ?? "nothing"}"];
        var schema = content["schema"]!;
        var body = mediaType == "application/json" ? JsonNode.Parse(request.Body)! : FromForm(request.Body, schema);
        return Faults(await SchemaAsync(schema, closed: true), body, "body");
    }

    private static JsonObject FromForm(string body, JsonNode schema) => new(body.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(field => field.Split('=', 2))
        .Select(pair => (Name: Uri.UnescapeDataString(pair[0].Replace('+', ' ')), Value: Uri.UnescapeDataString(pair[1].Replace('+', ' '))))
        .Select(pair => KeyValuePair.Create(pair.Name, (JsonNode?)AsJson(pair.Value, schema["properties"]![pair.Name]))));

    // A form and an address have text only; the document says what it stands for.
    private static JsonNode AsJson(string value, JsonNode? schema) => schema?["type"]?.GetValue<string>() switch
    {
        "integer" when long.TryParse(value, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        "boolean" when bool.TryParse(value, out var yes) => JsonValue.Create(yes),
        _ => JsonValue.Create(value),
    };

    private static List<string> Faults(JsonSchema schema, JsonNode value, string where) => [.. schema.Validate(value.ToJsonString()).Select(fault => $"{where}: {fault.Kind} at {fault.Path}")];

    private List<JsonNode> Parameters(JsonNode holder) => holder["parameters"] is JsonArray parameters ? [.. parameters.Select(parameter => Resolve(parameter!))] : [];

    private IEnumerable<string?> Schemes(JsonNode operation) => (operation["security"] ?? document["security"])!.AsArray().SelectMany(way => way!.AsObject())
        .Select(way => document["components"]!["securitySchemes"]![way.Key]!["scheme"]!.GetValue<string>());

    private JsonNode Resolve(JsonNode node)
    {
        if (node["$ref"]?.GetValue<string>() is not { } reference)
            return node;
        JsonNode found = document;
        foreach (var name in reference.Split('/').Skip(1))
            found = found[name]!;
        return found;
    }

    private static Regex Template(string path) => new("^" + Regex.Replace(Regex.Escape(path), @"\\\{(\w+)}", "(?<$1>[^/]+)") + "$", RegexOptions.CultureInvariant);
}
