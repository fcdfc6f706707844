using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>The letter as PDF, to keep; it opens the letter too. The file's name says nothing about the clinic.</summary>
internal sealed class PdfModel(LetterFilesClient client) : HubPageModel
{
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await client.PdfAsync(id, cancellationToken) is not { } file)
            return NotFound();
        Response.RegisterForDispose(file);
        Response.ContentLength = file.Content.Headers.ContentLength;
        return File(await file.Content.ReadAsStreamAsync(cancellationToken), "application/pdf", "hospital-letter.pdf");
    }
}
