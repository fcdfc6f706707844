using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Texts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts;
using Choice = PatientHub.Notifications.Contracts.Http.Preferences;

namespace PatientHub.Gateway.Pages.Preferences;

/// <summary>Text or email (R28), also by post (A17), ways to opt out and in again (R30), contact details on record (R29).</summary>
internal sealed class IndexModel(NotificationsClient notifications, IdentityClient identity, AppointmentsClient appointments, PageTexts texts) : HubPageModel
{
    /// <summary>What was done before this page came.</summary>
    public sealed record Notice(Text Heading, Text? Text = null);

    [BindProperty] public string? Channel { get; set; }
    [BindProperty] public bool AlsoPost { get; set; }

    public Part<Choice> Current { get; private set; } = Part<Choice>.Missing;

    public Part<Me> Me { get; private set; } = Part<Me>.Missing;

    public Part<MyContactCorrections> Corrections { get; private set; } = Part<MyContactCorrections>.Missing;

    public Notice? Banner { get; private set; }

    public IReadOnlyList<(string Value, string Text)> Channels =>
    [
        ("", texts.Plain("Preferences.Channel.None")),
        (nameof(Notifications.Contracts.Channel.Sms), texts.Plain("Preferences.Channel.Sms")),
        (nameof(Notifications.Contracts.Channel.Email), texts.Plain("Preferences.Channel.Email")),
    ];

    public async Task OnGetAsync(string? did, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        Banner = Done(did);
        (Channel, AlsoPost) = (Current.Value?.PreferredChannel?.ToString() ?? "", Current.Value?.AlsoPost == true);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        Channel ??= "";
        if (Channels.All(offered => offered.Value != Channel))
        {
            ModelState.AddModelError("Channel", texts.Plain("Preferences.Channel.Wrong"));
            Channel = "";
            await LoadAsync(cancellationToken);
            return Page();
        }
        Channel? channel = Channel.Length == 0 ? null : Enum.Parse<Channel>(Channel);
        // This form says nothing about opting out: a page that is stale must not opt anybody in again.
        var current = await notifications.PreferencesAsync(cancellationToken);
        if (current.IsDown)
            return StatusCode(StatusCodes.Status503ServiceUnavailable);
        var outcome = await notifications.SaveAsync((current.Value ?? new Choice()) with { PreferredChannel = channel, AlsoPost = AlsoPost }, cancellationToken);
        if (outcome.Done)
            return SeeOther("/preferences?did=save");
        ModelState.AddModelError("Channel", texts.Plain(channel == Notifications.Contracts.Channel.Sms ? "Preferences.Channel.NoMobile" : "Preferences.Channel.NoEmail"));
        await LoadAsync(cancellationToken);
        return Page();
    }

    /// <summary>Said only if it is so: an address alone proves nothing.</summary>
    private Notice? Done(string? did) => (did, Current.Value?.OptedOut, Corrections.Value?.Open) switch
    {
        ("save", not null, _) => new Notice(texts["Preferences.Saved"]),
        ("opted-out", true, _) => new Notice(texts["Preferences.OptedOut.Heading"], texts["Preferences.OptedOut.Text"]),
        ("opted-in", false, _) => new Notice(texts["Preferences.OptedIn.Heading"], texts["Preferences.OptedIn.Text"]),
        ("told", _, > 0) => new Notice(texts["Preferences.Told.Heading"], texts["Preferences.Told.Text"]),
        _ => null,
    };

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var (first, second, third) = (notifications.PreferencesAsync(cancellationToken), identity.MeAsync(cancellationToken), appointments.CorrectionsAsync(cancellationToken));
        await Task.WhenAll(first, second, third);
        (Current, Me, Corrections) = (await first, await second, await third);
    }
}
