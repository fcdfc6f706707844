using System.Net;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts.Http;
using PatientHub.PostalFallback.Contracts.Http;
using PatientHub.Testing;

namespace PatientHub.Gateway.Tests;

/// <summary>A gateway of its own: these tests change how the letter stands. Retries wait by the same clock, so it runs.</summary>
public sealed class LetterGateway(RedisServer redis) : GatewayFixture(redis)
{
    protected override TimeProvider Clock => TimeProvider.System;
}

/// <summary>Letters with their enclosures and versions, by post on request, and messages (R10, A15, A17).</summary>
public sealed class LetterPagesTests(LetterGateway gateway) : IClassFixture<LetterGateway>
{
    private static readonly string Letter = $"/letters/{Samples.LetterId}";

    [Fact]
    public async Task List_says_which_letters_are_new()
    {
        var browser = await SignedInAsync();
        gateway.Letters.On("GET /api/me/letters", new[] { Samples.Letter, Samples.Letter with { LetterId = Guid.CreateVersion7(), AppointmentId = null, Opened = true, HasHtml = false } });
        var cards = (await browser.GetAsync("/letters")).Document.QuerySelectorAll(".nhsuk-card");
        cards.Select(card => card.QuerySelector(".nhsuk-tag")!.TextContent).ShouldBe(["New", "Read"]);
        cards[0].TextContent.ShouldContain("Your outpatient appointment for Wednesday 9 December 2026 at 2:30pm");
        cards[1].TextContent.ShouldContain("Letter of Friday 20 November 2026 – PDF, 42 kB");
    }

    [Fact]
    public async Task Letter_shows_its_enclosures_its_files_and_what_it_replaces()   // R10, A15
    {
        var page = await (await SignedInAsync()).GetAsync(Letter);
        var links = page.Document.QuerySelectorAll("main a").ToDictionary(link => link.GetAttribute("href")!, link => link.TextContent.Trim());
        links[Letter + "/enclosures/1"].ShouldBe("Preparing for <your> eye test");
        links[Letter + "/enclosures/2/pdf"].ShouldBe("Form to bring (PDF, 1.5 MB)");
        links[Letter + "/pdf"].ShouldBe("Download the letter (PDF, 42 kB)");
        links[Letter + "/pdf?print=large"].ShouldContain("large print");
        links[Letter + "/versions/1"].ShouldBe("Replaced letter of Tuesday 3 November 2026");
        page.Document.QuerySelector("article")!.GetAttribute("lang").ShouldBe("en");
    }

    [Fact]
    public async Task Letter_can_be_read_in_large_print()
    {
        var browser = await SignedInAsync();
        (await browser.GetAsync(Letter)).Document.QuerySelector(".hub-letter--large").ShouldBeNull();
        var page = await browser.GetAsync(Letter + "?print=large");
        page.Document.QuerySelector(".hub-letter--large").ShouldNotBeNull();
        page.Main.ShouldContain("Show this letter in the usual size");
        await browser.GetAsync(Letter + "/pdf?print=large");
        gateway.Letters.Requests.ShouldContain(request => request.Path == $"/api/me{Letter}/pdf");
    }

    [Fact]
    public async Task Earlier_version_says_that_it_does_not_count_and_cannot_be_answered()   // A15
    {
        var page = await (await SignedInAsync()).GetAsync(Letter + "/versions/1");
        page.Main.ShouldContain("Do not use this letter");
        page.Main.ShouldContain("Monday 7 December 2026 at 9am");
        page.Document.QuerySelectorAll("main form").ShouldBeEmpty();
        page.Document.QuerySelector($"main a[href='{Letter}']").ShouldNotBeNull();
    }

