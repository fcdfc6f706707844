using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hl7.Fhir.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PatientHub.Fhir;

/// <summary>
/// Reads a Bundle of type <c>batch</c>. The Bundle without its resources must be strictly FHIR, else nothing of it is taken: a misspelt <c>entry</c> would pass for an empty one. Each resource is read
/// later, by itself, so that one that is not right harms no other.
/// </summary>
public sealed partial class FhirBatchReader(FhirReader reader, IOptions<FhirOptions> options, ILogger<FhirBatch> logger)
{
    // Root, array of entries, entry: a resource lies so deep in its Bundle.
    private const int DepthOfResources = 3;

    /// <summary>Reads the body of <c>POST /fhir</c>.</summary>
    public async Task<FhirBatch> ReadAsync(HttpContext http, CancellationToken ct)
    {
        var (body, asXml, problem) = await FhirReader.ReadBodyAsync(http, options.Value.MaxBundleBytes, ct);
        if (problem is not null) return new FhirBatch(problem);
        if (asXml) return Refuse(StatusCodes.Status415UnsupportedMediaType, OperationOutcome.IssueType.NotSupported, null, $"A Bundle is taken as {FhirResult.Json} only.");
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = options.Value.MaxDepth + DepthOfResources });
            return Read(json.RootElement, http.User);
        }
        catch (JsonException)
        {
            return Refuse(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.Structure, "Bundle", $"The body is not well-formed JSON, or a resource in it is nested deeper than {options.Value.MaxDepth} levels.");
        }
    }

    private FhirBatch Read(JsonElement root, ClaimsPrincipal user)
    {
        var resources = new List<ReadOnlyMemory<byte>>();
        if (!reader.TryParse(WithoutResources(root, resources), asXml: false, "Bundle", out var envelope, out var issues)) return new FhirBatch(FhirResult.Outcome(StatusCodes.Status400BadRequest, issues));
        if (envelope is not Bundle { Type: Bundle.BundleType.Batch } bundle)
            return Refuse(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.NotSupported, "Bundle.type", "This address takes a Bundle of type batch: each entry is taken or refused by itself.");
        if (bundle.Entry.Count > options.Value.MaxBundleEntries)
            return Refuse(StatusCodes.Status413PayloadTooLarge, OperationOutcome.IssueType.TooCostly, "Bundle.entry", $"A Bundle has at most {options.Value.MaxBundleEntries} entries. Send several Bundles.");
        if (bundle.Entry.Count != resources.Count)
            return Refuse(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.Structure, "Bundle.entry", "The Bundle's entries are not one list of entries.");
        return new FhirBatch([.. bundle.Entry.Select((entry, number) => Entry(number, entry.Request, resources[number], user))], logger);
    }

    private FhirBatchEntry Entry(int number, Bundle.RequestComponent? request, ReadOnlyMemory<byte> resource, ClaimsPrincipal user)
    {
        var url = Address().Match(request?.Url ?? "");
        var entry = new FhirBatchEntry(number, url.Groups["type"].Value, url.Groups["id"].Value, resource, reader, user);
        if (request?.Method != Bundle.HTTPVerb.PUT)
            entry.Refuse(StatusCodes.Status405MethodNotAllowed, OperationOutcome.IssueType.NotSupported, "request.method", "Every entry of a Bundle is a PUT.");
        else if (!url.Success)
            entry.Refuse(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.Value, "request.url", "The address of an entry is the type and the id of its resource, as Appointment/7.");
        else if (request.IfMatch is not null || request.IfNoneMatch is not null || request.IfModifiedSince is not null || request.IfNoneExist is not null)
            entry.Refuse(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.NotSupported, "request", "Conditions are not taken in a Bundle: meta.lastUpdated says which version is the newer one.");
        else if (resource.IsEmpty)
            entry.Refuse(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.Required, "resource", "A PUT needs a resource.");
        else if (resource.Length > options.Value.MaxBytes)
            entry.Refuse(StatusCodes.Status413PayloadTooLarge, OperationOutcome.IssueType.TooLong, "resource", $"The resource is larger than {options.Value.MaxBytes} bytes.");
        return entry;
    }

    /// <summary>The Bundle as it came, but for the resources of its entries, which are kept as they are.</summary>
    private static ReadOnlyMemory<byte> WithoutResources(JsonElement root, List<ReadOnlyMemory<byte>> resources)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            if (root.ValueKind != JsonValueKind.Object)
            {
                root.WriteTo(writer);
            }
            else
            {
                writer.WriteStartObject();
                foreach (var property in root.EnumerateObject())
                {
                    if (!property.NameEquals("entry"u8) || property.Value.ValueKind != JsonValueKind.Array)
                    {
                        property.WriteTo(writer);
                        continue;
                    }

                    writer.WriteStartArray("entry"u8);
                    foreach (var entry in property.Value.EnumerateArray()) resources.Add(WithoutResource(entry, writer));
                    writer.WriteEndArray();
                }

                writer.WriteEndObject();
            }
        }

        return buffer.ToArray();
    }

    private static ReadOnlyMemory<byte> WithoutResource(JsonElement entry, Utf8JsonWriter writer)
    {
        var resource = ReadOnlyMemory<byte>.Empty;
        if (entry.ValueKind != JsonValueKind.Object)
        {
            entry.WriteTo(writer);
            return resource;
        }

        writer.WriteStartObject();
        foreach (var property in entry.EnumerateObject())
        {
            if (property.NameEquals("resource"u8)) resource = JsonMarshal.GetRawUtf8Value(property.Value).ToArray();
            else property.WriteTo(writer);
        }

        writer.WriteEndObject();
        return resource;
    }

    private static FhirBatch Refuse(int status, OperationOutcome.IssueType code, string? element, string text) => new(FhirResult.Refused(status, code, element, text));

    [GeneratedRegex(@"^(?<type>[A-Za-z]{1,64})/(?<id>[A-Za-z0-9\-\.]{1,64})$", RegexOptions.ExplicitCapture)]
    private static partial Regex Address();
}
