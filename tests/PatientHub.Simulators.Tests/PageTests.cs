using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Messages;
using PatientHub.Simulators.Print;
using PatientHub.Testing;

namespace PatientHub.Simulators.Tests;

public sealed class PageTests : IAsyncLifetime
{
    private readonly string spool = Directory.CreateTempSubdirectory("ph-spool-").FullName;
    private RunningSimulators outside = null!;
    private HttpClient http = null!;

    public async ValueTask InitializeAsync()
    {
        outside = await RunningSimulators.StartAsync(("Simulators:StepDelay", "00:00:00.010"), ("Print:SpoolFolder", spool), ("PublicBaseUrl", "http://hub.localhost:5000"));
        http = new HttpClient { BaseAddress = outside.BaseAddress };
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await outside.DisposeAsync();
        Directory.Delete(spool, recursive: true);
        if (Directory.Exists(spool + "-house"))
            Directory.Delete(spool + "-house", recursive: true);
    }

    [Fact]
    public async Task The_phone_page_shows_whose_phone_it_is_what_to_type_the_link_and_the_code()
    {
        await TextAsync("+447700900101", "Amy, we have a letter for you: http://hub.localhost:5000/p/7hGk2Lm9123456Q. Phone 0113 518 1823.");
        await TextAsync("+447700900101", "042917 is your Patient Hub security code\n\n@hub.localhost #042917");

        var page = await PageAsync("/");
        var phone = page.QuerySelector("section.phone")!;
        phone.QuerySelector("h2")!.TextContent.ShouldBe("07700 900101");
        phone.QuerySelector("header")!.TextContent.ShouldContain("Amy Carter");
        phone.QuerySelector("header .type")!.TextContent.ShouldBe("(type 14 3 1985)");

        var messages = phone.QuerySelectorAll("li.message");
        messages[0].QuerySelectorAll(".code").Select(code => code.TextContent).ShouldBe(["042917"]); // newest first; the line for the browser is not the code
        var link = messages[1].QuerySelectorAll(".body a").ShouldHaveSingleItem();
        link.GetAttribute("href").ShouldBe("http://hub.localhost:5000/p/7hGk2Lm9123456Q"); // without the full stop, and its digits are no code
        link.GetAttribute("rel")!.ShouldContain("noreferrer");
        messages[1].QuerySelectorAll(".code").ShouldBeEmpty();

        var api = await http.GetFromJsonAsync<List<ReceivedMessage>>("/api/messages?to=07700%20900101&take=1", SimulatorsJson.Options, TestContext.Current.CancellationToken);
        api!.Single().Code.ShouldBe("042917");
        outside.Messages.To("07700 900101")[1].Links.ShouldBe(["http://hub.localhost:5000/p/7hGk2Lm9123456Q"]);
    }

    [Fact]
    public async Task Everything_works_without_scripts_and_what_a_message_says_is_only_text()
    {
        await TextAsync("+447700900102", "<script>alert(1)</script> http://x.example/<b>");
        foreach (var path in new[] { "/", "/?refresh=off", "/phone/%2B447700900102", "/people", "/people/P100101", "/post", "/pas" })
        {
            var page = await PageAsync(path);
            page.Scripts.Length.ShouldBe(0, path);
            page.DocumentElement.GetAttribute("lang").ShouldBe("en-GB");
            page.QuerySelectorAll("h1").Length.ShouldBe(1, path);
            page.Title!.ShouldNotBeNullOrEmpty();
            page.QuerySelector("meta[name=viewport]").ShouldNotBeNull();
            page.QuerySelectorAll("[src], link[rel=stylesheet]").Select(element => element.GetAttribute("src") ?? element.GetAttribute("href")!).ShouldAllBe(address => address.StartsWith('/'));
        }

        (await PageAsync("/")).QuerySelector(".message .body")!.TextContent.ShouldBe("<script>alert(1)</script> http://x.example/<b>");
        (await PageAsync("/")).QuerySelector("meta[http-equiv=refresh]").ShouldNotBeNull();
        (await PageAsync("/?refresh=off")).QuerySelector("meta[http-equiv=refresh]").ShouldBeNull();
        (await http.GetAsync("/phone.css", TestContext.Current.CancellationToken)).Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
    }

