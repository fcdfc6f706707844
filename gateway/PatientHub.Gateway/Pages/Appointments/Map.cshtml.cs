using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>The map of an appointment's site (R25), to look at or (<c>?download=true</c>) to keep. Only the kinds that Appointments takes: nothing that a browser would run.</summary>
internal sealed class MapModel(AppointmentsClient client) : HubPageModel
{
    public async Task<IActionResult> OnGetAsync(Guid id, bool download, CancellationToken cancellationToken)
    {
        if (await client.MapAsync(id, download, cancellationToken) is not { } file)
            return NotFound();
        Response.RegisterForDispose(file);
        if (file.Content.Headers.ContentType?.MediaType is not { } type || !MapFiles.IsKnown(type))
            throw new HttpRequestException("Appointments sent a map of an unknown kind.");
        Response.Headers.ContentDisposition = new ContentDispositionHeaderValue(download ? "attachment" : "inline") { FileName = "hospital-map." + MapFiles.Extension(type) }.ToString();
        return File(await file.Content.ReadAsStreamAsync(cancellationToken), type);
    }
}

/// <summary>The kinds of files that are maps.</summary>
internal static class MapFiles
{
    private static readonly Dictionary<string, string> Extensions = new() { ["image/png"] = "png", ["image/jpeg"] = "jpg", ["application/pdf"] = "pdf", ["image/svg+xml"] = "svg" };

    public static bool IsKnown(string type) => Extensions.ContainsKey(type);

    public static string Extension(string type) => Extensions[type];

    /// <summary>"PNG", in every language.</summary>
    public static string Name(string type) => Extensions.TryGetValue(type, out var extension) ? extension.ToUpperInvariant() : "";
}
