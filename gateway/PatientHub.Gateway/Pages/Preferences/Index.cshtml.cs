using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts;
using Choice = PatientHub.Notifications.Contracts.Http.Preferences;

namespace PatientHub.Gateway.Pages.Preferences;

/// <summary>Text or email (R28), also by post (A17), opting in again (R30), contact details on record (R29).</summary>
internal sealed class IndexModel(NotificationsClient notifications, IdentityClient identity) : HubPageModel
{
    public static readonly IReadOnlyList<(string Value, string Text)> Channels =
    [
        ("", "No preference: by text, or by email if we hold no mobile number"),
        (nameof(Notifications.Contracts.Channel.Sms), "By text message"),
        (nameof(Notifications.Contracts.Channel.Email), "By email"),
    ];

    [BindProperty] public string? Channel { get; set; }
    [BindProperty] public bool AlsoPost { get; set; }

    public Part<Choice> Current { get; private set; } = Part<Choice>.Missing;

    public Part<Me> Me { get; private set; } = Part<Me>.Missing;

    public bool Saved { get; private set; }

    public async Task OnGetAsync(string? did, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        Saved = did == "save" && Current.Value is not null;
        (Channel, AlsoPost) = (Current.Value?.PreferredChannel?.ToString() ?? "", Current.Value?.AlsoPost == true);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        Channel ??= "";
        if (Channels.All(offered => offered.Value != Channel))
        {
            ModelState.AddModelError("Channel", "Select how we should tell you about appointments");
            Channel = "";
            await LoadAsync(cancellationToken);
            return Page();
        }
        Channel? channel = Channel.Length == 0 ? null : Enum.Parse<Channel>(Channel);
        var outcome = await notifications.SaveAsync(new Choice { PreferredChannel = channel, AlsoPost = AlsoPost }, cancellationToken);
        if (outcome.Done)
            return SeeOther("/preferences?did=save");
        ModelState.AddModelError("Channel", channel == Notifications.Contracts.Channel.Sms
            ? "We hold no mobile number for you. Select email, or phone us to give us your number"
            : "We hold no email address for you. Select text message, or phone us to give us your address");
        await LoadAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostOptInAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        if (Current.Value is not { } current)
            return StatusCode(StatusCodes.Status503ServiceUnavailable);
        await notifications.SaveAsync(current with { OptedOut = false }, cancellationToken);
        return SeeOther("/preferences?did=save");
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var (first, second) = (notifications.PreferencesAsync(cancellationToken), identity.MeAsync(cancellationToken));
        await Task.WhenAll(first, second);
        (Current, Me) = (await first, await second);
    }
}
