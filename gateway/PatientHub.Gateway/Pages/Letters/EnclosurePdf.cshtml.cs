using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>An enclosure as PDF, to keep or to print and fill in.</summary>
internal sealed class EnclosurePdfModel(LetterFilesClient client) : FilePageModel
{
    public async Task<IActionResult> OnGetAsync(Guid id, int number, CancellationToken cancellationToken) =>
        await PassAsync(await client.EnclosureAsync(id, number, cancellationToken), $"hospital-enclosure-{number}.pdf", cancellationToken);
}
