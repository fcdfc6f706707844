using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PatientHub.Letters.Clients;
using UglyToad.PdfPig;

namespace PatientHub.Letters.Tests;

/// <summary>A real Chromium: what it must not do, and what happens when it dies.</summary>
public sealed class RendererTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_fetched_and_no_script_runs()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, "SECRETFILE", Ct);
        var host = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        await using var renderer = Renderer();
        var pdf = await renderer.RenderAsync($"""
            <!doctype html><html><head><link rel="stylesheet" href="{host}/a.css"><style>body {"{"} background: url({host}/b.png) {"}"}</style></head>
            <body><p>Visible</p><img src="{host}/c.png"><iframe src="file://{secret}"></iframe><object data="file://{secret}"></object>
            <p id="p"></p><script>document.getElementById('p').textContent = 'SCRIPTRAN'; fetch('{host}/d')</script></body></html>
            """, Ct);
        File.Delete(secret);

        using var document = PdfDocument.Open(pdf);
        var text = PrintTests.AllText(document);
        text.ShouldContain("Visible");
        text.ShouldNotContain("SCRIPTRAN");
        text.ShouldNotContain("SECRETFILE");
        listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task Killed_browser_is_started_again_and_many_pages_at_once_all_come()
    {
        await using var renderer = Renderer();
        await renderer.RenderAsync("<p>First</p>", Ct);
        var browser = Browser(renderer.Mark);

        var pages = Enumerable.Range(1, 12).Select(i => renderer.RenderAsync($"<p>Page number {i}</p>", Ct)).ToList();
        Signal(browser, "KILL");
        var pdfs = await Task.WhenAll(pages);

        for (var i = 0; i < pdfs.Length; i++)
        {
            using var document = PdfDocument.Open(pdfs[i]);
            PrintTests.AllText(document).ShouldBe($"Page number {i + 1}");
        }
    }

    [Fact] // it neither answers nor closes: killed, and the letter printed by the next one
    public async Task Stuck_browser_is_killed_and_the_page_printed_again()
    {
        await using var renderer = Renderer(TimeSpan.FromSeconds(10));
        await renderer.RenderAsync("<p>First</p>", Ct);
        var stuck = Browser(renderer.Mark);
        Signal(stuck, "STOP");
        var pdfs = await Task.WhenAll(renderer.RenderAsync("<p>Second</p>", Ct), renderer.RenderAsync("<p>Third</p>", Ct));
        pdfs.Select(Text).ShouldBe(["Second", "Third"]);
        Directory.Exists($"/proc/{stuck}").ShouldBeFalse("a stuck Chromium keeps its 500 MB for ever");
    }

    [Fact] // the program between us and Chromium
    public async Task Killed_driver_is_started_again()
    {
        await using var renderer = Renderer();
        await renderer.RenderAsync("<p>First</p>", Ct);
        var driver = Parent(Browser(renderer.Mark));
        CommandLine(driver).ShouldContain("run-driver");
        Signal(driver, "KILL");
        Text(await renderer.RenderAsync("<p>Second</p>", Ct)).ShouldBe("Second");
    }

    [Fact] // one page after the other for hundreds of patients
    public async Task Page_that_is_used_again_shows_nothing_of_the_letter_before()
    {
        await using var renderer = Renderer();
        (await Task.WhenAll(Enumerable.Range(1, 20).Select(async i => Text(await renderer.RenderAsync($"<title>Letter {i}</title><p>Patient number {i}</p>", Ct)))))
            .ShouldBe(Enumerable.Range(1, 20).Select(i => $"Patient number {i}"));
    }

    /// <summary>Those of Chromium's two programs that are installed.</summary>
    public static TheoryData<string> Programs => [.. new[] { "/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium" }.Where(File.Exists)];

    [Theory] // the headless shell where it is installed, and Chromium itself where it is not
    [MemberData(nameof(Programs))]
    public async Task Each_of_Chromiums_programs_prints_tagged_with_embedded_fonts_and_numbered_pages(string program)
    {
        await using var renderer = new ChromiumPdfRenderer(Options.Create(new PrintLayoutOptions { ChromiumPath = program, PageTimeout = TimeSpan.FromMinutes(3) }), NullLogger<ChromiumPdfRenderer>.Instance);
        var pdf = await renderer.RenderAsync("""
            <!doctype html><html lang="en"><head><title>A letter</title><style>@page { size: A4; margin: 20mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); } } body { font-family: "Noto Sans", "Liberation Sans"; } p + p { break-before: page; }</style></head>
            <body><h1>Heading</h1><p>First</p><p>Second</p></body></html>
            """, Ct);
        using var document = PdfDocument.Open(pdf);
        document.NumberOfPages.ShouldBe(2);
        foreach (var word in (string[])["Heading", "First", "Page1of2"]) Words(1).ShouldContain(word);
        foreach (var word in (string[])["Second", "Page2of2"]) Words(2).ShouldContain(word);
        document.GetPages().ShouldAllBe(page => Math.Abs(page.Height - 841.9) < 1);
        var catalog = document.Structure.Catalog.CatalogDictionary;
        catalog.ContainsKey(UglyToad.PdfPig.Tokens.NameToken.Create("StructTreeRoot")).ShouldBeTrue("a screen reader needs the tags");
        catalog.ContainsKey(UglyToad.PdfPig.Tokens.NameToken.Create("Lang")).ShouldBeTrue();
        System.Text.Encoding.Latin1.GetString(pdf).ShouldContain("/FontFile2");

        string Words(int page) => string.Concat(document.GetPage(page).Letters.Select(letter => letter.Value)).Replace(" ", "", StringComparison.Ordinal);
    }

    private static string Text(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return PrintTests.AllText(document);
    }

    /// <summary>The renderer's own Chromium: other tests print at the same time. A child that it has forked and not yet turned into another program bears its command line, too.</summary>
    private static int Browser(string? mark)
    {
        var all = Directory.GetDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
            .Where(pid => pid > 0 && CommandLine(pid) is var line && line.Contains(mark.ShouldNotBeNull(), StringComparison.Ordinal) && !line.Contains("--type=", StringComparison.Ordinal)).ToHashSet();
        return all.Where(pid => !all.Contains(Parent(pid))).Min();
    }

    private static void Signal(int pid, string name)
    {
        using var kill = Process.Start("kill", ["-s", name, pid.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static ChromiumPdfRenderer Renderer(TimeSpan? pageTimeout = null) => new(Options.Create(new PrintLayoutOptions { PageTimeout = pageTimeout ?? TimeSpan.FromMinutes(3) }), NullLogger<ChromiumPdfRenderer>.Instance);

    private static int Parent(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it ended while we looked
        }
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
