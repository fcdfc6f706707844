using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>An earlier version as PDF; its name says that it does not count any more.</summary>
internal sealed class EarlierPdfModel(LetterFilesClient client) : FilePageModel
{
    public async Task<IActionResult> OnGetAsync(Guid id, int version, CancellationToken cancellationToken) =>
        await PassAsync(await client.EarlierAsync(id, version, cancellationToken), "replaced-hospital-letter.pdf", cancellationToken);
}
