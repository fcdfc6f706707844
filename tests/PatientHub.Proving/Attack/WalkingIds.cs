using PatientHub.Proving.Traffic;
using PatientHub.Testing;

namespace PatientHub.Proving.Attack;

/// <summary>A signed-in patient tries the addresses of somebody else's things. Theirs and what does not exist are the same "not found", byte for byte.</summary>
public static class WalkingIds
{
    private static readonly string[] Pages = ["/appointments/{0}", "/appointments/{0}/calendar.ics", "/appointments/{0}/rebook", "/appointments/{0}/cancel", "/letters/{0}", "/letters/{0}/pdf"];
    private static readonly string[] Api = ["/api/me/appointments/{0}", "/api/me/appointments/{0}/calendar.ics", "/api/me/letters/{0}", "/api/me/letters/{0}/pdf"];

    public static async Task<AttackLine> RunAsync(Victims victims)
    {
        var hub = victims.Hub;
        var (victim, bookings) = await victims.NewAsync(bookings: 1);
        var (thief, own) = await victims.NewAsync(bookings: 1);
        var theirs = hub.Ids.Appointment("pas", bookings[0].SourceId);
        var browser = await victims.SignedInAsync(victim);
        string? letter = null;
        await Eventually.True(async () => (letter = Between((await browser.GetAsync($"/appointments/{theirs}")).Body, "href=\"/letters/", "\"")) is not null, "the victim's letter was never ready", TimeSpan.FromMinutes(2));

        var walker = await victims.SignedInAsync(thief);
        List<string> broken = [];
        if ((await walker.GetAsync($"/appointments/{hub.Ids.Appointment("pas", own[0].SourceId)}")).Status != 200)
        {
            broken.Add("the thief's own appointment is not there: nothing was tried");
        }
        var (asked, entries) = (0, 0);
        foreach (var form in Pages.Concat(Api))
        {
            var missing = await AskAsync(walker, form, Guid.NewGuid().ToString());
            foreach (var id in Spellings(form.Contains("letters", StringComparison.Ordinal) ? Guid.Parse(letter!) : theirs))
            {
                asked++;
                var answer = await AskAsync(walker, form, id);
                if (answer.Status is >= 200 and < 400)
                {
                    entries++;
                    broken.Add($"{form} {id}: {answer.Status}");
                }
                else if (id == theirs.ToString() && Compared(answer) != Compared(missing))
                {
                    broken.Add($"{form}: somebody else's is told from what does not exist");
                }
            }
        }
        foreach (var (path, fields) in new (string, (string, string)[])[]
                 {
                     ($"/appointments/{theirs}/rebook", [("Revision", "1"), ("Version", "1")]), ($"/appointments/{theirs}/cancel", [("Revision", "1"), ("Version", "1")]), ($"/appointments/{theirs}/withdraw", [("Revision", "1"), ("Version", "1")]),
                     ($"/letters/{letter}/accept", [("AppointmentId", theirs.ToString()), ("Revision", "1"), ("LetterVersion", "1")]),
                 })
        {
            asked++;
            await walker.GetAsync("/preferences");
            var answer = await walker.PostAsync(path, fields);
            if (answer.Status != 404)
            {
                entries++;
                broken.Add($"POST {path}: {answer.Status} {answer.Location}");
            }
        }
        return new AttackLine("ids of somebody else: as they are, in other spellings, their neighbours", "105", asked, 0, entries, "404, as what does not exist", broken);
    }

    private static Task<WireAnswer> AskAsync(Stranger walker, string form, string id)
    {
        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, id);
        return walker.GetAsync(path, form.StartsWith("/api", StringComparison.Ordinal) ? [("RequestVerificationToken", walker.Token), ("Sec-Fetch-Site", "same-origin")] : []);
    }

    private static IEnumerable<string> Spellings(Guid id)
    {
        var text = id.ToString();
        var neighbour = text[..^1] + (text[^1] == 'f' ? '0' : 'f');
        return [text, text.ToUpperInvariant(), id.ToString("N"), $"%7B{text}%7D", text.Replace("-", "%2D", StringComparison.Ordinal), text.Replace("-", "%252D", StringComparison.Ordinal), text + "%00", "..%2F" + text, neighbour, "1", "00000000-0000-0000-0000-000000000000"];
    }

    // The same but for the anti-forgery tokens and the trace.
    private static string Compared(WireAnswer answer) => System.Text.RegularExpressions.Regex.Replace(
        $"{answer.Status}\n{string.Join('\n', answer.Head.Where(line => !line.StartsWith("Date", StringComparison.Ordinal)))}\n{answer.Body}", "CfDJ8[A-Za-z0-9_-]+|\"traceId\":\"[^\"]*\"|data-absolute-seconds=\"[0-9]+\"", "…");

    private static string? Between(string text, string start, string end)
    {
        var at = text.IndexOf(start, StringComparison.Ordinal);
        return at < 0 ? null : text[(at + start.Length)..text.IndexOf(end, at + start.Length, StringComparison.Ordinal)].Split('/', '?')[0];
    }
}
