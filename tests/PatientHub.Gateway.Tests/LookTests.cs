using System.Globalization;
using System.IO.Compression;
using System.Net;
using AngleSharp.Dom;
using Microsoft.Extensions.Options;
using PatientHub.Gateway.Look;
using PatientHub.Gateway.Tests.Support;

namespace PatientHub.Gateway.Tests;

/// <summary>A trust with a logo, colours, further numbers and senders.</summary>
public sealed class OwnLook(RedisServer redis) : GatewayFixture(redis)
{
    public static readonly string Logo = Path.Combine(AppContext.BaseDirectory, "wwwroot", "images", "favicon.svg");

    protected override IEnumerable<(string Name, string Value)> Settings =>
    [
        ("Trust:Name", "St Elsewhere's & Daughters"), ("Trust:Logo", Logo), ("Trust:HeaderColour", "#4a1942"), ("Trust:LinkColour", "#4a1942"), ("Trust:ButtonColour", "#7a0019"),
        ("Trust:Phones:0:Name", "Hospital switchboard"), ("Trust:Phones:0:Number", "0113 243 3144"), ("Trust:Phones:0:Hours", "At any time"),
        ("Trust:FurtherSenders:0", "appointments@elsewhere.example"),
    ];
}

public sealed class LookTests(GatewayFixture gateway, OwnLook own) : IClassFixture<GatewayFixture>, IClassFixture<OwnLook>
{
    [Fact]
    public async Task A_trust_has_its_own_name_logo_colours_numbers_and_senders()
    {
        var browser = own.NewBrowser();
        foreach (var path in new[] { "/", "/sign-in", "/nowhere", "/help/privacy", "/signed-out" })
        {
            var page = await browser.GetAsync(path);
            page.Document.QuerySelector("header")!.TextContent.ShouldContain("St Elsewhere's & Daughters", Case.Sensitive, path);
            page.Main.ShouldContain("0113 518 1823", Case.Sensitive, path);
            page.Main.ShouldContain("Hospital switchboard: 0113 243 3144 At any time", Case.Sensitive, path);
        }
        (await browser.GetAsync("/help/messages")).Main.ShouldContain("may also come from appointments@elsewhere.example");
        var start = await browser.GetAsync("/");
        var logo = start.Document.QuerySelector("header img")!;
        logo.GetAttribute("alt").ShouldBe("", "the name stands beside it");
        var image = await browser.GetAsync(logo.GetAttribute("src")!);
        image.Status.ShouldBe(HttpStatusCode.OK);
        image.Response.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        var sheets = start.Document.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href")!).ToList();
        var colours = (await browser.GetAsync(sheets[1])).Text;
        colours.ShouldContain(".nhsuk-header,.nhsuk-header__navigation{background-color:#4a1942}");
        colours.ShouldContain("#7a0019");
        (await gateway.NewBrowser().GetAsync("/")).Document.QuerySelectorAll("link[rel=stylesheet]").Length.ShouldBe(1, "without colours of its own there is nothing to load");
    }

    [Theory]
    [InlineData("#005eb8", null, null, true)]
    [InlineData("#8a8a8a", null, null, false)]
    [InlineData("#767676", null, null, true)]
    [InlineData("#ffffff", null, null, false)]
    [InlineData(null, "#767676", null, false)]
    [InlineData(null, "#6f6f6f", null, true)]
    [InlineData(null, null, "#00a499", false)]
    [InlineData("red", null, null, false)]
    [InlineData("#12345", null, null, false)]
    [InlineData("#005eb8;}body{display:none", null, null, false)]
    public void Colours_that_cannot_be_read_are_refused_at_start(string? header, string? link, string? button, bool fine) =>
        new TrustPageValidation().Validate(null, new TrustPageOptions { HeaderColour = header, LinkColour = link, ButtonColour = button }).Succeeded.ShouldBe(fine);

    [Fact]
    public void A_logo_that_is_none_is_refused_at_start()
    {
        foreach (var logo in new[] { "/nowhere/logo.svg", typeof(LookTests).Assembly.Location, "" })
            new TrustPageValidation().Validate(null, new TrustPageOptions { Logo = logo }).Failed.ShouldBeTrue(logo);
        new TrustPageValidation().Validate(null, new TrustPageOptions { Logo = OwnLook.Logo }).Succeeded.ShouldBeTrue();
        new TrustPageValidation().Validate(null, new TrustPageOptions { Phones = { new TrustPhone { Name = "Switchboard" } } }).Failed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("#000000", "#ffffff", 21)]
    [InlineData("#005eb8", "#ffffff", 6.4)]
    [InlineData("#777777", "#ffffff", 4.5)]
    [InlineData("#ffffff", "#ffffff", 1)]
    public void Contrast_is_WCAGs(string one, string other, double contrast) => Math.Round(Colour.Parse(one)!.Value.ContrastTo(Colour.Parse(other)!.Value), 1).ShouldBe(contrast, 0.1);

    [Fact]
    public async Task The_sign_in_page_needs_less_than_100_kB_and_no_script_to_be_seen()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(gateway.PublicUrl), DefaultRequestHeaders = { { "Accept", "text/html" }, { "Accept-Encoding", "gzip, deflate, br" } } };
        var page = await gateway.NewBrowser().GetAsync("/sign-in");
        var bytes = await BytesAsync(http, "/sign-in");
        var files = page.Document.QuerySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], img[src]").Select(element => element.GetAttribute("href") ?? element.GetAttribute("src")!).ToList();
        files.Count.ShouldBeGreaterThanOrEqualTo(3);
        foreach (var file in files)
            bytes += await BytesAsync(http, file);
        bytes.ShouldBeLessThan(100 * 1024);
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"The sign-in page with its {files.Count} files: {bytes} bytes"));
        page.Document.QuerySelectorAll("script").ShouldAllBe(script => script.HasAttribute("defer"), "nothing waits for a script");
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("identity")]
    public async Task Files_are_named_by_their_content_kept_for_ever_and_compressed(string encoding)
    {
        using var http = new HttpClient { BaseAddress = new Uri(gateway.PublicUrl), DefaultRequestHeaders = { { "Accept-Encoding", encoding } } };
        var address = (await gateway.NewBrowser().GetAsync("/")).Document.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;
        address.ShouldMatch("^/css/hub\\.[0-9a-f]{16}\\.css$");
        using var answer = await http.GetAsync(address, TestContext.Current.CancellationToken);
        answer.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        answer.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        string.Join("", answer.Content.Headers.ContentEncoding).ShouldBe(encoding == "identity" ? "" : encoding);
        await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using var plain = encoding switch { "br" => new BrotliStream(body, CompressionMode.Decompress), "gzip" => (Stream)new GZipStream(body, CompressionMode.Decompress), _ => body };
        using var reader = new StreamReader(plain);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain(".nhsuk-button");

        using var again = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
        (await http.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await http.GetAsync("/css/hub.css", TestContext.Current.CancellationToken)).Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromHours(1), "a name without the hash may change its content");
        (await http.GetAsync("/css/hub.0123456789abcdef.css", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<long> BytesAsync(HttpClient http, string path) => (await http.GetByteArrayAsync(path, TestContext.Current.CancellationToken)).LongLength;
}
