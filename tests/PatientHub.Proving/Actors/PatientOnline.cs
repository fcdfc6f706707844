using PatientHub.Proving.Books;
using PatientHub.Proving.Rig;
using PatientHub.Testing;

namespace PatientHub.Proving.Actors;

/// <summary>
/// A patient with a browser, on the gateway's real pages. What fails on the way is an answer like any other: a status, or null for none. Each decision says what became
/// of it; <see cref="Shown"/> is the page that is on the screen then.
/// </summary>
public sealed partial class PatientOnline(HubUnderTest hub, Ledger ledger, PasPerson person)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CodePatience = TimeSpan.FromSeconds(60);
    private const string AttemptCookie = "__Host-sign-in";

    public PasPerson Person { get; } = person;

    public Browser Browser { get; } = new(hub.PublicUri.ToString(), Patience);

    /// <summary>The last page that came; null: none came.</summary>
    public Page? Shown { get; private set; }

    public bool SignedIn { get; private set; }

    /// <summary>The instants of the sign-in under way; the ledger names the attempt by its id.</summary>
    private (string Attempt, DateTimeOffset BeganAt, IReadOnlySet<string> SeenBefore) _attempt = ("", default, new HashSet<string>());

    /// <summary>Types the details, waits for the code, types it. A code of an earlier attempt may come late and be taken for it: then the newer one is typed.</summary>
    public async Task<bool> SignInAsync()
    {
        if (!await BeginSignInAsync())
        {
            return false;
        }
        for (SeenMessage? typed = null; await CodeAsync(otherThan: typed, patience: typed is null ? CodePatience : TimeSpan.FromSeconds(5)) is { } code; typed = code)
        {
            if (await TypeCodeAsync(code.Code!, code.CreatedAt))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Sends mobile or email and the date of birth. True: the hub asks for the code now.</summary>
    public async Task<bool> BeginSignInAsync()
    {
        var before = (await MessagesAsync()).Select(message => message.Id).ToHashSet();
        if (await OpenAsync("/sign-in") is not { Document: { } } form || form.Document.QuerySelector("main form") is null)
        {
            return false;
        }
        var beganAt = DateTimeOffset.UtcNow;
        var sent = await TryAsync(() => Browser.SubmitAsync(form, "main form",
            ("Identifier", Person.Mobile ?? Person.Email ?? ""), ("Day", $"{Person.Born.Day}"), ("Month", $"{Person.Born.Month}"), ("Year", $"{Person.Born.Year}")));
        if (sent?.Location is not "/sign-in/code")
        {
            return false;
        }
        _attempt = (Browser.Cookies[AttemptCookie].Split('.')[0], beganAt, before);
        return await OpenAsync("/sign-in/code") is { Status: System.Net.HttpStatusCode.OK };
    }

    /// <summary>"Send a new code".</summary>
    public async Task<bool> AskForNewCodeAsync()
    {
        _attempt = _attempt with { SeenBefore = (await MessagesAsync()).Select(message => message.Id).ToHashSet() };
        return await OpenAsync("/sign-in/code") is { } page && page.Document.QuerySelector("form[action='/sign-in/new-code']") is not null
            && (await TryAsync(() => Browser.SubmitAsync(page, "form[action='/sign-in/new-code']")))?.Location == "/sign-in/code?sent=again";
    }

    /// <summary>The newest code that came since it was asked for; null: none came in time.</summary>
    /// <param name="otherThan">A code that was tried in vain.</param>
    /// <param name="patience">How long to wait for it.</param>
    public async Task<SeenMessage?> CodeAsync(TimeSpan? patience = null, SeenMessage? otherThan = null)
    {
        using var over = new CancellationTokenSource(patience ?? CodePatience);
        while (!over.IsCancellationRequested)
        {
            if ((await MessagesAsync()).LastOrDefault(message => message.IsCode && !_attempt.SeenBefore.Contains(message.Id)) is { } found && found.Id != otherThan?.Id)
            {
                return found;
            }
            await Task.Delay(100, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return null;
    }

    /// <param name="code">Six digits.</param>
    /// <param name="cameAt">When the provider took the message with it; null: it is a guess.</param>
    /// <returns>True: signed in.</returns>
    public async Task<bool> TypeCodeAsync(string code, DateTimeOffset? cameAt = null)
    {
        if (await OpenAsync("/sign-in/code") is not { } page || page.Document.QuerySelector("main form input[name='Code']") is null)
        {
            return false;
        }
        var askedAt = DateTimeOffset.UtcNow;
        var answer = await TryAsync(() => Browser.SubmitAsync(page, "main form:has(input[name='Code'])", ("Code", code)));
        SignedIn = answer?.Location == "/home";
        // A form that comes again with its error has refused.
        var status = answer is null ? (int?)null : SignedIn ? 204 : (int)answer.Status is 200 ? 400 : (int)answer.Status;
        ledger.Add(new CodeTyped(askedAt, DateTimeOffset.UtcNow, status, _attempt.Attempt, _attempt.BeganAt, cameAt is null ? null : Person.CodesGoTo, code, cameAt, SignedIn));
        return SignedIn;
    }

    /// <summary>Types many codes into the same form at the same moment, as no person could.</summary>
    public async Task TypeCodesAtOnceAsync(IReadOnlyList<string> codes)
    {
        if (await OpenAsync("/sign-in/code") is not { } page || page.Document.QuerySelector("main form input[name='Code']") is null)
        {
            return;
        }
        await Task.WhenAll(codes.Select(async code =>
        {
            var askedAt = DateTimeOffset.UtcNow;
            var answer = await TryAsync(() => Browser.SubmitAsync(page, "main form:has(input[name='Code'])", ("Code", code)));
            var status = answer is null ? (int?)null : answer.Location == "/home" ? 204 : (int)answer.Status is 200 ? 400 : (int)answer.Status;
            ledger.Add(new CodeTyped(askedAt, DateTimeOffset.UtcNow, status, _attempt.Attempt, _attempt.BeganAt, null, code, null, status == 204));
        }));
    }

    public async Task<bool> SignOutAsync()
    {
        var page = Shown?.Document.QuerySelector("form[action='/sign-out']") is null ? await OpenAsync("/home") : Shown;
        if (page?.Document.QuerySelector("form[action='/sign-out']") is null
            || (await TryAsync(() => Browser.SubmitAsync(page, "form[action='/sign-out']")))?.Location != "/signed-out")
        {
            return false;
        }
        SignedIn = false;
        return true;
    }

    /// <summary>GET, and every redirect.</summary>
    public Task<Page?> OpenAsync(string path) => TryAsync(() => Browser.OpenAsync(path));

    /// <summary>Messages to where the codes go, oldest first. The phone is no part of the hub: it always answers.</summary>
    private Task<IReadOnlyList<SeenMessage>> MessagesAsync() => hub.MessagesAsync(Person.CodesGoTo ?? throw new InvalidOperationException("This person has neither mobile nor email."));

    private async Task<Page?> TryAsync(Func<Task<Page>> step)
    {
        try
        {
            return Shown = await step();
        }
        catch (Exception fault) when (NoAnswer.Is(fault, CancellationToken.None))
        {
            return Shown = null;
        }
    }
}
