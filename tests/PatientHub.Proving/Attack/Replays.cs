using PatientHub.Proving.Traffic;

namespace PatientHub.Proving.Attack;

/// <summary>What was once right is used again, or by somebody else.</summary>
public static class Replays
{
    private const string SessionCookie = "__Host-session";
    private const string AttemptCookie = "__Host-sign-in";

    public static Task<AttackLine> CodeOfAnotherSignInAsync(Victims victims) => OneAsync("the code of one sign-in in another of the same patient", "88", async () =>
    {
        var (person, _) = await victims.NewAsync();
        var (_, first) = await victims.StartedAsync(person);
        var (second, own) = await victims.StartedAsync(person);
        return first == own ? null : await second.TypeAsync(first);
    }, Typed.Wrong);

    public static Task<AttackLine> CodeOfAnotherPatientAsync(Victims victims) => OneAsync("the code of one patient in the sign-in of another", "89", async () =>
    {
        var (_, code) = await victims.StartedAsync((await victims.NewAsync()).Person);
        var (other, own) = await victims.StartedAsync((await victims.NewAsync()).Person);
        return code == own ? null : await other.TypeAsync(code);
    }, Typed.Wrong);

    public static Task<AttackLine> OldCodeAfterNewAsync(Victims victims) => OneAsync("the old code after a new one was sent", "90", async () =>
    {
        var (person, _) = await victims.NewAsync();
        var (browser, old) = await victims.StartedAsync(person);
        await browser.PostAsync("/sign-in/new-code");
        return await victims.CodeAsync(person, 1) == old ? null : await browser.TypeAsync(old);
    }, Typed.Wrong);

    public static Task<AttackLine> UsedCodeAsync(Victims victims) => OneAsync("a used code with its attempt's cookie", "87", async () =>
    {
        var (browser, code) = await victims.StartedAsync((await victims.NewAsync()).Person);
        var again = browser.Again();
        await browser.TypeAsync(code);
        return await again.TypeAsync(code);
    }, Typed.Ended);

    /// <summary>Takes 151 seconds.</summary>
    public static Task<AttackLine> OldCodeAsync(Victims victims) => OneAsync("the right code after 151 s", "78", async () =>
    {
        var (browser, code) = await victims.StartedAsync((await victims.NewAsync()).Person);
        await Task.Delay(TimeSpan.FromSeconds(151));
        return await browser.TypeAsync(code);
    }, Typed.Dead);

    /// <summary>The right code many times at once.</summary>
    public static async Task<AttackLine> SameCodeAtOnceAsync(Victims victims, int times)
    {
        var (browser, code) = await victims.StartedAsync((await victims.NewAsync()).Person);
        await browser.GetAsync("/sign-in/code");
        var windows = Enumerable.Range(0, times).Select(_ => browser.Again()).ToList();
        var typed = await Task.WhenAll(windows.Select(window => window.TypeAsync(code)));
        var entered = typed.Count(t => t == Typed.Entered);
        return new AttackLine($"the right code {times} times at once", "87", times, times, Math.Max(0, entered - 1), "one session", entered == 1 ? [] : [$"{entered} sessions"]);
    }

    /// <summary>Cookies after signing out, cookies planted before, cookies of an attempt that has ended.</summary>
    public static async Task<AttackLine> CookiesAsync(Victims victims)
    {
        List<string> broken = [];
        var (person, _) = await victims.NewAsync();
        var (browser, code) = await victims.StartedAsync(person);
        var planted = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        browser.Cookies[SessionCookie] = planted;
        var attempt = browser.Cookies[AttemptCookie];
        if (await browser.TypeAsync(code) != Typed.Entered)
        {
            broken.Add("the patient's own code let nobody in");
        }
        if (browser.Cookies[SessionCookie] == planted)
        {
            broken.Add("a planted session was taken over");
        }
        async Task<bool> OpensAsync(string cookie)
        {
            var thief = victims.Stranger();
            thief.Cookies[SessionCookie] = cookie;
            return (await thief.GetAsync("/home")).Status == 200;
        }
        if (await OpensAsync(planted))
        {
            broken.Add("the planted cookie opens the session");
        }
        var session = browser.Cookies[SessionCookie];
        if (!await OpensAsync(session))
        {
            broken.Add("the session's own cookie does not open it: nothing was tried");
        }
        await browser.GetAsync("/home");
        await browser.PostAsync("/sign-out");
        var entries = await OpensAsync(session) ? 1 : 0;
        var late = victims.Stranger();
        late.Cookies[AttemptCookie] = attempt;
        await late.GetAsync("/sign-in/code");
        entries += await late.TypeAsync(code) == Typed.Entered ? 1 : 0;
        return new AttackLine("cookies: planted, of a session that was signed out, of an attempt that has ended", "100", 4, 0, entries, "none opens anything", broken);
    }

    private static async Task<AttackLine> OneAsync(string name, string checklist, Func<Task<Typed?>> attack, Typed expected)
    {
        // One in a million the two codes are the same: then once more.
        var typed = await attack() ?? await attack();
        return new AttackLine(name, checklist, 1, 1, typed == Typed.Entered ? 1 : 0, expected.ToString(), typed == expected ? [] : [$"{typed}"]);
    }
}
