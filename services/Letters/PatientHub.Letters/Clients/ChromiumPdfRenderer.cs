using Microsoft.Extensions.Options;
using Microsoft.Playwright;

namespace PatientHub.Letters.Clients;

/// <summary>
/// Chromium through Playwright. One browser is kept: a start costs over a second and 500 MB, a page 70 ms. It starts at the first PDF, because a replica that prints
/// nothing needs none, and again when it has died. Each page has a context of its own, without scripts, offline, with every request refused.
/// </summary>
public sealed partial class ChromiumPdfRenderer(IOptions<PrintLayoutOptions> options, ILogger<ChromiumPdfRenderer> logger) : IPdfRenderer, IAsyncDisposable
{
    private const int Attempts = 3;
    private readonly SemaphoreSlim starting = new(1, 1);
    private readonly SemaphoreSlim pages = new(options.Value.ConcurrentPages);
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task<byte[]> RenderAsync(string html, CancellationToken ct)
    {
        await pages.WaitAsync(ct);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var chromium = await BrowserAsync(ct);
                try
                {
                    return await PrintAsync(chromium, html).WaitAsync(options.Value.PageTimeout, ct);
                }
                catch (Exception e) when (e is PlaywrightException or TimeoutException && attempt < Attempts)
                {
                    // Died under us or is stuck: again with a fresh one. Three times, because a stuck neighbour takes the browser away from this page, too;
                    // a page that fails then is the caller's to report.
                    Log.Restarting(logger, e.GetType().Name);
                    await EndAsync(chromium);
                }
            }
        }
        finally
        {
            pages.Release();
        }
    }

    private static async Task<byte[]> PrintAsync(IBrowser chromium, string html)
    {
        await using var context = await chromium.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = false, Offline = true, AcceptDownloads = false, Locale = "en-GB" });
        await context.RouteAsync("**/*", route => route.AbortAsync());
        var page = await context.NewPageAsync();
        await page.SetContentAsync(html);
        return await page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true, PrintBackground = false, Tagged = true, Outline = false });
    }

    private async Task<IBrowser> BrowserAsync(CancellationToken ct)
    {
        if (browser is { IsConnected: true } running) return running;
        await starting.WaitAsync(ct);
        try
        {
            if (browser is { IsConnected: true } started) return started;
            playwright ??= await Playwright.CreateAsync();
            browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = options.Value.ChromiumPath,
                Headless = true,
                // Chromium refuses its own sandbox to root; pages have no scripts and no network either way.
                ChromiumSandbox = !Environment.IsPrivilegedProcess,
                Args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--font-render-hinting=none"],
                Timeout = (float)TimeSpan.FromSeconds(60).TotalMilliseconds,
            });
            Log.Started(logger, browser.Version);
            return browser;
        }
        finally
        {
            starting.Release();
        }
    }

    private async Task EndAsync(IBrowser chromium)
    {
        await starting.WaitAsync();
        try
        {
            if (ReferenceEquals(browser, chromium)) browser = null;
        }
        finally
        {
            starting.Release();
        }

        try
        {
            await chromium.CloseAsync().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            Log.CloseFailed(logger, e.GetType().Name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await EndAsync(browser);
        playwright?.Dispose();
        starting.Dispose();
        pages.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Chromium {Version} started for printing.")]
        public static partial void Started(ILogger logger, string version);

        [LoggerMessage(2, LogLevel.Warning, "Chromium is stuck or gone ({Exception}); it is started again.")]
        public static partial void Restarting(ILogger logger, string exception);

        [LoggerMessage(3, LogLevel.Warning, "The old Chromium could not be closed in order ({Exception}).")]
        public static partial void CloseFailed(ILogger logger, string exception);
    }
}
