using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;

namespace PatientHub.Letters.Clients;

/// <summary>
/// Chromium through Playwright. One browser is kept: a start costs over a second and 500 MB. It starts at the first PDF, because a replica that prints nothing needs none,
/// and again when it has died. So are its pages, up to <see cref="PrintLayoutOptions.ConcurrentPages"/> at once: making one costs as much as printing a letter, and without
/// scripts, network and storage a letter leaves nothing to the next. Every page is offline, with every request refused. A page that is stuck takes its browser with it: both
/// are killed, and what the browser's other pages were printing is printed again by the next one.
/// </summary>
public sealed partial class ChromiumPdfRenderer(IOptions<PrintLayoutOptions> options, ILogger<ChromiumPdfRenderer> logger) : IPdfRenderer, IAsyncDisposable
{
    private const int Attempts = 3;
    private const int LettersPerPage = 500; // then a new one: what a page holds on to ends with it
    private readonly SemaphoreSlim starting = new(1, 1);
    private readonly SemaphoreSlim pages = new(options.Value.ConcurrentPages);
    private readonly ConcurrentBag<Sheet> idle = [];
    private IPlaywright? playwright;
    private Running? current;

    /// <summary>The switch by which this renderer's browser can be told from others on the machine; null while none runs.</summary>
    public string? Mark => current?.Mark;

    public async Task<byte[]> RenderAsync(string html, CancellationToken ct)
    {
        await pages.WaitAsync(ct);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var chromium = await RunningAsync(ct);
                try
                {
                    return await PrintAsync(chromium, html, ct).WaitAsync(options.Value.PageTimeout, ct);
                }
                catch (Exception e) when (IsGone(e))
                {
                    // Died under us or is stuck: again with a fresh one. Three times, because a stuck neighbour takes the browser away from this page, too;
                    // a page that fails then is the caller's to report.
                    Log.Restarting(logger, e.GetType().Name);
                    await EndAsync(chromium);
                    if (attempt == Attempts) throw;
                }
            }
        }
        finally
        {
            pages.Release();
        }
    }

    /// <summary>A page that did not come to the end of its letter is never used again.</summary>
    private async Task<byte[]> PrintAsync(Running chromium, string html, CancellationToken ct)
    {
        var sheet = await TakeAsync(chromium);
        var whole = false;
        try
        {
            await sheet.Page.SetContentAsync(html);
            var pdf = await sheet.Page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true, PrintBackground = false, Tagged = true, Outline = false });
            whole = !ct.IsCancellationRequested && ++sheet.Letters < LettersPerPage;
            return pdf;
        }
        finally
        {
            if (whole) idle.Add(sheet);
            else await sheet.DropAsync();
        }
    }

    private async Task<Sheet> TakeAsync(Running chromium)
    {
        while (idle.TryTake(out var known))
        {
            if (known.Of == chromium) return known;
            await known.DropAsync();
        }

        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = false, Offline = true, AcceptDownloads = false, Locale = "en-GB" });
        await context.RouteAsync("**/*", route => route.AbortAsync());
        return new Sheet(chromium, context, await context.NewPageAsync());
    }

    private async Task<Running> RunningAsync(CancellationToken ct)
    {
        if (current is { Browser.IsConnected: true } running) return running;
        await starting.WaitAsync(ct);
        try
        {
            if (current is { Browser.IsConnected: true } started) return started;
            for (var attempt = 1; ; attempt++)
            {
                // No switch that Chromium knows: the name by which this very start can be found among the machine's processes.
                var mark = $"--patienthub-letters={Guid.CreateVersion7():n}";
                try
                {
                    playwright ??= await Playwright.CreateAsync();
                    current = new Running(await LaunchAsync(playwright, mark), mark);
                    Log.Started(logger, current.Browser.Version);
                    return current;
                }
                catch (Exception e) when (IsGone(e) && attempt < Attempts)
                {
                    // The driver between us and Chromium may be what has died: a new one, too.
                    Log.Restarting(logger, e.GetType().Name);
                    KillLeft(mark);
                    playwright?.Dispose();
                    playwright = null;
                }
            }
        }
        finally
        {
            starting.Release();
        }
    }

    private Task<IBrowser> LaunchAsync(IPlaywright driver, string mark) => driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = options.Value.ChromiumPath,
        Headless = true,
        // Chromium refuses its own sandbox to root; pages have no scripts and no network either way.
        ChromiumSandbox = !Environment.IsPrivilegedProcess,
        Args = [mark, "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--font-render-hinting=none"],
        Timeout = (float)TimeSpan.FromSeconds(60).TotalMilliseconds,
    });

    private async Task EndAsync(Running chromium)
    {
        await starting.WaitAsync();
        try
        {
            if (ReferenceEquals(current, chromium)) current = null;
            else return; // a neighbour on the same browser has ended it already
            try
            {
                await chromium.Browser.CloseAsync().WaitAsync(TimeSpan.FromSeconds(5));
            }
            catch (Exception e) when (IsGone(e))
            {
                Log.CloseFailed(logger, e.GetType().Name);
                KillLeft(chromium.Mark);
            }
        }
        finally
        {
            starting.Release();
        }
    }

    /// <summary>The browser or the driver between us and it: what has just died is first noticed at its pipe.</summary>
    private static bool IsGone(Exception e) => e is PlaywrightException or TimeoutException or IOException or ObjectDisposedException;

    /// <summary>A browser that does not even close is killed: only the process that bears the mark of its start.</summary>
    private static void KillLeft(string mark)
    {
        if (!OperatingSystem.IsLinux()) return;
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                if (!File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(mark, StringComparison.Ordinal)) continue;
                using var left = Process.GetProcessById(int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture));
                left.Kill();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It has just ended by itself, or is not ours to look at.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (current is { } running) await EndAsync(running);
        playwright?.Dispose();
        starting.Dispose();
        pages.Dispose();
    }

    /// <summary>One start of the browser.</summary>
    private sealed record Running(IBrowser Browser, string Mark);

    /// <summary>A page that is used for one letter after the other.</summary>
    private sealed record Sheet(Running Of, IBrowserContext Context, IPage Page)
    {
        public int Letters { get; set; }

        public async Task DropAsync()
        {
            try
            {
                await Context.CloseAsync().WaitAsync(TimeSpan.FromSeconds(5));
            }
            catch (Exception e) when (IsGone(e))
            {
                // Its browser is gone or going.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Chromium {Version} started for printing.")]
        public static partial void Started(ILogger logger, string version);

        [LoggerMessage(2, LogLevel.Warning, "Chromium is stuck or gone ({Exception}); it is started again.")]
        public static partial void Restarting(ILogger logger, string exception);

        [LoggerMessage(3, LogLevel.Warning, "The old Chromium could not be closed in order ({Exception}); it is killed.")]
        public static partial void CloseFailed(ILogger logger, string exception);
    }
}
