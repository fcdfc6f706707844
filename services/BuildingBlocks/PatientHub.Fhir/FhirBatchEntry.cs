using System.Globalization;
using System.Security.Claims;
using Hl7.Fhir.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace PatientHub.Fhir;

/// <summary>One PUT of a <see cref="FhirBatch"/>.</summary>
public sealed class FhirBatchEntry
{
    private readonly int number;
    private readonly ReadOnlyMemory<byte> resource;
    private readonly FhirReader reader;
    private readonly ClaimsPrincipal user;

    internal FhirBatchEntry(int number, string type, string id, ReadOnlyMemory<byte> resource, FhirReader reader, ClaimsPrincipal user) =>
        (this.number, Type, Id, this.resource, this.reader, this.user) = (number, type, id, resource, reader, user);

    /// <summary>The type that <c>request.url</c> names.</summary>
    public string Type { get; }

    /// <summary>The id that <c>request.url</c> names.</summary>
    public string Id { get; }

    internal FhirResult? Answer { get; set; }

    /// <summary>The resource, by the rules of the single PUT.</summary>
    public FhirInput<T> Read<T>() where T : Resource, new() => reader.Read<T>(resource, asXml: false, Id, user);

    internal void Refuse(int status, OperationOutcome.IssueType code, string element, string text) =>
        Answer = FhirResult.Refused(status, code, string.Create(CultureInfo.InvariantCulture, $"Bundle.entry[{number}].{element}"), text);

    internal Bundle.EntryComponent ToResponse()
    {
        var answer = Answer ?? throw new InvalidOperationException("An entry of the Bundle has no answer.");
        var taken = answer.Status is StatusCodes.Status200OK or StatusCodes.Status201Created;
        var outcome = answer.Resource as OperationOutcome;
        return new Bundle.EntryComponent
        {
            Response = new Bundle.ResponseComponent
            {
                Status = string.Create(CultureInfo.InvariantCulture, $"{answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}"),
                Location = taken ? $"{Type}/{Id}" : null,
                // That all is well is not said a hundred times over.
                Outcome = taken && outcome?.Issue.TrueForAll(issue => issue.Severity == OperationOutcome.IssueSeverity.Information) == true ? null : outcome,
            },
        };
    }
}
