using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>One appointment: when, where, how, its letter, what may be done until when (A6) and by phone after that (R21).</summary>
internal sealed class DetailsModel(AppointmentsClient client, TimeProvider time) : AppointmentPageModel(client)
{
    /// <summary>What has become of the answer that led here.</summary>
    public sealed record Notice(bool Good, string Heading, string Text, bool Phone = false);

    public Notice? Banner { get; private set; }

    public bool IsToCome => Appointment.PasStatus == PasStatus.Booked && Appointment.Start > time.GetUtcNow();

    public bool IsPast(DateTimeOffset instant) => instant < time.GetUtcNow();

    /// <summary>A plain link (R25): nothing of the map is loaded before the patient asks for it.</summary>
    public string MapLink => "https://www.google.com/maps/search/?api=1&query=" + (Appointment is { SiteLatitude: { } latitude, SiteLongitude: { } longitude }
        ? string.Create(CultureInfo.InvariantCulture, $"{latitude},{longitude}")
        : Uri.EscapeDataString(string.Join(", ", Appointment.SiteAddress.Prepend(Appointment.SiteName))));

    public async Task<IActionResult> OnGetAsync(string? did, string? tried, string? why, CancellationToken cancellationToken)
    {
        if (await LoadAsync(cancellationToken) is { } instead)
            return instead;
        Banner = Answered(did ?? tried) ?? (tried is null ? null : Refused(why));
        return Page();
    }

    /// <summary>Said only if the appointment itself says so: an address alone proves nothing.</summary>
    private Notice? Answered(string? answer) => (answer, Appointment.PatientRequest, Appointment.RequestOpen) switch
    {
        ("accept", PatientRequest.Accepted, _) => new Notice(true, "You have accepted this appointment", "We expect you. If something changes, you can still ask for another time or ask to cancel here."),
        ("rebook", PatientRequest.RebookRequested, true) => new Notice(true, "You have asked for another time", "The booking centre will phone you. Until then your appointment is still booked."),
        ("cancel", PatientRequest.CancellationRequested, true) => new Notice(true, "You have asked to cancel", "The hospital will confirm it with you. Until then your appointment is still booked."),
        ("withdraw", not (PatientRequest.RebookRequested or PatientRequest.CancellationRequested), _) => new Notice(true, "Your request is taken back", "Your appointment stays as it is."),
        _ => null,
    };

    private static Notice Refused(string? why) => why switch
    {
        "inside-five-days" => new Notice(false, "It is too late to change this online", "It is less than 5 days to your appointment. Nothing has been changed.", Phone: true),
        "letter-changed" => new Notice(false, "The letter has changed", "There is a newer letter. Read it and answer again. Nothing has been changed."),
        "claimed" => new Notice(false, "The booking centre is already working on it", "You can no longer take it back here. Nothing has been changed.", Phone: true),
        "request-open" => new Notice(false, "You have already asked us for something", "Take that back first, or wait for our call. Nothing has been changed."),
        "no-request" => new Notice(false, "There is nothing to take back", "Look again below."),
        "not-offered" => new Notice(false, "This cannot be done online", "Nothing has been changed.", Phone: true),
        "started" or "not-booked" => new Notice(false, "This appointment can no longer be answered", "Look again below.", Phone: true),
        _ => new Notice(false, "This appointment has changed", "Something changed while you had the page open. Look again below. What you sent has not been saved."),
    };
}
