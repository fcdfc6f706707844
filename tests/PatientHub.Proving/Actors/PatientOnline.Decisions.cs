using System.Text.RegularExpressions;
using AngleSharp.Dom;
using PatientHub.Proving.Books;
using PatientHub.Testing;

namespace PatientHub.Proving.Actors;

/// <summary>What a signed-in patient reads and decides.</summary>
public sealed partial class PatientOnline
{
    private const string SourceSystem = "pas";

    /// <summary>The hub's ids of the appointments on the home page; null: the page did not come, or it says that they cannot be shown now.</summary>
    public async Task<IReadOnlyList<Guid>?> HomeAsync()
    {
        var page = await OpenAsync("/home");
        return StatusOf(page) == 200 && !page!.Main.Contains("We cannot show your appointments", StringComparison.Ordinal)
            ? [.. page.Document.QuerySelectorAll("main .nhsuk-card__link").Select(link => IdIn(link.GetAttribute("href"))).OfType<Guid>()]
            : null;
    }

    /// <summary>Opens the letter of an appointment; 404 when there is no letter yet.</summary>
    public async Task<int?> ReadLetterAsync(PasBooking booking)
    {
        var page = await OpenAsync($"/appointments/{IdOf(booking)}");
        if (StatusOf(page) is not 200)
        {
            return StatusOf(page);
        }
        return IdIn(page!.Document.QuerySelector("main a[href^='/letters/']")?.GetAttribute("href")) is { } letter ? await ReadLetterAsync(letter) : 404;
    }

    /// <summary>Opens a letter by the hub's id.</summary>
    public async Task<int?> ReadLetterAsync(Guid letter)
    {
        var askedAt = DateTimeOffset.UtcNow;
        var status = StatusOf(await OpenAsync($"/letters/{letter}"));
        ledger.Add(new LetterRead(askedAt, DateTimeOffset.UtcNow, status, letter, Person.SourceId));
        return status;
    }

    /// <summary>Reads the letter and accepts the appointment below it.</summary>
    public async Task<int?> AcceptAsync(PasBooking booking)
    {
        var read = await ReadLetterAsync(booking);
        return read == 200 ? await DecideAsync("accept", booking, "form[action$='/accept']") : read;
    }

    public Task<int?> RebookAsync(PasBooking booking, string unsuitableTimes = "Not on Mondays") =>
        AskAsync("rebook", $"/appointments/{IdOf(booking)}/rebook", booking, "form:has([name='UnsuitableTimes'])", ("UnsuitableTimes", unsuitableTimes));

    public Task<int?> CancelAsync(PasBooking booking, string details = "") =>
        AskAsync("cancel", $"/appointments/{IdOf(booking)}/cancel", booking, "form:has([name='Details'])", ("Details", details));

    public Task<int?> WithdrawAsync(PasBooking booking) => AskAsync("withdraw", $"/appointments/{IdOf(booking)}", booking, "form[action$='/withdraw']");

    /// <summary>"Opt out of messages and reminders" (R30), or "Get messages again".</summary>
    public async Task<int?> OptAsync(bool optedOut)
    {
        var path = optedOut ? "/preferences/opt-out" : "/preferences/opt-in";
        return await SubmitAsync(path, "main form", (askedAt, status) => new PreferenceChanged(askedAt, DateTimeOffset.UtcNow, status, Person.SourceId, optedOut));
    }

    private Guid IdOf(PasBooking booking) => hub.Ids.Appointment(SourceSystem, booking.SourceId);

    private Task<int?> AskAsync(string decision, string path, PasBooking booking, string form, params (string, string)[] fields) =>
        SubmitAsync(path, form, (askedAt, status) => new PatientDecided(askedAt, DateTimeOffset.UtcNow, status, booking.SourceId, decision), fields);

    private Task<int?> DecideAsync(string decision, PasBooking booking, string form) =>
        SubmitShownAsync(form, (askedAt, status) => new PatientDecided(askedAt, DateTimeOffset.UtcNow, status, booking.SourceId, decision));

    private async Task<int?> SubmitAsync(string path, string form, Func<DateTimeOffset, int?, LedgerEntry> entry, params (string, string)[] fields)
    {
        var page = await OpenAsync(path);
        return StatusOf(page) == 200 ? await SubmitShownAsync(form, entry, fields) : StatusOf(page);
    }

    /// <summary>Sends the form of the page on the screen; 409 without asking when the page does not offer it. In the ledger stands only what was sent.</summary>
    private async Task<int?> SubmitShownAsync(string form, Func<DateTimeOffset, int?, LedgerEntry> entry, params (string, string)[] fields)
    {
        if (Shown is not { } page || page.Document.QuerySelector(form) is null)
        {
            return 409;
        }
        var askedAt = DateTimeOffset.UtcNow;
        var answer = await TryAsync(() => Browser.SubmitAsync(page, form, fields));
        // The pages answer a POST with the address of the next page, which tells what became of it.
        var status = answer?.Location switch
        {
            { } to when to.Contains("did=", StringComparison.Ordinal) => 204,
            { } to when to.Contains("tried=", StringComparison.Ordinal) => 409,
            _ => StatusOf(answer) is 200 ? 400 : StatusOf(answer),
        };
        ledger.Add(entry(askedAt, status));
        return status;
    }

    /// <summary>200: the page is what was asked for. 401: the session is over. Null: none came.</summary>
    private int? StatusOf(Page? page)
    {
        if (page is null)
        {
            return null;
        }
        if (((string[])["/signed-out", "/sign-in"]).Any(over => page.Path.StartsWith(over, StringComparison.Ordinal) || page.Location.StartsWith(over, StringComparison.Ordinal)))
        {
            SignedIn = false;
            return 401;
        }
        return (int)page.Status < 400 ? 200 : (int)page.Status;
    }

    private static Guid? IdIn(string? href) => href is not null && Id().Match(href) is { Success: true } match ? Guid.Parse(match.Value) : null;

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Id();
}
