using System.Globalization;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>
/// Links that open another company's calendar with the entry filled in (R24). They tell it what a diary would show to anybody: a neutral title, the time and the place (A25).
/// An appointment without an end is given none but its start: we invent nothing.
/// </summary>
internal sealed class CalendarLinks(PageTexts texts, MyAppointment appointment)
{
    private string Title => Uri.EscapeDataString(texts.Plain("Appointments.Calendar.Entry"));

    private DateTimeOffset End => appointment.End is { } end && end > appointment.Start ? end : appointment.Start;

    private string Place => Uri.EscapeDataString(appointment.Medium switch
    {
        AppointmentMedium.Telephone => texts.Plain("Appointments.Calendar.ByPhone"),
        AppointmentMedium.Video => texts.Plain("Appointments.Calendar.ByVideo"),
        _ => string.Join(", ", appointment.SiteAddress.Prepend(appointment.SiteName).Where(line => !string.IsNullOrWhiteSpace(line))),
    });

    public string Google => $"https://calendar.google.com/calendar/r/eventedit?text={Title}&dates={Basic(appointment.Start)}/{Basic(End)}&location={Place}";

    public string Outlook => "https://outlook.live.com/calendar/action/compose" + OutlookQuery;

    public string OutlookForWork => "https://outlook.office.com/calendar/action/compose" + OutlookQuery;

    private string OutlookQuery => $"?subject={Title}&startdt={Extended(appointment.Start)}&enddt={Extended(End)}&location={Place}";

    // ISO 8601, UTC: each calendar turns it into its owner's time.
    private static string Basic(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Extended(DateTimeOffset instant) => Uri.EscapeDataString(instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
