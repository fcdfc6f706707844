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
        var name = TemplateOf(steps);
        var real = Values(steps, contact, standings, contact.LinkToken, contact.Uvc);
        var kept = Values(steps, contact, standings, Hidden, contact.Uvc is null ? null : Hidden);
        return Render(name, channel, real, kept) is { } worded && (steps.Count == 1 || channel == Channel.Email || TextAlphabet.Parts(worded.Body) <= TextAlphabet.MostParts) ? worded : null;
    }

    /// <summary>R14: the code first, the domain-bound last line last. No copy is kept.</summary>
    public Worded OfCode(CollectedCode collected, Channel channel)
    {
        var values = new Dictionary<string, object?>
        {
            ["code"] = collected.Code,
            ["uvc"] = collected.Uvc,
            ["firstName"] = collected.FirstName is { } firstName ? OneLine(firstName, 40) : null,
            ["trust"] = trust.Value.ShortName,
            ["trustName"] = trust.Value.Name,
            ["until"] = LondonTime.FormatTime(collected.ExpiresAt),
            ["host"] = hub.Value.PublicBaseUrl.Host,
        };
        return Render(collected.Code is null ? "uvc.v1" : "code.v1", channel, values, values);
    }

    private Worded Render(string name, Channel channel, Dictionary<string, object?> real, Dictionary<string, object?> kept)
    {
        if (channel == Channel.Sms)
        {
            var text = TextAlphabet.Simplify(templates.Render($"en/{name}.sms.hbs", real));
            return new Worded(name, null, text, null, null, templates.Render($"en/{name}.sms.hbs", kept));
        }

        var (subject, body) = Split(templates.Render($"en/{name}.email.hbs", real));
        var (keptSubject, keptBody) = Split(templates.Render($"en/{name}.email.hbs", kept));
        var html = templates.Render("en/email-layout.v1.html.hbs", new
        {
            subject,
            paragraphs = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(paragraph => paragraph.Trim('\n').Split('\n')
                .Select(line => new { text = line, href = line.StartsWith(hub.Value.PublicBaseUrl.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal) ? line : null }).ToArray())
                .ToArray(),
        });
        return new Worded(name, subject, body, html, keptSubject, keptBody);
    }

    private static (string Subject, string Body) Split(string rendered)
    {
        var end = rendered.IndexOf('\n', StringComparison.Ordinal);
        var body = rendered[(end + 1)..].Trim('\n');
        while (body.Contains("\n\n\n", StringComparison.Ordinal)) body = body.Replace("\n\n\n", "\n\n", StringComparison.Ordinal);
        return (rendered[..end], body);
    }

    private static string TemplateOf(IReadOnlyList<JourneyStep> steps) => steps[0].Kind switch
    {
        // Together with what is new, what was told before needs no "reminder".
        JourneyKind.Invitation when steps.Count > 1 => steps.Any(s => s.Step == 0) ? "invitations.v1" : "invitation-reminders.v1",
        JourneyKind.AppointmentReminder when steps.Count > 1 => "appointment-reminders.v1",
        JourneyKind.Invitation when steps[0].AppointmentId is null => steps[0].Step == 0 ? "new-letter.v1" : "new-letter-reminder.v1",
        JourneyKind.Invitation => steps[0].Step == 0 ? "invitation.v1" : "invitation-reminder.v1",
        JourneyKind.AppointmentReminder => "appointment-reminder.v1",
        JourneyKind.Moved => "moved.v1",
        JourneyKind.Cancelled => "cancelled.v1",
        JourneyKind.NotReached => "not-reached.v1",
        _ => throw new InvalidOperationException($"No template for {steps[0].Kind}."),
    };

    private Dictionary<string, object?> Values(
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
            // One number for all, or none here and one with each item.
            ["phone"] = phones.Count > 1 ? null : phones.Count == 1 ? phones[0] : trust.Value.BookingPhone,
            ["phoneHours"] = phones.Count > 1 ? null : standing is null ? trust.Value.BookingHours : standing.ClinicPhoneHours,
            // R1, R21: no message offers what the pages then refuse.
            ["offersChanges"] = appointments.Count > 0 && appointments.All(a => a.OffersChanges),
            ["requestOpen"] = standing?.Appointment.RequestOpen ?? false,
            ["asked"] = steps[0].AskedByPatient,
            ["timeMoved"] = steps[0].PreviousStart is not null,
            ["previously"] = steps[0].PreviousStart is { } before ? LondonTime.FormatDateAtTime(before) : null,
            ["appointments"] = appointments.Count,
            ["manyAppointments"] = appointments.Count > 1,
            ["letters"] = letters,
            ["manyLetters"] = letters > 1,
            ["items"] = appointments.Select(a => new Dictionary<string, object?>
            {
                ["when"] = LondonTime.FormatDateAtTime(a.Appointment.Start),
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
