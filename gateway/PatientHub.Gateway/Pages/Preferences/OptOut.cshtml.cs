using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Preferences;

/// <summary>Opting out, with what it means (R30).</summary>
internal sealed class OptOutModel(NotificationsClient client) : HubPageModel
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var current = await client.PreferencesAsync(cancellationToken);
        if (current.IsDown)
            return StatusCode(StatusCodes.Status503ServiceUnavailable);
        await client.SaveAsync((current.Value ?? new()) with { OptedOut = true }, cancellationToken);
        return SeeOther("/preferences?did=opted-out");
    }
}
