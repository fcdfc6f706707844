using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>What the letter said before, marked as replaced (A15). It cannot be answered, and opens nothing.</summary>
internal sealed class EarlierModel(LettersClient client) : HubPageModel
{
    public EarlierLetter Shown { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        var earlier = await client.EarlierAsync(id, version, cancellationToken);
        if (earlier.Value is not { } content)
            return Without(earlier);
        Shown = content;
        return Page();
    }
}
