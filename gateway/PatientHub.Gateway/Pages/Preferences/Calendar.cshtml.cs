using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Edge;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Pages.Preferences;

/// <summary>
/// The private calendar link (R24): off by default, switched on after a warning, revoked at any time. Its address is shown in the session that made it: Appointments keeps only a hash.
/// </summary>
internal sealed class CalendarModel(AppointmentsClient client, CurrentPatient patient, PublicAddress address) : HubPageModel
{
    /// <summary>What the page showed when a button was pressed; the service compares.</summary>
    [BindProperty] public int Version { get; set; }

    public Part<MyCalendarFeed> Feed { get; private set; } = Part<MyCalendarFeed>.Missing;

    /// <summary>It changed meanwhile, in another tab or by an event.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>The address for a calendar; null when this session did not make it.</summary>
    public string? Address => Feed.Value is { IsOn: true } feed && patient.Session.CalendarFeed is { } made && made.Version == feed.Version ? $"{address.Origin}/calendar-feed/{made.Token}.ics" : null;

    /// <summary>The same for the calendar of this device: phones and computers open <c>webcal:</c> with it.</summary>
    public string? DeviceAddress => Address is { } web ? "webcal" + web[web.IndexOf(':', StringComparison.Ordinal)..] : null;

    public async Task OnGetAsync(bool changed, CancellationToken cancellationToken) => (Feed, HasChanged) = (await client.FeedAsync(cancellationToken), changed);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var (outcome, feed) = await client.SwitchFeedOnAsync(new SwitchCalendarFeedOn { Version = Version }, cancellationToken);
        if (outcome.Code == Outcome.NotFound)
            return NotFound();
        if (feed is null)
            return SeeOther("/preferences/calendar?changed=true");
        await patient.RememberAsync(new CalendarFeedAddress(feed.Token, Version + 1));
        return SeeOther("/preferences/calendar");
    }

    public async Task<IActionResult> OnPostOffAsync(CancellationToken cancellationToken)
    {
        await client.SwitchFeedOffAsync(cancellationToken);
        await patient.RememberAsync(null);
        return SeeOther("/preferences/calendar");
    }
}
