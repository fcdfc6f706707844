using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>The letter as PDF, to keep; it opens the letter too. The file's name says nothing about the clinic.</summary>
internal sealed class PdfModel(LetterFilesClient client) : FilePageModel
{
    public async Task<IActionResult> OnGetAsync(Guid id, string? print, CancellationToken cancellationToken) =>
        await PassAsync(await client.PdfAsync(id, print == "large", cancellationToken), "hospital-letter.pdf", cancellationToken);
}
