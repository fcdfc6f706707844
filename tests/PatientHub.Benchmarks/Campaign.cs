using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;

namespace PatientHub.Benchmarks;

/// <summary>
/// A trust invites everybody at once. Patients are there; appointments come as FHIR through the gateway, letters are made, invitations are accepted by the simulated Twilio and
/// SendGrid, and their callbacks are processed, everything on this machine. Then the same from "due" alone: the first reminders of all of them become due in one moment.
/// With <c>codes</c>, sign-ins are spread over the campaign, and each code is timed from the press of the button to the provider's acceptance.
/// A small campaign goes before it: a hospital's processes have run for days, and compiling is not what is asked about.
/// </summary>
internal static class Campaign
{
    private static readonly string[] Processes = ["identity", "appointments", "letters", "notifications", "postal", "gateway", "simulators", "postgres", "rabbitmq", "redis"];
    private static readonly string[] Ours = ["identity", "appointments", "letters", "notifications", "postal", "gateway"];

    private const int Warm = 1_000;
    private const int Bundle = 100;
    private const string Invited = "select count(*) from journey_step where kind = 'Invitation' and step = 0 and accepted_at >= $1";

    public static Task RunAsync(Options options, Report report) =>
        options.Number("limit", 0) is > 0 and var limit ? LimitedAsync(options, report, limit) : RunAsync("campaign", options, report, signIns: 0);

    public static Task CodesAsync(Options options, Report report) => RunAsync("codes", options, report, options.Number("sign-ins", 200));

    private static async Task RunAsync(string verb, Options options, Report report, int signIns)
    {
        var count = options.Number("appointments", 100_000);
        var atOnce = options.Number("at-once", 8);
        var bundle = options.Number("bundle", Bundle);
        var warm = options.Number("warm", Warm);
        await using var hub = await RunningHub.StartAsync(new(GatewayThroughput.RoomyLimits)
        {
            ["Sending__TextsPerSecond"] = "10000",
            ["Sending__EmailsPerSecond"] = "10000",
            ["Simulators__StepDelay"] = "00:00:00.050",
        });
        await using var patients = await Patients.OfAsync(hub);
        await using var notifications = NpgsqlDataSource.Create(hub.Database("notificationsdb"));
        var before = await ScalarAsync(notifications, "select count(*) from patient");
        await patients.FeedForCampaignAsync(count + warm);
        await UntilAsync(notifications, "select count(*) from patient", before + count + warm, "the patients were never heard of");
        await using var codes = signIns > 0 ? new CodeTimes(hub) : null;
        var perSecond = await WarmUpAsync(hub, patients, notifications, codes, count, warm, bundle, atOnce);
        var workers = Processes.Select(hub.Worker).Append(Worker.Here).ToList();

        // The whole: from the first request to the last acceptance.
        var cpu = CpuSeconds.Read(workers);
        var began = await NowAsync(notifications);
        var clock = Stopwatch.StartNew();
        using var over = new CancellationTokenSource();
        // The real campaign is faster than the small one, so these are rather more than asked for.
        var typing = codes?.RunAsync(0, TimeSpan.FromSeconds(count / perSecond / signIns), over.Token) ?? Task.FromResult(Array.Empty<double>());
        await BookAsync(patients, "campaign", 0, count, bundle, atOnce);
        var fed = clock.Elapsed;
        await UntilAsync(notifications, Invited, count, "somebody was never invited", began);
        var whole = await SecondsAsync(notifications, "step = 0", began);
        await over.CancelAsync();
        await UntilAsync(notifications, "select count(*) from message where status = 'Delivered' and created_at >= $1", count, "somebody's delivery was never reported", began);
        var reported = clock.Elapsed;
        var spent = Spent(cpu, CpuSeconds.Read(workers));
        var command = $"{verb}{(count == 100_000 ? "" : $" --appointments {count}")}{(warm == Warm ? "" : $" --warm {warm}")}{(bundle == Bundle ? "" : $" --bundle {bundle}")}";
        report.Add($"Campaign: {count:N0} appointments as FHIR through the gateway{(bundle > 1 ? $", {bundle} in a Bundle," : "")} until all are invited (bar 500 a second)", string.Create(CultureInfo.InvariantCulture,
            $"{count / whole:F0} a second ({whole:F1} s; fed in {fed.TotalSeconds:F1} s, callbacks processed after {reported.TotalSeconds:F1} s); {atOnce} requests at once; {warm:N0} before them. CPU seconds: {spent}"), command);

        if (signIns > 0)
        {
            var times = await typing;
            report.Add($"Codes during that campaign: from \"send code\" to the provider's acceptance, {times.Length} sign-ins (bar p99 1 s, aim 500 ms)", string.Create(CultureInfo.InvariantCulture,
                $"p50 {times.At(0.5):F0}, p95 {times.At(0.95):F0}, p99 {times.At(0.99):F0}, worst {times[^1]:F0} ms"), command);
        }

        // From due to acceptance alone: everybody's first reminder in one moment.
        await QuietAsync(hub, notifications);
        cpu = CpuSeconds.Read(workers);
        began = await NowAsync(notifications);
        await using (var due = notifications.CreateCommand("update journey_step set due_at = now(), next_at = now() where kind = 'Invitation' and step = 1 and state = 'Open'"))
            await due.ExecuteNonQueryAsync();
        await UntilAsync(notifications, "select count(*) from journey_step where kind = 'Invitation' and step = 1 and accepted_at >= $1", count, "somebody was never reminded", began);
        var sent = await SecondsAsync(notifications, "step = 1", began);
        report.Add($"… {count:N0} messages from due to acceptance alone (bar 1,500 a second)", string.Create(CultureInfo.InvariantCulture, $"{count / sent:F0} a second ({sent:F1} s). CPU seconds: {Spent(cpu, CpuSeconds.Read(workers))}"), command);
        report.Add("… peak memory of the processes since their start", string.Join(", ", Ours.Select(name => $"{name} {PeakMegabytes(hub.Worker(name).ProcessId)}")) + " MB", command);
    }

