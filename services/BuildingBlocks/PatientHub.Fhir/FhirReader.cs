using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;
using Hl7.Fhir.Validation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace PatientHub.Fhir;

/// <summary>
/// Reads one resource from a request: JSON or XML, strictly FHIR R4, within limits of size and depth, without DTDs or entities.
/// What is not right is an answer (an OperationOutcome that names the element), never an exception, and no answer repeats a value of the body.
/// </summary>
public sealed partial class FhirReader(IOptions<FhirOptions> options, TimeProvider time, ILogger<FhirReader> logger)
{
    // Narrative is never shown and never stored, so its XHTML is not validated: that parser has no limit of depth.
    private static readonly DeserializerSettings Strict =
        new DeserializerSettings().UsingMode(DeserializationMode.Strict, NarrativeValidationKind.None) with { AnnotateLineInfo = false };

    private static ReadOnlySpan<byte> EscapedNul => "\\u0000"u8;

    private readonly FhirJsonDeserializer json = new(Strict);
    private readonly FhirXmlDeserializer xml = new(Strict);

    /// <summary>Reads the body of <c>PUT /fhir/{type}/{id}</c>. With <paramref name="id"/> null (a POST) the body's id is not looked at.</summary>
    public async Task<FhirInput<T>> ReadAsync<T>(HttpContext http, string? id, CancellationToken ct) where T : Resource, new()
    {
        var type = new T().TypeName;
        var (body, asXml, problem) = await ReadBodyAsync(http, type is "DocumentReference" or "Binary" ? options.Value.MaxDocumentBytes : options.Value.MaxBytes, ct);
        return problem is null ? Read<T>(body, asXml, id, http.User) : new FhirInput<T>(problem);
    }

    /// <summary>Reads one resource out of bytes that came over HTTP, alone or in a Bundle.</summary>
    internal FhirInput<T> Read<T>(ReadOnlyMemory<byte> body, bool asXml, string? id, ClaimsPrincipal user) where T : Resource, new()
    {
        var type = new T().TypeName;
        if (!TryParse(body, asXml, type, out var resource, out var issues))
            return new FhirInput<T>(FhirResult.Outcome(StatusCodes.Status400BadRequest, issues));
        if (resource is not T expected)
            return Refuse<T>(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.Invalid, resource.TypeName, $"This address takes {type} only.");
        if (id is not null && expected.Id != id)
            return Refuse<T>(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.Value, $"{type}.id", "The id in the body must be the id in the address.");

        // The clock of the arrival is good enough here: the version orders one source's own messages, it promises nothing to a patient (A34).
        return new FhirInput<T>(expected, SourceSystem.Of(user, options.Value), expected.Meta?.LastUpdated, time.GetUtcNow());
    }

