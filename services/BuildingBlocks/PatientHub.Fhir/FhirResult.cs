using System.Globalization;
using System.Net.Mime;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace PatientHub.Fhir;

/// <summary>
/// A FHIR answer: a resource (an OperationOutcome for everything that is only a yes or a no), as XML when the caller asks for it, else as JSON.
/// </summary>
public sealed class FhirResult(int status, Resource resource) : IResult, IStatusCodeHttpResult
{
    public const string Json = "application/fhir+json";
    public const string Xml = "application/fhir+xml";

    public int Status => status;

    int? IStatusCodeHttpResult.StatusCode => status;

    public Resource Resource => resource;

    /// <summary>The resource's version for If-Match and If-None-Match, sent as a weak ETag.</summary>
    public string? ETag { get; init; }

    /// <summary>Was taken: 201 when it is new, else 200; with the warnings, or with the sentence that all is well.</summary>
    public static FhirResult Taken(bool created, params IReadOnlyCollection<FhirIssue> warnings) =>
        Outcome(created ? StatusCodes.Status201Created : StatusCodes.Status200OK, warnings.Count > 0 ? warnings : [FhirIssue.Information("The resource was taken.")]);

    public static FhirResult Refused(int status, OperationOutcome.IssueType code, string? element, string text) =>
        Outcome(status, [FhirIssue.Error(code, element, text)]);

    /// <summary>A34: a resource older than the stored one gets 412 and changes nothing.</summary>
    public static FhirResult Older(string resourceType) => Refused(
        StatusCodes.Status412PreconditionFailed, OperationOutcome.IssueType.Conflict, $"{resourceType}.meta.lastUpdated",
        "A newer version of this resource is already stored. Nothing was changed.");

    public static FhirResult NotFound(string resourceType) => Refused(
        StatusCodes.Status404NotFound, OperationOutcome.IssueType.NotFound, null, $"There is no such {resourceType}.");

    public static FhirResult Outcome(int status, IReadOnlyCollection<FhirIssue> issues) =>
        new(status, new OperationOutcome { Issue = [.. issues.Select(issue => issue.ToComponent())] });

    public async System.Threading.Tasks.Task ExecuteAsync(HttpContext httpContext)
    {
        var asXml = WantsXml(httpContext.Request);
        var bytes = asXml ? FhirXmlSerializer.Default.SerializeToBytes(resource) : FhirJsonSerializer.Default.SerializeToBytes(resource);
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = (asXml ? Xml : Json) + "; charset=utf-8";
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        if (ETag is not null) response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"W/\"{ETag}\"");
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }

    // Without a wish the answer speaks the language of the question.
    private static bool WantsXml(HttpRequest request)
    {
        var wishes = request.GetTypedHeaders().Accept.OrderByDescending(a => a.Quality ?? 1).ToArray();
        foreach (var wish in wishes)
        {
            if (IsXml(wish.MediaType.Value)) return true;
            if (IsJson(wish.MediaType.Value)) return false;
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var sent) && IsXml(sent.MediaType.Value);
    }

    internal static bool IsXml(string? mediaType) => mediaType is Xml or MediaTypeNames.Application.Xml or MediaTypeNames.Text.Xml;

    internal static bool IsJson(string? mediaType) => mediaType is Json or MediaTypeNames.Application.Json;
}
