using System.Globalization;
using Npgsql;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;
using Browser = PatientHub.Benchmarks.WholeSystem.Browser;
using Eventually = PatientHub.Testing.Eventually;

namespace PatientHub.Benchmarks;

/// <summary>
/// The home page of patients with forty appointments each, fifty of them at once: session, token, three services and everything else on. Open loop: each patient opens it once a second, and a
/// stall is counted for everybody it keeps waiting.
/// </summary>
internal static class HomePage
{
    public static async Task RunAsync(Options options, Report report)
    {
        var (count, each, seconds) = (options.Number("patients", 50), options.Number("appointments", 40), options.Number("seconds", 30));
        await using var hub = await RunningHub.StartAsync(GatewayThroughput.RoomyLimits);
        await using var patients = await Patients.OfAsync(hub);
        await patients.FeedAsync(count);
        await Parallel.ForAsync(0, count * each, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) => await patients.BookAsync($"home-{number}", number % count, inDays: 30 + (number / count)));
        await ReadyAsync(hub, count * each);
        List<Browser> signedIn = [];
        for (var number = 0; number < count; number++)
            signedIn.Add(await patients.SignInAsync(number));
        Console.WriteLine($"{count} patients are signed in; load {Machine.Load}");

        // A process that has just started compiles at the same time.
        await OpenLoop.RunAsync(count, TimeSpan.FromSeconds(15), number => signedIn[number % count].OpenAsync("/home"));
        var latencies = await OpenLoop.RunAsync(count, TimeSpan.FromSeconds(seconds), number => signedIn[number % count].OpenAsync("/home"));
        report.Add($"The home page of a patient with {each} appointments, {count} patients at once, each once a second (bar p95 400 ms, aim 100)", string.Create(CultureInfo.InvariantCulture,
            $"p50 {latencies.At(0.5):F0}, p95 {latencies.At(0.95):F0}, p99 {latencies.At(0.99):F0} ms; worst {latencies[^1]:F0} ms of {latencies.Length}"), $"home --patients {count} --appointments {each} --seconds {seconds}");
    }

    /// <summary>All letters are there and all invitations are out: nothing else goes on any more.</summary>
    private static async Task ReadyAsync(RunningHub hub, int expected)
    {
        await using var database = NpgsqlDataSource.Create(hub.Database("notificationsdb"));
        await Eventually.True(
            async () =>
            {
                await using var command = database.CreateCommand("select count(*) from journey_step where kind = 'Invitation' and step = 0 and accepted_at is not null");
                return (long)(await command.ExecuteScalarAsync())! >= expected;
            },
            "the invitations never went", TimeSpan.FromMinutes(15));
    }
}
