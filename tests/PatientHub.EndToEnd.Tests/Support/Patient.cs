using Microsoft.Playwright;
using PatientHub.Testing;

namespace PatientHub.EndToEnd.Tests.Support;

/// <summary>A seeded person of the trust, as the phone page lists them.</summary>
public sealed record Person(string FullName, string Mobile, string TypedMobile, DateOnly Born)
{
    public static readonly Person Amy = new("Amy Carter", "+447700900101", "07700 900101", new DateOnly(1985, 3, 14));
    public static readonly Person Brian = new("Brian Okafor", "+447700900102", "+44 7700 900 102", new DateOnly(1958, 11, 2));
    public static readonly Person Chloe = new("Chloe Nguyen", "+447700900103", "07700900103", new DateOnly(1992, 7, 21));
    public static readonly Person Samuel = new("Samuel Boateng", "+447700900129", "07700 900 129", new DateOnly(1977, 10, 10));
    public static readonly Person Diana = new("Diana Brooks", "+447700900128", "07700 900128", new DateOnly(1955, 9, 19));
    public static readonly Person Daniel = new("Daniel Hughes", "+447700900104", "07700 900104", new DateOnly(1971, 1, 30));
    public static readonly Person Farah = new("Farah Siddiqui", "farah.siddiqui@example.net", "farah.siddiqui@example.net", new DateOnly(1979, 12, 12));
    public static readonly Person Uma = new("Uma Desai", "+447700900111", "07700 900111", new DateOnly(1987, 4, 19));
    public static readonly Person Ruth = new("Ruth Jenkins", "+447700900114", "07700 900114", new DateOnly(1988, 9, 1));
    public static readonly Person Holly = new("Holly Jenkins", "+447700900114", "07700 900114", new DateOnly(2019, 5, 14));
    public static readonly Person Jack = new("Jack Murray", "+447700900115", "07700 900115", new DateOnly(2016, 9, 3));
    public static readonly Person Yasmin = new("Yasmin Ali", "+447700900116", "07700 900116", new DateOnly(2011, 1, 20));
    public static readonly Person Rosa = new("Rosa Martins", "+447700900123", "07700 900123", new DateOnly(1994, 1, 8));
    public static readonly Person Priya = new("Priya Patel", "+447700900124", "07700 900124", new DateOnly(1973, 8, 24));
    public static readonly Person Quentin = new("Quentin Shaw", "+447700900125", "07700 900125", new DateOnly(1962, 5, 15));
    public static readonly Person Zoe = new("Zoe Palmer", "+447700900127", "07700 900127", new DateOnly(1996, 4, 2));
    public static readonly Person Xavier = new("Xavier Lopez", "+447700900130", "07700 900130", new DateOnly(1960, 1, 1));
    public static readonly Person Tom = new("Tom Ellison", "+447700900131", "07700 900131", new DateOnly(1989, 3, 27));
    public static readonly Person Oliver = new("Oliver Grant", "+447700900122", "07700 900122", new DateOnly(1952, 6, 30));
}

/// <summary>What a person does on a phone: everything is found by its role and label, as a screen reader finds it.</summary>
public sealed class Patient(Hub hub, IPage page, Person person)
{
    public IPage Page { get; } = page;

    /// <summary>Types number and date of birth, waits for the code on the phone, types it.</summary>
    public async Task SignInAsync()
    {
        var before = DateTimeOffset.UtcNow;
        await TypeDetailsAsync();
        await PressAsync("Continue");
        await TypeCodeAsync(before);
        await SeeAsync(person.FullName);
    }

    /// <summary>Waits for the code that was sent after an instant, and types it.</summary>
    public async Task TypeCodeAsync(DateTimeOffset before)
    {
        await Page.GetByRole(AriaRole.Heading, new() { Name = "Enter the code" }).WaitForAsync();
        var code = await hub.CodeAsync(person.Mobile, before.AddSeconds(-2));
        await Page.GetByLabel("Code", new() { Exact = true }).FillAsync(code[..3] + " " + code[3..]);
        await PressAsync("Continue");
    }

    /// <summary>Types number and date of birth of this person.</summary>
    public async Task TypeDetailsAsync()
    {
        await Page.GetByLabel("Mobile number or email address").FillAsync(person.TypedMobile);
        await Page.GetByLabel("Day").FillAsync(person.Born.Day.ToString());
        await Page.GetByLabel("Month").FillAsync(person.Born.Month.ToString());
        await Page.GetByLabel("Year").FillAsync(person.Born.Year.ToString());
    }

    public Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    public Task FollowAsync(string link) => Page.GetByRole(AriaRole.Link, new() { Name = link }).First.ClickAsync();

    /// <summary>A link that looks like a button is one or the other.</summary>
    public Task FollowOrPressAsync(string name) =>
        Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).Or(Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true })).First.ClickAsync();

    /// <summary>Waits for the words; a failure says what the page shows instead.</summary>
    public async Task SeeAsync(string text)
    {
        try
        {
            await Page.GetByText(text).First.WaitForAsync();
        }
        catch (TimeoutException timeout)
        {
            throw new ShouldAssertException($"'{text}' never came; {new Uri(Page.Url).AbsolutePath} shows: {await Page.Locator("body").InnerTextAsync()}", timeout);
        }
    }

    /// <summary>Opens the newest invitation's link, as from the text message.</summary>
    public async Task OpenInvitationAsync() => await Page.GotoAsync((await hub.InvitationAsync(person.Mobile)).Links.First(link => link.Contains("/p/", StringComparison.Ordinal)));
}