    /// <summary>The small campaign before, with some codes in it.</summary>
    /// <returns>How many appointments a second its later half was worth.</returns>
    private static async Task<double> WarmUpAsync(RunningHub hub, Patients patients, NpgsqlDataSource notifications, CodeTimes? codes, int first, int count, int bundle, int atOnce)
    {
        if (count == 0) return 50;
        var began = await NowAsync(notifications);
        using var over = new CancellationTokenSource();
        var typing = codes?.RunAsync(first, TimeSpan.FromSeconds(1), over.Token) ?? Task.FromResult(Array.Empty<double>());
        await BookAsync(patients, "warm", first, count / 2, bundle, atOnce);
        await UntilAsync(notifications, Invited, count / 2, "somebody was never invited", began);
        var clock = Stopwatch.StartNew();
        await BookAsync(patients, "warm", first + (count / 2), count - (count / 2), bundle, atOnce);
        await UntilAsync(notifications, Invited, count, "somebody was never invited", began);
        var seconds = clock.Elapsed.TotalSeconds;
        await over.CancelAsync();
        await typing;
        await UntilAsync(notifications, "select count(*) from message where status = 'Delivered' and created_at >= $1", count, "somebody's delivery was never reported", began);
        await QuietAsync(hub, notifications);
        return (count - (count / 2)) / seconds;
    }

    private static Task BookAsync(Patients patients, string name, int first, int count, int bundle, int atOnce) => Parallel.ForEachAsync(Enumerable.Range(first, count).Chunk(bundle), new ParallelOptions { MaxDegreeOfParallelism = atOnce },
        async (numbers, _) => await (bundle == 1 ? patients.BookAsync($"{name}-{numbers[0]}", numbers[0], InDays(numbers[0])) : patients.BookAsync([.. numbers.Select(number => ($"{name}-{number}", number, InDays(number)))])));

    private static int InDays(int number) => 20 + (number % 60);

