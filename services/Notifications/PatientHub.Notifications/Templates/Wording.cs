using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Calendar;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.ServiceDefaults;

namespace PatientHub.Notifications.Templates;

/// <summary>A message as it goes out, and as it is kept for the patient's list: without the link's token and without any code.</summary>
internal sealed record Worded(string Template, string? Subject, string Body, string? Html, string? KeptSubject, string KeptBody);

/// <summary>Makes messages of facts (A25): the first name, no clinic, no specialty, no diagnosis; date, time, place and phone where the patient must act on them alone.</summary>
internal sealed class Wording(MessageTemplates templates, IOptions<TrustOptions> trust, IOptions<HubOptions> hub)
{
    private const string Hidden = "…";

    /// <param name="steps">One step, or several of one kind: a digest.</param>
    /// <param name="standings">How the appointments stand.</param>
    /// <returns>Null when a digest is too long for a text: fewer steps at a time.</returns>
    public Worded? Of(IReadOnlyList<JourneyStep> steps, Channel channel, PatientContact contact, IReadOnlyDictionary<Guid, AppointmentStanding>? standings)
    {
        var real = Values(steps, contact, standings, contact.LinkToken, contact.Uvc);
        var kept = Values(steps, contact, standings, Hidden, contact.Uvc is null ? null : Hidden);
        var worded = Render(KindOf(steps), channel, templates.LanguageFor(contact.Language), real, kept);
        return steps.Count == 1 || channel == Channel.Email || TextAlphabet.Parts(worded.Body) <= TextAlphabet.MostParts ? worded : null;
    }

    /// <summary>R14: the code first, the domain-bound last line last. No copy is kept.</summary>
    public Worded OfCode(CollectedCode collected, Channel channel)
    {
        var values = CodeValues(collected.Code, collected.Uvc, collected.FirstName, collected.ExpiresAt);
        return Render(collected.Code is null ? "uvc" : "code", channel, templates.LanguageFor(collected.Languages), values, values);
    }

    /// <summary>The answer to a patient who texts back.</summary>
    public Worded OfTextReply(string? language)
    {
        var values = TextReplyValues();
        return Render(TemplateKinds.TextReply, Channel.Sms, templates.LanguageFor(language), values, values);
    }

    internal Dictionary<string, object?> CodeValues(string? code, string? uvc, string? firstName, DateTimeOffset until) => new()
    {
        ["code"] = code,
        ["uvc"] = uvc,
        ["firstName"] = firstName is null ? null : OneLine(firstName, 40),
        ["trust"] = trust.Value.ShortName,
        ["trustName"] = trust.Value.Name,
        ["until"] = LondonTime.FormatTime(until),
        // For languages other than English.
        ["until24"] = LondonTime.TimeOf(until).ToString("HH:mm", CultureInfo.InvariantCulture),
        ["host"] = hub.Value.PublicBaseUrl.Host,
    };

    internal Dictionary<string, object?> TextReplyValues() => new()
    {
        ["trust"] = trust.Value.ShortName,
        ["trustName"] = trust.Value.Name,
        ["phone"] = trust.Value.BookingPhone,
        ["phoneHours"] = trust.Value.BookingHours,
    };

    private Worded Render(string kind, Channel channel, string language, Dictionary<string, object?> real, Dictionary<string, object?> kept)
    {
        var template = templates.Current(kind, channel, language);
        var name = $"{kind}.{language}.v{template.Version}";
        var (subject, body) = Rendered(template, channel, real);
        var (keptSubject, keptBody) = (template.RenderSubject(kept), template.RenderBody(kept));
        return new Worded(name, subject, body, channel == Channel.Sms ? null : Html(subject!, body, language), keptSubject, keptBody);
    }

    /// <summary>As it goes out; a text in the networks' alphabet where that is possible.</summary>
    internal static (string? Subject, string Body) Rendered(CompiledTemplate template, Channel channel, Dictionary<string, object?> values) =>
        channel == Channel.Sms ? (null, TextAlphabet.Simplify(template.RenderBody(values))) : (template.RenderSubject(values), template.RenderBody(values));

    internal string Html(string subject, string body, string language) => templates.Layout(subject, body, language, hub.Value.PublicBaseUrl.GetLeftPart(UriPartial.Authority));

    internal static string KindOf(IReadOnlyList<JourneyStep> steps) => steps[0].Kind switch
    {
        // Together with what is new, what was told before needs no "reminder".
        JourneyKind.Invitation when steps.Count > 1 => steps.Any(s => s.Step == 0) ? "invitations" : "invitation-reminders",
        JourneyKind.AppointmentReminder when steps.Count > 1 => "appointment-reminders",
        JourneyKind.Invitation when steps[0].AppointmentId is null => steps[0].Step == 0 ? "new-letter" : "new-letter-reminder",
        JourneyKind.Invitation => steps[0].Step == 0 ? "invitation" : "invitation-reminder",
        JourneyKind.AppointmentReminder => "appointment-reminder",
        JourneyKind.Posted => "posted",
        JourneyKind.Moved => "moved",
        JourneyKind.Cancelled => "cancelled",
        JourneyKind.NotReached => "not-reached",
        JourneyKind.ContactsEnd => "contacts-end",
        _ => throw new InvalidOperationException($"No template for {steps[0].Kind}."),
    };

