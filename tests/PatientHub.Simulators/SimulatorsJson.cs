using System.Text.Json;
using System.Text.Json.Serialization;

namespace PatientHub.Simulators;

/// <summary>How the simulators' own API (not the simulated ones) writes JSON; tests read it with the same options.</summary>
public static class SimulatorsJson
{
    /// <summary>Camel case, enumerations as words, nulls left in.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    internal static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter());
        return options;
    }
}
