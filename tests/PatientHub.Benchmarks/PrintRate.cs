using System.Globalization;
using System.Text.Json;
using Npgsql;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;
using PatientHub.Identity.Tests.Support;
using Eventually = PatientHub.Testing.Eventually;

namespace PatientHub.Benchmarks;

/// <summary>
/// Letters per second from due to handed over: last look, address, PDF by Chromium, check of the print, archive, hand-over, on the running system. All letters fall due at the
/// same instant, as at the cut-off.
/// </summary>
internal static class PrintRate
{
    public static async Task RunAsync(Options options, Report report)
    {
        var (letters, runs, warmUp) = (options.Number("letters", 600), options.Number("runs", 3), 100);
        await using var hub = await RunningHub.StartAsync();
        await using var patients = await Patients.OfAsync(hub);
        await using var database = NpgsqlDataSource.Create(hub.Database("postaldb"));
        var count = warmUp + (runs * letters);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) => await patients.PutAsync("Patient", Patients.SourceId(number), Patient(number)));
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) => await patients.BookAsync($"print-{number}", number, inDays: 30 + (number % 60)));
        await Eventually.True(async () => await CountAsync(database, "select count(*) from deadline where state = 'Waiting' and letter_id is not null and reason = 'Invitation'") >= count, "the letters never were ready", TimeSpan.FromMinutes(15));
        Console.WriteLine($"{count} letters wait; load {Machine.Load}");
        await PrintAsync(database, warmUp);

        Worker[] workers = [hub.Worker("letters"), hub.Worker("postal"), hub.Worker("identity"), hub.Worker("appointments"), hub.Worker("postgres")];
        var rates = new List<double>();
        var before = CpuSeconds.Read(workers);
        for (var run = 0; run < runs; run++)
        {
            rates.Add(await PrintAsync(database, letters));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{letters} letters: {rates[^1]:F1} a second; load {Machine.Load}"));
        }

        var after = CpuSeconds.Read(workers);
        var cost = string.Join(", ", workers.Select(worker => string.Create(CultureInfo.InvariantCulture, $"{worker.Name} {1000 * (after[worker.Name] - before[worker.Name]) / (runs * letters):F1}")));
        report.Add("Letters from due to handed over, per second (bar 25, aim 100)", string.Create(CultureInfo.InvariantCulture,
            $"{Pairs.Median(rates):F1} ({string.Join(", ", rates.Select(rate => rate.ToString("F1", CultureInfo.InvariantCulture)))}). CPU ms a letter: {cost} (letters with its Chromium)"), $"print --letters {letters}");
    }

    /// <summary>So many fall due; the rate from that instant to the hand-over of the last.</summary>
    private static async Task<double> PrintAsync(NpgsqlDataSource database, int letters)
    {
        await using var due = database.CreateCommand("""
            update deadline set due_at = now() where deadline_id in (select deadline_id from deadline where state = 'Waiting' and letter_id is not null and reason = 'Invitation' order by deadline_id limit $1) returning now()
            """);
        due.Parameters.Add(new NpgsqlParameter { Value = letters });
        var from = (DateTime)(await due.ExecuteScalarAsync())!;
        await Eventually.True(async () => await CountAsync(database, $"select count(*) from deadline where due_at = '{from:O}'::timestamptz and state = 'Posted'") == letters, "the letters never went", TimeSpan.FromMinutes(15));
        await using var last = database.CreateCommand($"select max(posted_at) from deadline where due_at = '{from:O}'::timestamptz");
        return letters / ((DateTime)(await last.ExecuteScalarAsync())! - from).TotalSeconds;
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static string Patient(int number) => new PatientJson(Patients.SourceId(number)).Email(Patients.Email(number))
        .With("address", JsonSerializer.SerializeToNode(new[] { new { use = "home", line = new[] { $"{number + 1} Example Road" }, city = "Leeds", postalCode = "LS9 7TF" } })).ToString();
}
