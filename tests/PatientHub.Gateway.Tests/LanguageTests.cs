using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Gateway.Texts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Testing;

namespace PatientHub.Gateway.Tests;

/// <summary>The gateway with two more languages.</summary>
public sealed class ManyLanguages(RedisServer redis) : GatewayFixture(redis)
{
    protected override void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton(PseudoLanguage.Catalogue);
}

/// <summary>"A page is never half translated": in a language made from the English texts no English sentence is left.</summary>
public sealed partial class LanguageTests(ManyLanguages gateway) : IClassFixture<ManyLanguages>
{
    [Theory]
    [InlineData("eo", "ltr")]
    [InlineData("ar", "rtl")]
    public async Task No_page_is_half_translated(string language, string direction)
    {
        Samples.Use(gateway);
        gateway.Identity.AfterCode = SignInOutcome.SignedIn;
        var browser = gateway.NewBrowser();
        browser.Cookies["__Host-language"] = $"c=|uic={language}";
        foreach (var (_, path) in SitePages.Everybodys)
            Check(await browser.OpenAsync(path));
        Check(await browser.TypeDetailsAsync("", "", "", ""));
        Check(await browser.TypeDetailsAsync("x", "32", "13", "84"));
        Check(await browser.TypeDetailsAsync("x", "1", "", ""));
        var code = await browser.FollowAsync(await browser.TypeDetailsAsync());
        Check(code);
        gateway.Identity.Requests.Last(request => request.Path.EndsWith("/attempts", StringComparison.Ordinal)).Body.ShouldContain($"\"language\":\"{language}\"", customMessage: "the code is wanted in the pages' language");
        Check(await browser.SubmitAsync(code, "main form", ("Code", "")));
        Check(await browser.SubmitAsync(code, "main form", ("Code", "999999")));
        foreach (var (_, path) in SitePages.Attempts)
            Check(await browser.OpenAsync(path));
        Check(await browser.PostAsync("/sign-in", ("Identifier", "x")));
        var home = await browser.FollowAsync(await browser.SubmitAsync(code, "main form", ("Code", StubIdentity.RightCode)));
        home.Path.ShouldBe("/home");
        foreach (var (_, path) in SitePages.Patients)
            Check(await browser.OpenAsync(path));

        void Check(Page page)
        {
            page.Document.DocumentElement.GetAttribute("lang").ShouldBe(language, page.Path);
            page.Document.DocumentElement.GetAttribute("dir").ShouldBe(direction, page.Path);
            EnglishOn(page).ShouldBeEmpty($"{page.Path} has words that no resource gave it");
        }
    }

    [Fact]
    public async Task The_browser_says_the_language_and_the_patient_chooses_another()
    {
        var browser = gateway.NewBrowser();
        (await browser.GetAsync("/")).Document.DocumentElement.GetAttribute("lang").ShouldBe("en");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/help/cookies") { Headers = { { "Accept-Language", "xx, ar;q=0.8, en;q=0.5" } } };
        var page = await browser.SendAsync(request);
        page.Document.DocumentElement.GetAttribute("lang").ShouldBe("ar");
        page.Document.QuerySelectorAll(".hub-language").Select(button => button.GetAttribute("value")).ShouldBe(["en", "eo"]);
        var chosen = await browser.SubmitAsync(page, "form[action='/language']", ("Tag", "eo"));
        chosen.Status.ShouldBe(HttpStatusCode.SeeOther);
        chosen.Location.ShouldBe("/help/cookies");
        (await browser.FollowAsync(chosen)).Document.DocumentElement.GetAttribute("lang").ShouldBe("eo");
        (await browser.GetAsync("/nowhere")).Document.DocumentElement.GetAttribute("lang").ShouldBe("eo", "error pages have the language too");
    }

    [Fact]
    public async Task A_chosen_language_outlives_the_session()
    {
        Samples.Use(gateway);
        gateway.Identity.AfterCode = SignInOutcome.SignedIn;
        var browser = gateway.NewBrowser();
        browser.Cookies["__Host-language"] = "c=|uic=eo";
        var home = await browser.SignInAsync();
        home.Document.QuerySelectorAll("form[action='/language'] input[name=Back]").Single().GetAttribute("value").ShouldBe("/home");
        var signedOut = await browser.SubmitAsync(home, "form[action='/sign-out']");
        signedOut.Response.Headers.GetValues("Clear-Site-Data").Single().ShouldBe("\"cache\", \"storage\"");
        browser.Cookies.Keys.ShouldNotContain("__Host-session");
        (await browser.FollowAsync(signedOut)).Document.DocumentElement.GetAttribute("lang").ShouldBe("eo");
    }

    [Theory]
    [InlineData("xx", "https://evil.example/")]
    [InlineData("en", "//evil.example/")]
    [InlineData("en", "/\\evil.example")]
    [InlineData("<script>", "")]
    public async Task A_choice_leads_nowhere_else(string tag, string back)
    {
        var browser = gateway.NewBrowser();
        var page = await browser.GetAsync("/");
        (await browser.SubmitAsync(page, "form[action='/language']", ("Tag", tag), ("Back", back))).Location.ShouldBe("/");
        browser.Cookies.ContainsKey("__Host-language").ShouldBe(tag == "en");
    }

    private static IEnumerable<string> EnglishOn(Page page)
    {
        var words = page.Document.All.SelectMany(element => element.ChildNodes.OfType<IText>().Select(text => text.Data)
            .Concat(element.Attributes.Where(attribute => attribute.Name is "aria-label" or "alt" or "title" or "placeholder" or "data-over" or "data-steps" or "data-session-left" or "label").Select(attribute => attribute.Value))
            .Where(_ => element.Closest("[lang]")?.GetAttribute("lang") == page.Document.DocumentElement.GetAttribute("lang")));
        return words.Select(text => FromElsewhere.Words.Aggregate(text, (rest, data) => rest.Replace(data, "", StringComparison.Ordinal))).Where(text => Words().IsMatch(text)).Select(text => text.Trim());
    }

    [GeneratedRegex("[A-Za-z]{3}")]
    private static partial Regex Words();

    private static class FromElsewhere
    {
        /// <summary>What comes from the trust's settings and from the services: not ours to translate.</summary>
        public static readonly string[] Words = ["Leeds Teaching Hospitals NHS Trust", "LeedsHosp", "patienthub@leedshospitals.example", "Monday to Friday, 8am to 6pm", "http://127.0.0.1", "Leeds Hospitals", "Amy Okonkwo-Smith", "St James's University Hospital", "Your outpatient appointment", "Preparing for <your> eye test", "Form to bring"];
    }
}
