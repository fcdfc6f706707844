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

    public Worded Of(JourneyStep step, Channel channel, PatientContact contact, AppointmentStanding? standing)
    {
        var name = TemplateOf(step);
        var real = Values(step, contact, standing, contact.LinkToken, contact.Uvc, channel);
        var kept = Values(step, contact, standing, Hidden, contact.Uvc is null ? null : Hidden, channel);
        return Render(name, channel, real, kept);
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
            if (TextAlphabet.Parts(text) > TextAlphabet.MostParts) throw new InvalidOperationException($"The text {name} has more than {TextAlphabet.MostParts} parts.");
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

    private static string TemplateOf(JourneyStep step) => step.Kind switch
    {
        JourneyKind.Invitation when step.AppointmentId is null => step.Step == 0 ? "new-letter.v1" : "new-letter-reminder.v1",
        JourneyKind.Invitation => step.Step == 0 ? "invitation.v1" : "invitation-reminder.v1",
        JourneyKind.AppointmentReminder => "appointment-reminder.v1",
        JourneyKind.Moved => "moved.v1",
        JourneyKind.Cancelled => "cancelled.v1",
        JourneyKind.NotReached => "not-reached.v1",
        _ => throw new InvalidOperationException($"No template for {step.Kind}."),
    };

    private Dictionary<string, object?> Values(JourneyStep step, PatientContact contact, AppointmentStanding? standing, string linkToken, string? uvc, Channel channel)
    {
        var firstName = OneLine(contact.FirstName, 40);
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
            ["place"] = standing?.Appointment.Medium switch
            {
                AppointmentMedium.Telephone => "by telephone: we will ring you",
                AppointmentMedium.Video => "by video",
                _ => standing?.SiteName is { } site ? OneLine(site, 80) : null,
            },
            ["phone"] = standing?.ClinicPhone ?? trust.Value.BookingPhone,
            ["phoneHours"] = standing is null ? trust.Value.BookingHours : standing.ClinicPhoneHours,
            // R1, R21: no message offers what the pages then refuse.
            ["offersChanges"] = standing?.OffersChanges ?? false,
            ["requestOpen"] = standing?.Appointment.RequestOpen ?? false,
            ["asked"] = step.AskedByPatient,
            ["timeMoved"] = step.PreviousStart is not null,
            ["previously"] = step.PreviousStart is { } before ? LondonTime.FormatDateAtTime(before) : null,
        };
    }

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
