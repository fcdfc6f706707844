using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>A leaflet, form or directions of a letter (R10).</summary>
internal sealed class EnclosureModel(LettersClient client) : HubPageModel
{
    public EnclosureContent Shown { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, int number, CancellationToken cancellationToken)
    {
        var enclosure = await client.EnclosureAsync(id, number, cancellationToken);
        if (enclosure.Value is not { } content)
            return Without(enclosure);
        Shown = content;
        return Page();
    }
}
