using PatientHub.Proving.Traffic;

namespace PatientHub.Proving.Attack;

/// <summary>Twins, and a number that was somebody else's before: the code alone opens neither (R17, A14).</summary>
public static class SharedContacts
{
    public static async Task<AttackLine> RunAsync(Victims victims, bool related)
    {
        var (one, _) = await victims.NewAsync();
        await victims.NewAsync(change: other => other with { Mobile = one.Mobile, Born = one.Born, Email = null, Family = related ? one.Family : other.Family });
        var (browser, code) = await victims.StartedAsync(one);
        List<string> broken = [];
        var typed = await browser.TypeAsync(code);
        if (typed != Typed.UvcAsked)
        {
            broken.Add($"after the code: {typed}");
        }
        if ((await browser.GetAsync("/home")).Status == 200)
        {
            broken.Add("a page opened without the UVC");
        }
        var page = await browser.GetAsync("/sign-in/uvc");
        if (page.Body.Contains(one.Family, StringComparison.Ordinal) || page.Body.Contains(one.Given, StringComparison.Ordinal))
        {
            broken.Add("the page names somebody");
        }
        var entries = 0;
        var ended = false;
        for (var tries = 0; tries < 8; tries++)
        {
            var answer = await browser.PostAsync("/sign-in/uvc", ("Uvc", "ZZZZZZ"));
            entries += answer.Location == "/home" ? 1 : 0;
            ended |= answer.Location == "/sign-in/ended";
            if (tries == 3 && ended)
            {
                broken.Add("it ended before the fifth wrong UVC");
            }
        }
        if (!ended)
        {
            broken.Add("eight wrong UVCs did not end the attempt");
        }
        return new AttackLine(related ? "twins: the UVC decides, five wrong ones end it" : "a recycled number: two strangers, no leak of either", related ? "97" : "98", 9, 5, entries, "28^6 UVCs, 5 tries: 1e-8", broken);
    }
}
