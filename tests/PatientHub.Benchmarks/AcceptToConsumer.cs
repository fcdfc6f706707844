using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;
using Eventually = PatientHub.Testing.Eventually;

namespace PatientHub.Benchmarks;

/// <summary>
/// How long an idle system takes from a patient's "accept" at the gateway until PostalFallback begins to work on the event: to the row that its inbox writes first in
/// the consumer's transaction (received_at, by the clock of the database, which is this machine's).
/// </summary>
internal static class AcceptToConsumer
{
    private const string Queue = "postal.appointment-state";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static async Task RunAsync(Options options, Report report)
    {
        var count = options.Number("accepts", 200);
        await using var hub = await RunningHub.StartAsync(GatewayThroughput.RoomyLimits);
        await using var patients = await Patients.OfAsync(hub);
        await patients.FeedAsync(count);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) => await patients.BookAsync($"bench-{number}", number, inDays: 30));
        List<(Browser Browser, MyAppointment Appointment)> ready = [];
        for (var number = 0; number < count; number++)
            ready.Add(await ReadyAsync(await patients.SignInAsync(number)));
        Console.WriteLine($"{count} letters are ready; load {Machine.Load}");
        await Eventually.True(() => RestsAsync(hub), "the system never came to rest");

        List<DateTimeOffset> accepted = [];
        List<double> answered = [];
        foreach (var (browser, appointment) in ready)
        {
            accepted.Add(DateTimeOffset.UtcNow);
            using var body = JsonContent.Create(new AcceptAppointment
            {
                Revision = appointment.Revision,
                Version = appointment.Version,
                LetterId = appointment.LetterId!.Value,
                LetterVersion = appointment.LetterVersion!.Value,
            });
            using var answer = await browser.SendAsync(HttpMethod.Post, $"/api/me/appointments/{appointment.AppointmentId}/accept", body);
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException($"The accept was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            answered.Add((DateTimeOffset.UtcNow - accepted[^1]).TotalMilliseconds);
            // One at a time: the next finds the system idle again.
            await Eventually.True(async () => (await ArrivedAsync(hub, accepted[0])).Count == accepted.Count && await RestsAsync(hub), $"an accept's event never came to {Queue}");
        }

        var arrived = await ArrivedAsync(hub, accepted[0]);
        double[] latencies = [.. accepted.Zip(arrived, (from, to) => (to - from).TotalMilliseconds).Order()];
        double[] answers = [.. answered.Order()];
        report.Add("From a patient's accept to the event in another service's consumer, idle system, p99 (bar 500 ms, aim 100 ms)", string.Create(CultureInfo.InvariantCulture,
            $"{latencies.At(0.99):F0} ms (median {latencies.At(0.5):F0}, worst {latencies[^1]:F0}; the patient's own answer: median {answers.At(0.5):F0}, p99 {answers.At(0.99):F0} ms; {count} accepts)"), $"accept --accepts {count}");
    }

    private static async Task<bool> RestsAsync(RunningHub hub)
    {
        foreach (var name in (string[])["identitydb", "appointmentsdb", "lettersdb", "notificationsdb", "postaldb"])
        {
            await using var database = NpgsqlDataSource.Create(hub.Database(name));
            await using var command = database.CreateCommand("select not exists (select from outbox_message)");
            if (!(bool)(await command.ExecuteScalarAsync())!)
                return false;
        }
        return true;
    }

    // Each accept waits for the one before it, so the order of arrival is the order of sending.
    private static async Task<List<DateTimeOffset>> ArrivedAsync(RunningHub hub, DateTimeOffset since)
    {
        await using var database = NpgsqlDataSource.Create(hub.Database("postaldb"));
        await using var command = database.CreateCommand("select received_at from inbox_message where endpoint = $1 and received_at >= $2 order by received_at");
        command.Parameters.Add(new NpgsqlParameter { Value = Queue });
        command.Parameters.Add(new NpgsqlParameter { Value = since });
        await using var reader = await command.ExecuteReaderAsync();
        List<DateTimeOffset> arrived = [];
        while (await reader.ReadAsync())
            arrived.Add(reader.GetFieldValue<DateTimeOffset>(0));
        return arrived;
    }

    private static async Task<(Browser, MyAppointment)> ReadyAsync(Browser browser)
    {
        var appointment = await Eventually.NotNull(async () =>
        {
            using var answer = await browser.SendAsync(HttpMethod.Get, "/api/me/appointments");
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync<MyAppointments>(Json))!.Upcoming is [{ LetterId: not null, CanAccept: true } ready] ? ready : null;
        }, "a letter never became ready");
        return (browser, appointment);
    }
}