    [Fact]
    public async Task A_text_that_never_arrived_says_so()
    {
        outside.Behaviours.Set("+447700900103", Behaves.Landline);
        await TextAsync("+447700900103", "Hello");
        await Eventually.True(() => outside.Messages.To("+447700900103").Single().Status == "undelivered", "the text was never undelivered");
        (await PageAsync("/phone/07700900103")).QuerySelector("li.lost .status")!.TextContent.ShouldBe("never arrived: undelivered 30006");
    }

    [Fact]
    public async Task An_email_is_shown_as_text_and_as_a_page_that_can_do_nothing()
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", outside.Secrets.SendGridApiKey);
        var answer = await client.PostAsJsonAsync(outside.SendGridBaseUrl + "/v3/mail/send", new
        {
            personalizations = new[] { new { to = new[] { new { email = "farah.siddiqui@example.net" } } } },
            from = new { email = "hub@trust.example", name = "The Trust" },
            subject = "A letter",
            content = new[] { new { type = "text/plain", value = "Dear Farah http://hub.example/p/1" }, new { type = "text/html", value = "<p>Dear <b>Farah</b></p>" } },
        }, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        var page = await PageAsync("/");
        page.QuerySelector(".mail .subject")!.TextContent.ShouldBe("A letter");
        page.QuerySelector(".mail .warn")!.TextContent.ShouldBe("tracking is on"); // the hub must switch it off
        var frame = (await PageAsync(page.QuerySelector(".mail .more a")!.GetAttribute("href")!)).QuerySelector("iframe")!;
        frame.GetAttribute("srcdoc")!.ShouldContain("<p>Dear <b>Farah</b></p>");
        frame.GetAttribute("srcdoc")!.ShouldContain("default-src 'none'");
        frame.GetAttribute("sandbox")!.ShouldNotContain("allow-scripts");
    }

    [Fact]
    public async Task People_are_listed_with_everything_needed_to_be_them()
    {
        var page = await PageAsync("/people");
        var isla = page.QuerySelectorAll("article.person").Single(article => article.QuerySelector("h2")!.TextContent == "Isla Murray");
        isla.TextContent.ShouldContain("Born 3 September 2016");
        isla.TextContent.ShouldContain("07700 900115");
        isla.QuerySelector(".story")!.TextContent.ShouldContain("Twin");
        isla.QuerySelectorAll(".appointments li").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Staff_act_from_a_persons_page()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var fed = await PasTests.FedAsync(hub);
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = fed.BaseAddress };

        var page = await PageAsync("/people/P100102", browser);
        var form = page.QuerySelectorAll<IHtmlFormElement>("form").First();
        var id = form.QuerySelector("[name=appointmentId]")!.GetAttribute("value")!;
        var before = hub.Last<Hl7.Fhir.Model.Appointment>(id).Start!.Value;
        var button = form.QuerySelectorAll("button").Single(button => button.TextContent == "Move to a week later");
        var after = await browser.PostAsync(button.GetAttribute("formaction"), new FormUrlEncodedContent(
            form.QuerySelectorAll<IHtmlInputElement>("input").Select(input => KeyValuePair.Create(input.Name!, input.Value))), TestContext.Current.CancellationToken);

        (await after.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("The hub has taken it (200).");
        hub.Last<Hl7.Fhir.Model.Appointment>(id).Start!.Value.ShouldBe(before.AddDays(7));
    }