    /// <summary>A campaign against a provider that takes so many texts a minute and answers 429 to the rest.</summary>
    private static async Task LimitedAsync(Options options, Report report, int limit)
    {
        var count = options.Number("appointments", limit * 2);
        await using var hub = await RunningHub.StartAsync(new(GatewayThroughput.RoomyLimits)
        {
            ["Sending__TextsPerSecond"] = (limit / 60).ToString(CultureInfo.InvariantCulture),
            ["Simulators__TextsPerMinute"] = limit.ToString(CultureInfo.InvariantCulture),
            ["Simulators__StepDelay"] = "00:00:00.050",
        });
        await using var patients = await Patients.OfAsync(hub);
        await using var notifications = NpgsqlDataSource.Create(hub.Database("notificationsdb"));
        var before = await ScalarAsync(notifications, "select count(*) from patient");
        await patients.FeedForCampaignAsync(count, textsOnly: true);
        await UntilAsync(notifications, "select count(*) from patient", before + count, "the patients were never heard of");
        var began = await NowAsync(notifications);
        await BookAsync(patients, "campaign", 0, count, bundle: 1, atOnce: 8);
        await UntilAsync(notifications, Invited, count, "somebody was never invited", began);
        // A tenth at each end is left out: the feed has only just begun, and the last ones are few.
        await using var steady = notifications.CreateCommand("""
            select extract(epoch from percentile_disc(0.9) within group (order by accepted_at) - percentile_disc(0.1) within group (order by accepted_at))::float8
            from journey_step where kind = 'Invitation' and step = 0 and accepted_at >= $1
            """);
        steady.Parameters.AddWithValue(began);
        var seconds = (double)(await steady.ExecuteScalarAsync())!;
        var refused = await ScalarAsync(notifications, "select count(*) from attempt where error_code = '429' and created_at >= $1", began);
        report.Add($"A campaign against a provider that takes {limit:N0} texts a minute (bar: 97 % of them used, at most 1 % answered 429)", string.Create(CultureInfo.InvariantCulture,
            $"{100.0 * 0.8 * count / (seconds * limit / 60):F1} % used, {100.0 * refused / (count + refused):F2} % answered 429 ({count:N0} texts)"), $"campaign --limit {limit}");
    }

    private static async Task<double> SecondsAsync(NpgsqlDataSource database, string which, DateTimeOffset began)
    {
        await using var last = database.CreateCommand($"select extract(epoch from max(accepted_at) - $1)::float8 from journey_step where kind = 'Invitation' and {which} and accepted_at >= $1");
        last.Parameters.AddWithValue(began);
        return (double)(await last.ExecuteScalarAsync())!;
    }

    private static async Task<DateTimeOffset> NowAsync(NpgsqlDataSource database)
    {
        await using var now = database.CreateCommand("select now()");
        return new DateTimeOffset((DateTime)(await now.ExecuteScalarAsync())!);
    }

    /// <summary>Everything is told and written everywhere: nothing to send, nothing in an outbox, and for two seconds no service has taken a message.</summary>
    private static async Task QuietAsync(RunningHub hub, NpgsqlDataSource notifications)
    {
        await UntilAsync(notifications, "select case when exists (select 1 from attempt where state in ('Intent', 'Unclear')) or exists (select 1 from outbox_message) then 0 else 1 end::bigint", 1, "it never came to rest");
        var (seen, since) = (-1L, Stopwatch.StartNew());
        while (since.Elapsed < TimeSpan.FromSeconds(2))
        {
            var taken = 0L;
            foreach (var name in (string[])["appointmentsdb", "lettersdb", "notificationsdb", "postaldb"])
            {
                await using var database = NpgsqlDataSource.Create(hub.Database(name));
                taken += await ScalarAsync(database, "select count(*) from inbox_message");
            }

            if (taken != seen) (seen, since) = (taken, Stopwatch.StartNew());
            await Task.Delay(500);
        }
    }

    private static async Task UntilAsync(NpgsqlDataSource database, string count, long enough, string never, DateTimeOffset? began = null)
    {
        var (clock, seen) = (Stopwatch.StartNew(), -1L);
        while (true)
        {
            var now = await ScalarAsync(database, count, began);
            if (now >= enough) return;
            if (now != seen) (seen, clock) = (now, Stopwatch.StartNew());
            if (clock.Elapsed > TimeSpan.FromMinutes(2)) throw new TimeoutException($"{never}: {now:N0} of {enough:N0}, and no more for two minutes");
            await Task.Delay(500);
        }
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource database, string sql, DateTimeOffset? began = null)
    {
        await using var command = database.CreateCommand(sql);
        if (began is { } from) command.Parameters.AddWithValue(from);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static string Spent(Dictionary<string, double> before, Dictionary<string, double> after) =>
        string.Join(", ", after.Select(worker => string.Create(CultureInfo.InvariantCulture, $"{(worker.Key == Worker.Here.Name ? "the client" : worker.Key)} {worker.Value - before[worker.Key]:F1}")));

    private static long PeakMegabytes(int processId) =>
        long.Parse(File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
