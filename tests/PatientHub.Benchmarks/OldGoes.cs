using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Npgsql;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.Kept;
using PatientHub.Testing;

namespace PatientHub.Benchmarks;

/// <summary>
/// A16: what is over 24 months old goes, a fifth of all there is in one run, while patients read what they have: how fast, how long its longest statement holds rows, what it writes,
/// and whether patients feel it. Then the same run again, which finds nothing: that is what happens every six hours.
/// </summary>
internal static class OldGoes
{
    private const int ReadsPerSecond = 50;
    private const string Postgres = "PostgreSQL";

    public static async Task RunAsync(Options options, Report report)
    {
        var rows = options.Number("rows", 1_000_000);
        var seconds = options.Number("seconds", 10);
        foreach (var name in KeptService.Names.Where(name => KeptService.Names.All(other => !options.Has(other)) || options.Has(name)))
            await MeasureAsync(name, rows, TimeSpan.FromSeconds(seconds), report);
    }

    private static async Task MeasureAsync(string name, int rows, TimeSpan length, Report report)
    {
        await using var postgres = new PostgresServer { FlushesToDisk = true };
        await postgres.StartAsync();
        await using var service = await KeptService.StartAsync(postgres, name);
        var database = service.Database;
        Worker[] workers = [new(Postgres, postgres.ProcessId!.Value)];
        var filling = Stopwatch.StartNew();
        await OldRows.FillAsync(database, name, rows);
        var size = await BytesAsync(database, "select pg_database_size(current_database())");
        Console.WriteLine($"{name}: {rows:N0} rows, {Megabytes(size)} MB, made in {filling.Elapsed.TotalSeconds:F0} s; load {Machine.Load}");

        var requests = Enumerable.Range(0, 200).Select(i => (Guid: OldRows.Patient(i * 7 % OldRows.Patients(rows)), i)).Select(p => service.TokenOf(p.Guid)).ToArray();
        await OpenLoop.RunAsync(ReadsPerSecond, length / 2, ReadAsync);
        var resting = CpuSeconds.Read(workers);
        var alone = await OpenLoop.RunAsync(ReadsPerSecond, length, ReadAsync);
        var reading = CpuSeconds.Read(workers);

        using var statements = new LongestStatements();
        var wal = await BytesAsync(database, "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
        var before = CpuSeconds.Read(workers);
        var clock = Stopwatch.StartNew();
        var removing = statements.WatchAsync(() => service.Retention.RunOnceAsync(DateTimeOffset.UtcNow, CancellationToken.None));
        var meanwhile = await OpenLoop.UntilAsync(ReadsPerSecond, removing, ReadAsync);
        var removed = await removing;
        var elapsed = clock.Elapsed;
        var after = CpuSeconds.Read(workers);
        wal = await BytesAsync(database, "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint") - wal;
        var grown = await BytesAsync(database, "select pg_database_size(current_database())") - size;
        var longest = statements.Longest;

        // What reading costs is not what removing costs. In this process the reader and the service are one, so its own time says nothing.
        double Spent() => after[Postgres] - before[Postgres] - ((reading[Postgres] - resting[Postgres]) / length.TotalSeconds * elapsed.TotalSeconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  longest statements:\n{statements.Told}"));

        List<double> nothing = [];
        for (var i = 0; i < 3; i++)
        {
            clock.Restart();
            await statements.WatchAsync(() => service.Retention.RunOnceAsync(DateTimeOffset.UtcNow, CancellationToken.None));
            nothing.Add(clock.Elapsed.TotalMilliseconds);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  nothing found: {string.Join(", ", nothing.Select(ms => ms.ToString("F0", CultureInfo.InvariantCulture)))} ms\n{statements.Told}"));
        report.Add($"Retention, {name}: {removed:N0} of {rows:N0} are over 24 months old (A16)", string.Create(CultureInfo.InvariantCulture,
            $"{removed / elapsed.TotalSeconds:N0} a second ({elapsed.TotalSeconds:F1} s); longest statement {longest:F0} ms; CPU seconds of PostgreSQL per 100,000: {Spent() / removed * 100_000:F1}; "
            + $"WAL {Megabytes(wal)} MB, the database ({Megabytes(size)} MB) grew by {Megabytes(grown)} MB; a patient's list meanwhile p50 {meanwhile.At(0.5):F1}, p99 {meanwhile.At(0.99):F1}, worst {meanwhile[^1]:F1} ms, without it {alone.At(0.5):F1}, {alone.At(0.99):F1}, {alone[^1]:F1}; a run that finds nothing {Pairs.Median(nothing):F0} ms"),
            $"retention --{name}{(rows == 1_000_000 ? "" : $" --rows {rows}")}");

        async Task ReadAsync(int number)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, service.List);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", requests[number % requests.Length]);
            using var answer = await service.Patients.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            await answer.Content.CopyToAsync(Stream.Null);
        }
    }

    private static async Task<long> BytesAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static string Megabytes(long bytes) => (bytes / 1024 / 1024).ToString("N0", CultureInfo.InvariantCulture);
}