    /// <summary>The body, if it may be read at all; else what is wrong.</summary>
    internal static async Task<(ReadOnlyMemory<byte> Body, bool AsXml, FhirResult? Problem)> ReadBodyAsync(HttpContext http, int limit, CancellationToken ct)
    {
        var request = http.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var media) || !(FhirResult.IsJson(media.MediaType.Value) || FhirResult.IsXml(media.MediaType.Value)))
            return (default, false, FhirResult.Refused(StatusCodes.Status415UnsupportedMediaType, OperationOutcome.IssueType.NotSupported, null, $"Send {FhirResult.Json} or {FhirResult.Xml}."));
        if (request.Headers.ContentEncoding.Count > 0)
            return (default, false, FhirResult.Refused(StatusCodes.Status415UnsupportedMediaType, OperationOutcome.IssueType.NotSupported, null, "Compressed bodies are not taken."));
        return await ReadBytesAsync(http, limit, ct) is { } body
            ? (body, FhirResult.IsXml(media.MediaType.Value), null)
            : (default, false, FhirResult.Refused(StatusCodes.Status413PayloadTooLarge, OperationOutcome.IssueType.TooLong, null, $"The body is larger than {limit} bytes."));
    }

    private static FhirInput<T> Refuse<T>(int status, OperationOutcome.IssueType code, string? element, string text) where T : Resource, new() =>
        new(FhirResult.Refused(status, code, element, text));

    private static async Task<ArraySegment<byte>?> ReadBytesAsync(HttpContext http, int limit, CancellationToken ct)
    {
        if (http.Request.ContentLength > limit) return null;
        // The server's own limit (30 MB) would answer without an OperationOutcome; the count below is the limit that holds.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature) feature.MaxRequestBodySize = (long)limit + 1;
        using var buffer = new MemoryStream((int)(http.Request.ContentLength ?? 8192));
        var chunk = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await http.Request.Body.ReadAsync(chunk, ct)) > 0)
            {
                if (buffer.Length + read > limit) return null;
                buffer.Write(chunk, 0, read);
            }
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }

        return new ArraySegment<byte>(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>The same parser for bytes that did not come over HTTP (seed files, tests).</summary>
    public bool TryParse(
        ReadOnlyMemory<byte> body, bool asXml, string expectedType, [NotNullWhen(true)] out Resource? resource, out IReadOnlyCollection<FhirIssue> issues)
    {
        resource = null;
        var format = asXml ? "XML" : "JSON";
        try
        {
            IEnumerable<CodedException> found;
            // FHIR strings hold no control characters but tab and line ends; a NUL would be refused by the database, long after this answer could be given.
            if (!asXml && body.Span.IndexOf(EscapedNul) >= 0)
            {
                issues = [FhirIssue.Error(OperationOutcome.IssueType.Value, expectedType, "Strings must not contain the character U+0000.")];
                return false;
            }

            var good = asXml ? TryParseXml(body, out resource, out found) : TryParseJson(body, out resource, out found);
            issues = good ? [] : [.. found.Take(50).Select(f => ToIssue(f, expectedType)).Distinct()];
            if (good && resource is not null) return true;
            if (issues.Count == 0) issues = [FhirIssue.Error(OperationOutcome.IssueType.Structure, expectedType, $"The body is not a FHIR {expectedType}.")];
        }
        catch (Exception e) when (e is JsonException or XmlException or DepthException)
        {
            issues = [FhirIssue.Error(OperationOutcome.IssueType.Structure, expectedType, e switch
            {
                DepthException => $"The {format} is nested deeper than {options.Value.MaxDepth} levels.",
                JsonException { Message: var m } when m.Contains("maximum configured depth", StringComparison.Ordinal) =>
                    $"The JSON is nested deeper than {options.Value.MaxDepth} levels.",
                XmlException { Message: var m } when m.Contains("DTD", StringComparison.Ordinal) => "Document type declarations and entities are not allowed.",
                _ => $"The body is not well-formed {format}.",
            })];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Firely throws for shapes it does not expect (an array where the resource should be, an element without a name), and what it throws is no part of its
            // contract. Nothing but the parser runs here, so it can only be the body. The sender hears it, and we see how often.
            Log.ParserThrew(logger, expectedType, e.GetType().Name);
            issues = [FhirIssue.Error(OperationOutcome.IssueType.Structure, expectedType, $"The body is not a FHIR {expectedType}.")];
        }

        resource = null;
        return false;
    }

    private bool TryParseJson(ReadOnlyMemory<byte> body, out Resource? resource, out IEnumerable<CodedException> issues)
    {
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = options.Value.MaxDepth });
        var good = json.TryDeserializeResource(ref reader, out resource, out issues);
        while (reader.Read())
        {
            // Reads on to the end, so that a second value behind the resource is a JsonException.
        }

        return good;
    }

    private bool TryParseXml(ReadOnlyMemory<byte> body, out Resource? resource, out IEnumerable<CodedException> issues)
    {
        var bytes = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(body, out var segment) ? segment : new ArraySegment<byte>(body.ToArray());
        using (var scan = Open(bytes))
        {
            while (scan.Read())
                if (scan.Depth > options.Value.MaxDepth) throw new DepthException();
        }

        using var reader = Open(bytes);
        return xml.TryDeserializeResource(reader, out resource, out issues);
    }

    private static XmlReader Open(ArraySegment<byte> bytes) => XmlReader.Create(
        new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersFromEntities = 1, IgnoreComments = true, IgnoreProcessingInstructions = true });

    private static FhirIssue ToIssue(CodedException found, string expectedType)
    {
        var (path, code) = found switch
        {
            CodedValidationException v => (v.InstancePath, v.IssueType),
            ExtendedCodedException e => (e.InstancePath, e.IssueType),
            _ => (null, OperationOutcome.IssueType.Structure),
        };
        var text = code switch
        {
            OperationOutcome.IssueType.Required => "A required element is missing.",
            OperationOutcome.IssueType.CodeInvalid => "The code is not one of those that FHIR R4 allows here.",
            OperationOutcome.IssueType.Value => "The element is unknown, or its value is not a correct literal of its type.",
            _ => "The element does not follow FHIR R4.",
        };
        return FhirIssue.Error(code, CleanPath(path, expectedType), $"{text} ({found.ErrorCode})");
    }

    // A path is made of names that the sender chose, too: only what looks like an element's name is repeated.
    private static string CleanPath(string? path, string expectedType)
    {
        if (string.IsNullOrEmpty(path)) return expectedType;
        path = path.Replace("UnnamedResource_$this", expectedType, StringComparison.Ordinal).Replace("$this", expectedType, StringComparison.Ordinal);
        return string.Join('.', path.Split('.').TakeWhile(part => ElementName().IsMatch(part)).Take(20)) is { Length: > 0 } clean ? clean : expectedType;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z_]{0,63}[0-9]{0,2}(\[[0-9]{1,6}\])?$")]
    private static partial Regex ElementName();

    private sealed class DepthException : Exception;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The FHIR parser could not make sense of a body for {ResourceType}: {Exception}.")]
        public static partial void ParserThrew(ILogger logger, string resourceType, string exception);
    }
}
