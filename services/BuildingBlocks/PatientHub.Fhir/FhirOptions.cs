using System.ComponentModel.DataAnnotations;

namespace PatientHub.Fhir;

/// <summary>Limits of what comes in as FHIR, and which source system each OAuth client speaks for.</summary>
public sealed class FhirOptions
{
    public const string Section = "Fhir";

    /// <summary>Largest body of an ordinary resource, in bytes. A real Appointment has 3 kB.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxBytes { get; init; } = 1024 * 1024;

    /// <summary>Largest body of a DocumentReference or Binary, whose attachment lies inline as base64, in bytes.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxDocumentBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Largest body of a Bundle, in bytes: five hundred real Appointments have 1.5 MB.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxBundleBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most entries of a Bundle. Each is taken by itself, but the sender waits for all of them.</summary>
    [Range(1, 10_000)]
    public int MaxBundleEntries { get; init; } = 500;

    /// <summary>Deepest nesting of JSON or XML. Real resources stay under 20; the parsers recurse, so an unlimited depth would end the process.</summary>
    [Range(8, 256)]
    public int MaxDepth { get; init; } = 64;

    /// <summary>OAuth client id to source system. A client that is not listed is a source system of its own, named like the client.</summary>
    public Dictionary<string, string> SourceSystems { get; init; } = [];
}

/// <summary>The key under which ids of the PAS become ids of the hub. It is backed up and never rotated: another key is another set of ids.</summary>
public sealed class SourceIdsOptions
{
    public const string Section = "SourceIds";

    /// <summary>32 bytes or more, base64.</summary>
    [Required, Base64String, MinLength(43)]
    public string Key { get; init; } = "";
}
