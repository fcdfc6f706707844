using System.Security.Claims;

namespace PatientHub.Fhir;

/// <summary>The source system is fixed per OAuth client (design: ids need no lookup): a sender cannot write under another system's name.</summary>
public static class SourceSystem
{
    public static string Of(ClaimsPrincipal user, FhirOptions options)
    {
        if (user.FindFirst("source_system")?.Value is { Length: > 0 } named) return named;
        var client = user.FindFirst("client_id")?.Value ?? user.FindFirst("azp")?.Value
            ?? throw new InvalidOperationException("The token of a FHIR request names no client.");
        return options.SourceSystems.GetValueOrDefault(client, client);
    }
}