    [Fact]
    public async Task Post_me_this_letter_is_safe_to_press_twice()   // A17
    {
        var browser = await SignedInAsync();
        var page = await browser.GetAsync(Letter);
        Samples.Use(gateway, new PostStanding { Progress = PostProgress.Waiting, Requested = true, CanRequest = false, HandOverAt = new DateTimeOffset(2026, 11, 24, 17, 30, 0, TimeSpan.Zero) });
        for (var press = 0; press < 2; press++)
        {
            var answer = await browser.SubmitAsync(page, $"form[action='{Letter}/post']");
            (answer.Status, answer.Location).ShouldBe((HttpStatusCode.SeeOther, Letter + "?did=post"));
        }

        var after = await browser.GetAsync(Letter + "?did=post");
        after.Main.ShouldContain("We will post this letter to you");
        after.Main.ShouldContain("We will post it on Tuesday 24 November 2026.");
        after.Document.QuerySelector($"form[action='{Letter}/post']").ShouldBeNull();
        (await browser.GetAsync(Letter + "/post")).Location.ShouldBe(Letter);
    }

    [Theory]
    [InlineData(PostProgress.Waiting, false, false, false, "We will post this letter to you on Thursday 26 November 2026 unless you open it here before.")]
    [InlineData(PostProgress.Waiting, true, false, false, "We do not post this letter while we deal with that")]
    [InlineData(PostProgress.Waiting, false, true, false, "We will also post this letter to you, on Thursday 26 November 2026.")]
    [InlineData(PostProgress.Printing, false, false, false, "This letter is being printed now.")]
    [InlineData(PostProgress.ByPeople, false, false, false, "Hospital staff are getting this letter ready for you.")]
    [InlineData(PostProgress.Posted, false, false, true, "We posted this letter on Friday 20 November 2026. It should reach you by Wednesday 2 December 2026.")]
    public async Task Page_says_how_the_letter_stands_with_the_post(PostProgress progress, bool held, bool anyway, bool posted, string sentence)
    {
        var browser = await SignedInAsync();
        Samples.Use(gateway, new PostStanding
        {
            Progress = progress,
            Requested = false,
            Held = held,
            Anyway = anyway,
            CanRequest = progress == PostProgress.Waiting,
            HandOverAt = progress == PostProgress.Waiting ? new DateTimeOffset(2026, 11, 26, 17, 30, 0, TimeSpan.Zero) : null,
            PostedAt = posted ? new DateTimeOffset(2026, 11, 20, 17, 30, 0, TimeSpan.Zero) : null,
            ArrivesBy = posted ? new DateOnly(2026, 12, 2) : null,
        });
        (await browser.GetAsync(Letter)).Main.ShouldContain(sentence);
    }

