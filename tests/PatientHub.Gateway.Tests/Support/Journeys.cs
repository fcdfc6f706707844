using PatientHub.Testing;

namespace PatientHub.Gateway.Tests.Support;

/// <summary>Steps that many tests share.</summary>
public static class Journeys
{
    public static async Task<Page> TypeDetailsAsync(this Browser browser, string identifier = "07700 900123", string day = "15", string month = "3", string year = "1984") =>
        await browser.SubmitAsync(await browser.OpenAsync("/sign-in"), "main form", ("Identifier", identifier), ("Day", day), ("Month", month), ("Year", year));

    public static async Task<Page> SignInAsync(this Browser browser)
    {
        var code = await browser.FollowAsync(await browser.TypeDetailsAsync());
        return await browser.FollowAsync(await browser.SubmitAsync(code, "main form", ("Code", StubIdentity.RightCode)));
    }
}