    [Fact]
    public async Task The_print_house_lists_letters_with_their_manifest_lines_and_serves_them()
    {
        var folder = Directory.CreateDirectory(Path.Combine(spool, "20261123-1730-1"));
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "one.pdf"), "%PDF-one"u8.ToArray(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "half.pdf.tmp"), "%PDF-"u8.ToArray(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "manifest.csv"),
            "letter_id,file,sha256,address_1,address_2\r\n1,one.pdf,DIGEST,\"Lane, \"\"The\"\" Mr\",LEEDS\r\n2,two.pdf,,x,y\r\n"
                .Replace("DIGEST", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("%PDF-one"u8)), StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await using (var archive = await ZipFile.OpenAsync(Path.Combine(spool, "20261123-1731-2.zip"), ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            await WriteAsync(archive, "two.pdf", "%PDF-two");
            await WriteAsync(archive, "manifest.json", """{"totals":{"letters":1},"letters":[{"file":"two.pdf","pages":2,"sha256":"00"}]}""");
        }

        (await http.GetFromJsonAsync<List<PrintBatch>>("/api/print", SimulatorsJson.Options, TestContext.Current.CancellationToken))!
            .ShouldHaveSingleItem().Name.ShouldBe("20261123-1730-1"); // an archive without its .ok is not handed over
        await File.WriteAllBytesAsync(Path.Combine(spool, "20261123-1731-2.ok"), [], TestContext.Current.CancellationToken);

        var batches = (await http.GetFromJsonAsync<List<PrintBatch>>("/api/print", SimulatorsJson.Options, TestContext.Current.CancellationToken))!.ToDictionary(batch => batch.Name);
        batches.Keys.ShouldBe(["20261123-1730-1", "20261123-1731-2.zip"], ignoreOrder: true);
        var letter = batches["20261123-1730-1"].Letters.ShouldHaveSingleItem(); // the half-written file is not there yet
        letter.Manifest["address_1"].ShouldBe("Lane, \"The\" Mr");
        batches["20261123-1730-1"].Unmatched.ShouldHaveSingleItem()["file"].ShouldBe("two.pdf");
        letter.Intact.ShouldBeTrue();
        batches["20261123-1731-2.zip"].Letters.ShouldHaveSingleItem().Manifest["pages"].ShouldBe("2");
        batches["20261123-1731-2.zip"].Letters.Single().Intact.ShouldBeFalse();

        var page = await PageAsync("/post");
        page.QuerySelectorAll(".batch").Length.ShouldBe(2);
        page.QuerySelectorAll("address").Select(address => address.TextContent).ShouldContain(address => address.Contains("LEEDS", StringComparison.Ordinal));
        page.QuerySelectorAll(".warn").Select(warning => warning.TextContent).ShouldContain("not the file that the manifest speaks of (sha256)");
        foreach (var link in page.QuerySelectorAll("a.envelope"))
        {
            using var pdf = await http.GetAsync(link.GetAttribute("href"), TestContext.Current.CancellationToken);
            pdf.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
            (await pdf.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith("%PDF-");
        }
    }

    [Theory]
    [InlineData(".", "../secret.pdf")]
    [InlineData("..", "secret.pdf")]
    [InlineData(".", "/etc/passwd")]
    public async Task Nothing_outside_the_spool_is_served(string batch, string file)
    {
        await File.WriteAllTextAsync(Path.Combine(spool, "known.pdf"), "%PDF-", TestContext.Current.CancellationToken);
        using var answer = await http.GetAsync($"/post/pdf?batch={Uri.EscapeDataString(batch)}&file={Uri.EscapeDataString(file)}", TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task TextAsync(string to, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{outside.TwilioBaseUrl}/2010-04-01/Accounts/{outside.Secrets.TwilioAccountSid}/Messages.json")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["To"] = to, ["From"] = "LeedsHosp", ["Body"] = body }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{outside.Secrets.TwilioAccountSid}:{outside.Secrets.TwilioAuthToken}")));
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private async Task<IHtmlDocument> PageAsync(string path, HttpClient? browser = null)
    {
        using var answer = await (browser ?? http).GetAsync(path, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task WriteAsync(ZipArchive archive, string name, string content)
    {
        await using var stream = await archive.CreateEntry(name).OpenAsync();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(content));
    }
}
