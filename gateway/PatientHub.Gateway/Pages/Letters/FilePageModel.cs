using Microsoft.AspNetCore.Mvc;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>Pages that are a file on its way from Letters to the browser.</summary>
public abstract class FilePageModel : HubPageModel
{
    /// <param name="file">The service's answer; null when it is not there for this patient.</param>
    /// <param name="name">Ours, never the sender's (119): it lands on the patient's disk.</param>
    protected async Task<IActionResult> PassAsync(HttpResponseMessage? file, string name, CancellationToken cancellationToken)
    {
        if (file is null)
            return NotFound();
        Response.RegisterForDispose(file);
        Response.ContentLength = file.Content.Headers.ContentLength;
        return File(await file.Content.ReadAsStreamAsync(cancellationToken), "application/pdf", name);
    }
}