    [Fact]
    public async Task What_cannot_be_posted_is_said_with_the_phone_number()   // A24
    {
        var browser = await SignedInAsync();
        var page = await browser.GetAsync(Letter);
        gateway.Postal.On($"POST /api/me/post/{Samples.LetterId}", () => Microsoft.AspNetCore.Http.Results.Problem(statusCode: 409, extensions: new Dictionary<string, object?> { ["code"] = "not-sent-to" }));
        var answer = await browser.SubmitAsync(page, $"form[action='{Letter}/post']");
        answer.Location.ShouldBe(Letter + "?tried=post");
        (await browser.FollowAsync(answer)).Main.ShouldContain("Please phone 0113 496 0001");
        gateway.Postal.On($"POST /api/me/post/{Samples.LetterId}", () => Microsoft.AspNetCore.Http.Results.Problem(statusCode: 404));
        (await browser.SubmitAsync(page, $"form[action='{Letter}/post']")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Letter_is_read_although_the_post_does_not_answer()   // 71
    {
        var browser = await SignedInAsync();
        gateway.Postal.On($"GET /api/me/post/{Samples.LetterId}", () => Microsoft.AspNetCore.Http.Results.StatusCode(503));
        var page = await browser.GetAsync(Letter);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Main.ShouldContain("We cannot show whether this letter goes by post just now.");
        page.Document.QuerySelector($"form[action='{Letter}/accept']").ShouldNotBeNull();
    }

    [Fact]
    public async Task Letters_enclosures_and_versions_of_others_are_404()   // 105
    {
        var browser = await SignedInAsync();
        var other = $"/letters/{Guid.CreateVersion7()}";
        foreach (var path in (string[])[other, other + "/pdf", other + "/enclosures/1", other + "/enclosures/1/pdf", other + "/versions/1", other + "/versions/1/pdf", Letter + "/enclosures/9", Letter + "/enclosures/x", Letter + "/versions/99999999999"])
            (await browser.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound, path);
    }

    [Fact]
    public async Task Markup_in_titles_and_file_names_is_inert()   // 118, 119
    {
        var browser = await SignedInAsync();
        const string attack = "<script>alert(1)</script>\"'";
        gateway.Letters.On($"GET /api/me/letters/{Samples.LetterId}", Samples.Content with { Letter = Samples.Letter with { Title = attack }, Enclosures = [new() { Number = 1, Title = attack, HasHtml = true }, new() { Number = 2, Title = attack, HasHtml = false }] });
        gateway.Letters.On($"GET /api/me/letters/{Samples.LetterId}/enclosures/1", new EnclosureContent { Enclosure = new() { Number = 1, Title = attack, HasHtml = true }, Html = "<p>Text</p>", Letter = Samples.Letter with { Title = attack } });
        foreach (var path in (string[])[Letter, Letter + "/enclosures/1"])
        {
            var page = await browser.GetAsync(path);
            page.Document.QuerySelectorAll("script").ShouldAllBe(script => script.HasAttribute("src"), path);
            page.Title.ShouldContain(attack);
            page.Document.QuerySelector("h1")!.TextContent.ShouldContain(attack);
        }

        foreach (var (path, name) in new[] { ("/pdf", "hospital-letter.pdf"), ("/enclosures/1/pdf", "hospital-enclosure-1.pdf"), ("/versions/1/pdf", "replaced-hospital-letter.pdf") })
        {
            var file = await browser.GetAsync(Letter + path);
            file.Status.ShouldBe(HttpStatusCode.OK, path);
            file.Response.Content.Headers.ContentDisposition!.FileName.ShouldBe(name);
        }
    }

    [Fact]
    public async Task Messages_are_word_for_word_with_what_became_of_them()   // R18
    {
        var browser = await SignedInAsync();
        gateway.Notifications.On("GET /api/me/messages", Samples.Messages.Append(Samples.Messages[0] with { Status = "failed" }).Append(Samples.Messages[0] with { Status = "sent", Language = "cy" })
            .Concat(new[] { "sms", "email", "posted" }.Select(instead => Samples.Messages[0] with { Status = "failed", Instead = instead })));
        var page = await browser.GetAsync("/messages");
        page.Document.QuerySelectorAll(".hub-message").First().TextContent.ShouldBe(Samples.Messages[0].Body);
        page.Document.QuerySelectorAll("main .nhsuk-tag").Select(tag => tag.TextContent).ShouldBe(["Delivered", "Waiting to be sent", "Could not be delivered", "Sent", "Could not be delivered", "Could not be delivered", "Could not be delivered"]);
        page.Document.QuerySelectorAll(".nhsuk-card").Select(card => card.QuerySelectorAll("p").Last().TextContent).Where(text => text.StartsWith("We ", StringComparison.Ordinal) || text.StartsWith("When ", StringComparison.Ordinal)).ShouldBe(
        [
            "When a message cannot be delivered, we try your other contact or post the letter.", "We sent it to your mobile instead.", "We sent it to your email address instead.", "We posted your letter instead.",
        ]);
        page.Document.QuerySelectorAll("main [lang]").Select(words => words.GetAttribute("lang")).ShouldContain("cy");
    }

    private async Task<Browser> SignedInAsync()
    {
        Samples.Use(gateway);
        gateway.Identity.AfterCode = SignInOutcome.SignedIn;
        var browser = gateway.NewBrowser();
        await browser.SignInAsync();
        return browser;
    }
}
