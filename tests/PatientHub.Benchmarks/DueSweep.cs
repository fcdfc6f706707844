using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.Sweep;
using PatientHub.Testing;

namespace PatientHub.Benchmarks;

/// <summary>
/// Does due work cost the same whatever waits? 500 claimed out of 10 million waiting rows against 500 out of 10 thousand, and a pass that finds nothing, by the
/// services' own statements on their own schema: the ladder's steps of Notifications, the deadlines of PostalFallback.
/// </summary>
internal static class DueSweep
{
    private const int Few = 10_000;
    private const int ClaimsPerRun = 10;
    private const int PassesPerRun = 50;

    public static async Task RunAsync(Options options, Report report)
    {
        var many = options.Number("rows", 10_000_000);
        var pairs = options.Number("pairs", 5);
        var strewn = options.Has("strewn");
        await using var postgres = new PostgresServer { FlushesToDisk = true };
        await postgres.StartAsync();
        Worker[] workers = [Worker.Here, new Worker("PostgreSQL", postgres.ProcessId!.Value)];

        await MeasureAsync("Notifications, steps of the ladder", "steps", SweptService.NotificationsAsync, WaitingRows.FillStepsAsync);
        await MeasureAsync("PostalFallback, deadlines", "deadlines", SweptService.PostalFallbackAsync, WaitingRows.FillDeadlinesAsync);

        async Task MeasureAsync(string name, string database, Func<PostgresServer, string, Task<SweptService>> create, Func<NpgsqlDataSource, long, long, DateTimeOffset, bool, Task> fill)
        {
            await using var large = await create(postgres, database + "_many");
            await using var small = await create(postgres, database + "_few");
            var due = (pairs + 1) * ClaimsPerRun * SweptService.ClaimSize;

            // Due in an hour from then on: the passes at the present instant find nothing, the claims at the end of that hour find enough.
            var from = DateTimeOffset.UtcNow + TimeSpan.FromHours(3);
            var clock = Stopwatch.StartNew();
            await fill(large.App.Services.GetRequiredService<NpgsqlDataSource>(), many, due, from, strewn);
            await fill(small.App.Services.GetRequiredService<NpgsqlDataSource>(), Few, due, from, strewn);
            Console.WriteLine($"{name}: {many:N0} and {Few:N0} waiting rows, {due:N0} due ones among each, made in {clock.Elapsed.TotalSeconds:F0} s");

            var passes = await Pairs.RunAsync($"{name}: a pass that finds nothing", Pass($"{many:N0} waiting", large), Pass($"{Few:N0} waiting", small), workers, pairs, "ms");
            var claims = await Pairs.RunAsync($"{name}: 500 claimed", Claim($"{many:N0} waiting", large, from), Claim($"{Few:N0} waiting", small, from), workers, pairs, "ms");
            var verb = $"sweep{(many == 10_000_000 ? "" : $" --rows {many}")}{(strewn ? " --strewn" : "")}";
            report.Add($"{name}: 500 claimed out of {many:N0} waiting rows against out of {Few:N0}{(strewn ? ", due ones strewn all over the table" : "")} (bar 1.5, aim 1.1)", string.Create(CultureInfo.InvariantCulture,
                $"{claims.MedianRatio:F2} ({claims.RatioList}); {claims.MedianA:F1} against {claims.MedianB:F1} ms"), verb);
            report.Add($"{name}: a whole pass that finds nothing in {many:N0} waiting rows (bar 5 ms, aim 1 ms)", string.Create(CultureInfo.InvariantCulture,
                $"{passes.MedianA:F2} ms, the fastest {large.FastestPass:F2} ms ({passes.MedianB:F2} and {small.FastestPass:F2} ms in {Few:N0})"), verb);
        }
    }

    private static Side Pass(string name, SweptService service) => new(name, () => Task.CompletedTask, async () =>
    {
        var times = await TimesAsync(PassesPerRun, expected: 0, service.PassAsync);
        service.FastestPass = Math.Min(service.FastestPass, times.Min());
        return new Done(PassesPerRun, Pairs.Median(times));
    });

    private static Side Claim(string name, SweptService service, DateTimeOffset from) => new(name, () => Task.CompletedTask, async () =>
        new Done(ClaimsPerRun, Pairs.Median(await TimesAsync(ClaimsPerRun, SweptService.ClaimSize, () => service.ClaimAsync(from + TimeSpan.FromHours(1)), service.SettleAsync))));

    private static async Task<List<double>> TimesAsync(int times, int expected, Func<Task<int>> sweep, Func<Task>? settle = null)
    {
        List<double> milliseconds = [];
        for (var i = 0; i < times; i++)
        {
            var clock = Stopwatch.StartNew();
            var rows = await sweep();
            milliseconds.Add(clock.Elapsed.TotalMilliseconds);
            if (rows != expected)
                throw new InvalidOperationException($"Expected {expected} rows, got {rows}.");
            if (settle is not null)
                await settle();
        }

        return milliseconds;
    }
}
