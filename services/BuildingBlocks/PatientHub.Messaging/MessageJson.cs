using System.Text.Json;
using System.Text.Json.Serialization;

namespace PatientHub.Messaging;

/// <summary>How contracts are written as JSON: in outbox rows, on the bus and in public events alike.</summary>
public static class MessageJson
{
    /// <summary>camelCase, enums by name, nulls left out. Frozen: golden files hold it.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    internal static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        if (!options.Converters.OfType<JsonStringEnumConverter>().Any())
        {
            options.Converters.Add(new JsonStringEnumConverter());
        }
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions();
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