    internal Dictionary<string, object?> Values(
        IReadOnlyList<JourneyStep> steps, PatientContact contact, IReadOnlyDictionary<Guid, AppointmentStanding>? standings, string linkToken, string? uvc)
    {
        var firstName = OneLine(contact.FirstName, 40);
        var appointments = steps.Where(s => s.AppointmentId is not null).Select(s => standings![s.AppointmentId!.Value]).DistinctBy(s => s.Appointment.AppointmentId).ToList();
        var letters = steps.Where(s => s.AppointmentId is null).Select(s => s.SubjectId).Distinct().Count();
        var standing = appointments.Count > 0 ? appointments[0] : null;
        var phones = appointments.Select(PhoneOf).Distinct().ToList();
        var start = standing?.Appointment.Start;
        return new Dictionary<string, object?>
        {
            ["firstName"] = firstName,
            // A25: "for Amy" when the phone is a parent's.
            ["name"] = contact.ThroughParent ? $"For {firstName}: " : $"{firstName}, ",
            ["throughParent"] = contact.ThroughParent,
            ["trust"] = trust.Value.ShortName,
            ["trustName"] = trust.Value.Name,
            ["link"] = $"{hub.Value.PublicBaseUrl.ToString().TrimEnd('/')}/p/{linkToken}",
            ["uvc"] = uvc,
            ["date"] = start is { } onDate ? LondonTime.FormatDate(onDate) : null,
            ["when"] = start is { } at ? LondonTime.FormatDateAtTime(at) : null,
            ["place"] = standing is null ? null : PlaceOf(standing),
            // For languages other than English: numbers, and facts to word.
            ["dateNumeric"] = start is { } numeric ? LondonTime.DateOf(numeric).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture) : null,
            ["time24"] = start is { } hours ? LondonTime.TimeOf(hours).ToString("HH:mm", CultureInfo.InvariantCulture) : null,
            ["site"] = standing?.SiteName is { } siteName ? OneLine(siteName, 80) : null,
            ["byTelephone"] = standing?.Appointment.Medium == AppointmentMedium.Telephone,
            ["byVideo"] = standing?.Appointment.Medium == AppointmentMedium.Video,
            // One number for all, or none here and one with each item.
            ["phone"] = phones.Count > 1 ? null : phones.Count == 1 ? phones[0] : trust.Value.BookingPhone,
            ["phoneHours"] = phones.Count > 1 ? null : standing is null ? trust.Value.BookingHours : standing.ClinicPhoneHours,
            // R1, R21: no message offers what the pages then refuse.
            ["offersChanges"] = appointments.Count > 0 && appointments.All(a => a.OffersChanges),
            ["requestOpen"] = standing?.Appointment.RequestOpen ?? false,
            ["asked"] = steps[0].AskedByPatient,
            ["timeMoved"] = steps[0].PreviousStart is not null,
            ["previously"] = steps[0].PreviousStart is { } before ? LondonTime.FormatDateAtTime(before) : null,
            ["previousDateNumeric"] = steps[0].PreviousStart is { } earlier ? LondonTime.DateOf(earlier).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture) : null,
            ["previousTime24"] = steps[0].PreviousStart is { } then ? LondonTime.TimeOf(then).ToString("HH:mm", CultureInfo.InvariantCulture) : null,
            ["count"] = steps.Count,
            ["many"] = steps.Count > 1,
            ["appointments"] = appointments.Count,
            ["manyAppointments"] = appointments.Count > 1,
            ["letters"] = letters,
            ["manyLetters"] = letters > 1,
            ["items"] = appointments.Select(a => new Dictionary<string, object?>
            {
                ["when"] = LondonTime.FormatDateAtTime(a.Appointment.Start),
                ["dateNumeric"] = LondonTime.DateOf(a.Appointment.Start).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture),
                ["time24"] = LondonTime.TimeOf(a.Appointment.Start).ToString("HH:mm", CultureInfo.InvariantCulture),
                ["site"] = a.SiteName is { } siteOf ? OneLine(siteOf, 80) : null,
                ["place"] = PlaceOf(a),
                ["phone"] = phones.Count > 1 ? PhoneOf(a) : null,
                ["requestOpen"] = a.Appointment.RequestOpen,
            }).ToArray(),
        };
    }

    private string PhoneOf(AppointmentStanding standing) => standing.ClinicPhone ?? trust.Value.BookingPhone;

    private static string? PlaceOf(AppointmentStanding standing) => standing.Appointment.Medium switch
    {
        AppointmentMedium.Telephone => "by telephone: we will ring you",
        AppointmentMedium.Video => "by video",
        _ => standing.SiteName is { } site ? OneLine(site, 80) : null,
    };

    /// <summary>A name cannot add a line, a header or a second message.</summary>
    private static string OneLine(string value, int atMost)
    {
        var line = new StringBuilder(Math.Min(value.Length, atMost));
        foreach (var rune in value.EnumerateRunes())
        {
            if (line.Length >= atMost) break;
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029) line.Append(' ');
            else line.Append(rune);
        }

        return line.ToString().Trim();
    }
}
