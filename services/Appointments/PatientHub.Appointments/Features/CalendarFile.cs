using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.ServiceDefaults;

namespace PatientHub.Appointments.Features;

/// <summary>
/// An appointment as an iCalendar file (RFC 5545, 5546). A diary is read by other people and synchronised to other companies: the title is neutral, and clinic, specialty,
/// reason and preparation are not in it (A25). The same UID with SEQUENCE = Revision replaces the old entry (A15); a cancellation has one more (A23).
/// </summary>
internal static class CalendarFile
{
    public const string Title = "Hospital appointment";

    /// <summary>How far back a feed goes: a calendar's company needs no history of 24 months.</summary>
    public static readonly TimeSpan FeedKeeps = TimeSpan.FromDays(31);

    private const string London = "Europe/London";

    /// <summary>The file of one appointment, downloaded by its signed-in patient.</summary>
    public static string Of(AppointmentView view, TrustOptions trust, Uri hub, DateTimeOffset now)
    {
        var entry = Entry(view, hub, now);
        entry.Description = Describe(view, trust, hub);
        entry.Url = new Uri(hub, "/");
        entry.Organizer = new Organizer($"mailto:{trust.EmailFrom}") { CommonName = trust.Name };
        if (view is { Appointment.Medium: AppointmentMedium.FaceToFace, Site: { Latitude: { } latitude, Longitude: { } longitude } })
            entry.GeographicLocation = new GeographicLocation(latitude, longitude);
        return Write(IsCancelled(view) ? CalendarMethods.Cancel : CalendarMethods.Publish, [entry]);
    }

    /// <summary>
    /// All of a patient's, for the feed: neutral title, time and place only. Other companies fetch it: no telephone number, which may be a clinic's own, and no word of the trust but its site.
    /// </summary>
    public static string Feed(IReadOnlyList<AppointmentView> views, Uri hub, DateTimeOffset now) => Write(CalendarMethods.Publish, views.Select(view => Entry(view, hub, now)), calendar =>
    {
        calendar.AddProperty("X-WR-CALNAME", "Hospital appointments");
        // RFC 7986, 5.7, and what Outlook and Apple read instead.
        calendar.Properties.Add(new CalendarProperty("REFRESH-INTERVAL", "PT4H") { Parameters = { new CalendarParameter("VALUE", "DURATION") } });
        calendar.AddProperty("X-PUBLISHED-TTL", "PT4H");
    });

    private static bool IsCancelled(AppointmentView view) => view.Appointment.PasStatus == PasStatus.Cancelled;

    private static CalendarEvent Entry(AppointmentView view, Uri hub, DateTimeOffset now)
    {
        var a = view.Appointment;
        var cancelled = IsCancelled(view);
        var entry = new CalendarEvent
        {
            Uid = $"{a.Id}@{hub.Host}",
            Sequence = a.Revision + (cancelled ? 1 : 0),
            DtStamp = new CalDateTime(now.UtcDateTime, "UTC"),
            DtStart = InLondon(a.Start),
            DtEnd = a.End is { } end && end > a.Start ? InLondon(end) : null,
            Summary = cancelled ? "Cancelled: " + Title.ToLowerInvariant() : Title,
            Location = Where(view),
            Status = cancelled ? EventStatus.Cancelled : EventStatus.Confirmed,
            Transparency = cancelled ? TransparencyType.Transparent : TransparencyType.Opaque,
            Class = "PRIVATE",
        };
        if (!cancelled)
            entry.Alarms.Add(new Alarm { Action = AlarmAction.Display, Description = Title, Trigger = new Trigger(Duration.FromDays(-1)) });
        return entry;
    }

    private static string Write(string method, IEnumerable<CalendarEvent> entries, Action<Ical.Net.Calendar>? complete = null)
    {
        var calendar = new Ical.Net.Calendar { Method = method, ProductId = "-//PatientHub//Appointments//EN" };
        complete?.Invoke(calendar);
        calendar.TimeZones.Add(TimeZone());
        foreach (var entry in entries) calendar.Events.Add(entry);
        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    // RFC 5545, 3.3.5: a local time that comes twice means the first one. Not every calendar knows (ical.js takes the second): in that hour UTC says what is meant.
    private static CalDateTime InLondon(DateTimeOffset instant)
    {
        var wall = Calendar.LondonTime.At(instant);
        var (date, time) = (DateOnly.FromDateTime(wall.DateTime), TimeOnly.FromDateTime(wall.DateTime));
        return Calendar.LondonTime.ToInstant(date, time) == Calendar.LondonTime.ToInstant(date, time, Calendar.RepeatedHour.Second)
            ? new CalDateTime(wall.DateTime, London)
            : new CalDateTime(instant.UtcDateTime, "UTC");
    }

    private static string? Where(AppointmentView view) => view.Appointment.Medium switch
    {
        AppointmentMedium.Telephone => "By phone: the hospital will call you",
        AppointmentMedium.Video => "By video",
        _ => view.Site is null ? null : string.Join(", ", new[] { view.Site.NameForPatients }.Concat(view.Site.Address).Where(line => !string.IsNullOrWhiteSpace(line))),
    };

    private static string Describe(AppointmentView view, TrustOptions trust, Uri hub) => view.Appointment.PasStatus == PasStatus.Cancelled
        ? $"This appointment was cancelled by {trust.Name}. Do not come. Questions: phone {view.Clinic.Phone ?? trust.BookingPhone}."
        : $"Appointment with {trust.Name}. Details, your letter and how to change it: {hub}. Questions: phone {view.Clinic.Phone ?? trust.BookingPhone}. If the time changes, delete this entry and add the new one.";

    // The rules since 1996, which is all that calendars need; the change is at 01:00 UTC both times.
    private static VTimeZone TimeZone()
    {
        var zone = new VTimeZone(London);
        zone.Children.Add(Rule("DAYLIGHT", "BST", new DateTime(1970, 3, 29, 1, 0, 0), 0, 1, 3));
        zone.Children.Add(Rule("STANDARD", "GMT", new DateTime(1970, 10, 25, 2, 0, 0), 1, 0, 10));
        return zone;

        static VTimeZoneInfo Rule(string kind, string name, DateTime from, int offsetFrom, int offsetTo, int month) => new(kind)
        {
            TimeZoneName = name,
            Start = new CalDateTime(from),
            OffsetFrom = new UtcOffset(TimeSpan.FromHours(offsetFrom)),
            OffsetTo = new UtcOffset(TimeSpan.FromHours(offsetTo)),
            RecurrenceRule = new RecurrenceRule(FrequencyType.Yearly, 1) { ByMonth = [month], ByDay = [new WeekDay(DayOfWeek.Sunday, FrequencyOccurrence.Last)] },
        };
    }
}
