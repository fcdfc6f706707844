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
        var before = Descendants();
        await renderer.RenderAsync("<p>First</p>", Ct);
        var browsers = Descendants().Except(before).Where(pid => CommandLine(pid) is var line && line.Contains("chrom", StringComparison.Ordinal) && !line.Contains("--type=", StringComparison.Ordinal)).ToList();
        browsers.ShouldNotBeEmpty();

        var pages = Enumerable.Range(1, 12).Select(i => renderer.RenderAsync($"<p>Page number {i}</p>", Ct)).ToList();
        foreach (var browser in browsers)
            using (var process = Process.GetProcessById(browser)) process.Kill();   // ours alone: a child of this test's own driver
        var pdfs = await Task.WhenAll(pages);

        for (var i = 0; i < pdfs.Length; i++)
        {
            using var document = PdfDocument.Open(pdfs[i]);
            PrintTests.AllText(document).ShouldBe($"Page number {i + 1}");
        }
    }

    private static ChromiumPdfRenderer Renderer() => new(Options.Create(new PrintLayoutOptions { PageTimeout = TimeSpan.FromMinutes(3) }), NullLogger<ChromiumPdfRenderer>.Instance);

    private static HashSet<int> Descendants()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid)) continue;
            try
            {
                var stat = File.ReadAllText($"{folder}/stat");
                parents[pid] = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }

        var found = new HashSet<int>();
        foreach (var pid in parents.Keys)
        {
            for (var up = pid; parents.TryGetValue(up, out var parent) && parent > 1; up = parent)
                if (parent == Environment.ProcessId) found.Add(pid);
        }

        return found;
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
