using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PatientHub.Letters.Tests.Support;

/// <summary>A DocumentReference as the PAS sends it.</summary>
internal sealed record Document(string Id, string? Patient, string ContentType, byte[] Data)
{
    public string? Appointment { get; init; }
    public string Status { get; init; } = "current";
    public DateTimeOffset Date { get; init; } = DateTimeOffset.UtcNow;
    public DateTimeOffset? LastUpdated { get; init; }
    public int? Size { get; init; }
    public byte[]? Hash { get; init; }
    public string? Replaces { get; init; }

    public static Document Html(string html) => new($"d{Guid.CreateVersion7():n}", $"p{Guid.CreateVersion7():n}", "text/html", Encoding.UTF8.GetBytes(html));

    public static Document Pdf(byte[] pdf) => new($"d{Guid.CreateVersion7():n}", $"p{Guid.CreateVersion7():n}", "application/pdf", pdf);

    public byte[] ToJson()
    {
        var attachment = new Dictionary<string, object> { ["contentType"] = ContentType, ["data"] = Convert.ToBase64String(Data), ["title"] = "Clinic letter" };
        if (Size is { } size) attachment["size"] = size;
        if (Hash is { } hash) attachment["hash"] = Convert.ToBase64String(hash);
        var resource = new Dictionary<string, object>
        {
            ["resourceType"] = "DocumentReference",
            ["id"] = Id,
            ["status"] = Status,
            ["date"] = Date.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture),
            ["content"] = new[] { new { attachment } },
        };
        if (Patient is not null) resource["subject"] = new { reference = $"Patient/{Patient}" };
        if (Appointment is not null) resource["context"] = new { related = new[] { new { reference = $"Appointment/{Appointment}" } } };
        if (Replaces is not null) resource["relatesTo"] = new[] { new { code = "replaces", target = new { reference = $"DocumentReference/{Replaces}" } } };
        if (LastUpdated is { } updated) resource["meta"] = new { lastUpdated = updated.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", System.Globalization.CultureInfo.InvariantCulture) };
        return JsonSerializer.SerializeToUtf8Bytes(resource);
    }

    public ByteArrayContent ToContent() => new(ToJson()) { Headers = { ContentType = new MediaTypeHeaderValue("application/fhir+json") } };
}
