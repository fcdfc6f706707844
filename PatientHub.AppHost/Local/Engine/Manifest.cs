using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PatientHub.AppHost.Local.Engine;

/// <summary>The model as a deployment sees it, in the shape of Aspire's manifest (names, kinds, environment), so that a test can read what would be published.</summary>
internal static class Manifest
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Of(IEnumerable<IResource> resources) => new()
    {
        ["resources"] = new JsonObject(resources.Select(r => KeyValuePair.Create<string, JsonNode?>(r.Name, Describe(r)))),
    };

    public static async Task WriteAsync(IEnumerable<IResource> resources, string? path)
    {
        var text = Of(resources).ToJsonString(Json);
        if (path is null)
        {
            await Console.Out.WriteLineAsync(text);
        }
        else
        {
            await File.WriteAllTextAsync(path, text);
        }
    }

    private static JsonObject Describe(IResource resource) => resource switch
    {
        ParameterResource parameter => new() { ["type"] = "parameter.v0", ["inputs"] = new JsonObject { ["value"] = Input(parameter) } },
        PostgresDatabaseResource database => new() { ["type"] = "value.v0", ["parent"] = database.Parent.Name },
        ServerResource => new() { ["type"] = "container.v0" },
        ProcessResource process => new()
        {
            ["type"] = process is ProjectResource ? "project.v0" : "executable.v0",
            ["args"] = new JsonArray([.. process.Arguments.Select(a => JsonValue.Create(a))]),
            ["env"] = new JsonObject(process.AllEnvironment().Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value.Expression))),
            ["bindings"] = new JsonObject(process.Endpoints.Select(e => KeyValuePair.Create<string, JsonNode?>(e.Name, new JsonObject { ["scheme"] = "http", ["external"] = e.IsExternal }))),
        },
        _ => new() { ["type"] = "unknown" },
    };

    private static JsonObject Input(ParameterResource parameter)
    {
        var input = new JsonObject { ["type"] = "string", ["secret"] = parameter.Secret };
        if (parameter.IsDefaultPublished)
        {
            input["default"] = new JsonObject { ["value"] = parameter.Default };
        }
        return input;
    }
}
