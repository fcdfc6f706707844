using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Hl7.Fhir.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PatientHub.Fhir;

/// <summary>
/// A resource as an endpoint gets it. Either bound as a parameter of <c>MapPut("/fhir/Patient/{id}", (FhirInput&lt;Patient&gt; input) => ...)</c>, which compares the
/// route value <c>id</c> with the body's, or read by <see cref="FhirReader.ReadAsync{T}"/>. Ask <see cref="Refused"/> first.
/// </summary>
public sealed class FhirInput<T> where T : Resource, new()
{
    private readonly T? resource;

    internal FhirInput(FhirResult problem) => Problem = problem;

    internal FhirInput(T resource, string sourceSystem, DateTimeOffset? lastUpdated, DateTimeOffset arrived)
    {
        this.resource = resource;
        SourceSystem = sourceSystem;
        LastUpdated = lastUpdated?.ToUniversalTime();
        Version = LastUpdated ?? arrived;
    }

    /// <summary>The answer for a body that is not right; null when <see cref="Resource"/> can be used.</summary>
    public FhirResult? Problem { get; }

    /// <summary>What was sent. Only when nothing was refused.</summary>
    public T Resource => resource ?? throw new InvalidOperationException("The input was refused: answer with its problem.");

    /// <summary>The id in the source system; part of what <see cref="SourceIds"/> derives our id from.</summary>
    public string SourceId => Resource.Id ?? throw new InvalidOperationException("A resource without an id of its own came by POST.");

    /// <summary>The system that the token's client speaks for.</summary>
    public string SourceSystem { get; } = "";

    /// <summary>meta.lastUpdated in UTC, when the source sent it.</summary>
    public DateTimeOffset? LastUpdated { get; }

    /// <summary>A34: meta.lastUpdated, else the arrival. A stored resource with a later version answers <see cref="FhirResult.Older"/>.</summary>
    public DateTimeOffset Version { get; }

    /// <summary>Whether the body is refused; then <paramref name="problem"/> is the answer to give.</summary>
    public bool Refused([NotNullWhen(true)] out FhirResult? problem) => (problem = Problem) is not null;

    /// <summary>Minimal API's hook: binds the body and the route value <c>id</c>.</summary>
    public static async ValueTask<FhirInput<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        await context.RequestServices.GetRequiredService<FhirReader>().ReadAsync<T>(context, context.Request.RouteValues["id"] as string, context.RequestAborted);
}
