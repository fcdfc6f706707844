using System.Text.Json.Nodes;
using Npgsql;
using PatientHub.Proving.Actors;
using PatientHub.Proving.Books;
using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Fuzz;

/// <param name="Requests">How many; 2 million are the long form.</param>
/// <param name="Seed">The same seed throws the same requests.</param>
/// <param name="Only">That one alone.</param>
public sealed record FuzzOptions(long Requests, int Seed, long? Only = null, int AtOnce = 16)
{
    /// <summary>People who can be signed in as. One request in ninety signs somebody out, and each has eight codes in ten minutes and twenty a day at most (A12).</summary>
    public int People { get; init; } = (int)Math.Clamp(Requests / 400, 60, 1_900);

    /// <summary>Longer than this, twice, is a hang.</summary>
    public TimeSpan Hang { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Checklist 124: random requests to every route, with and without a session. No 5xx, no hang, nothing sent back unescaped, no stack trace.</summary>
public static class FuzzRun
{
    private const int PersonsFrom = 8_000;

    // Whose records the machines' requests change: they do not sign in, a code might go elsewhere than it is looked for.
    private const int Others = 10;

    /// <summary>What is in the way of so much traffic from one machine: one session's share, and the slowness that wrong codes bring (A26).</summary>
    public static IReadOnlyList<string> Sets { get; } =
        ["gateway:Limits__PerSession=100000", "gateway:Limits__PerSessionBurst=100000", "gateway:Limits__SignIn=100000", "gateway:Limits__SignInBurst=100000", "gateway:Limits__PerAddress=100000", "identity:Codes__WrongTriesPerHour=1000000"];

    public static async Task<FuzzReport> RunAsync(HubUnderTest hub, FuzzOptions options, CancellationToken ct, Action<string>? tell = null)
    {
        var people = await FeedAsync(hub, options, ct);
        var maker = new RequestMaker(options.Seed, await KnownAsync(hub, people, people.Skip(options.People).ToList(), ct));
        await using var callers = new FuzzCallers(hub, await OwnAsync(hub, people.Take(options.People).ToList(), ct));
        using var sender = new FuzzSender(callers, hub.Address("gateway"), hub.Address("gateway", "machine"));
        var report = new FuzzReport(options.Seed, tell);
        var alone = new SemaphoreSlim(1);
        var numbers = options.Only is { } only ? [only] : Numbers(options.Requests);
        await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = options.AtOnce, CancellationToken = ct }, async (number, stop) =>
        {
            var request = maker.Make(number);
            var answer = await sender.SendAsync(request, stop);
            var fault = answer.Fault(request, options.Hang);
            if (fault is not null && answer.MayBeLoad(request, options.Hang))
            {
                await alone.WaitAsync(stop);
                var again = await sender.SendAsync(request, stop);
                alone.Release();
                report.Slow(answer.Took);
                fault = again.Fault(request, options.Hang) is { } still ? $"{fault}; again: {still}" : null;
            }
            // Signed out by one of these requests, or by the hub: the next one with that slot is somebody else's.
            if (request.Caller == Caller.Patient && (answer.Status == 401 || answer.Head.Contains("Location: /sign", StringComparison.Ordinal)))
            {
                callers.Forget(request);
            }
            if (request.Caller == Caller.Attempt && answer.Head.Contains("Location: /sign-in/ended", StringComparison.Ordinal))
            {
                callers.ForgetAttempt(request);
            }
            report.Note(request, answer, fault);
        });
        (report.SignIns, report.InVain, report.Waited) = (callers.SignIns, callers.InVain, callers.Waited);
        return report;
    }

    private static IEnumerable<long> Numbers(long count)
    {
        for (var number = 0L; number < count; number++)
        {
            yield return number;
        }
    }

    private static async Task<IReadOnlyList<PasPerson>> FeedAsync(HubUnderTest hub, FuzzOptions options, CancellationToken ct)
    {
        var invented = new InventedPeople(options.Seed);
        var people = invented.People(options.People + Others, PersonsFrom).ToList();
        using var feed = new HospitalFeed(hub, new Ledger());
        await feed.SendAllAsync(people.Select(person => (person, new[] { invented.Booking(person), invented.Booking(person, 2) })), ct: ct);
        await PatientHub.Testing.Eventually.True(async () => (await LettersAsync(hub, people, ct)).Length >= people.Count, "the letters were never ready", TimeSpan.FromMinutes(5));
        return people;
    }

    private static async Task<KnownValues> KnownAsync(HubUnderTest hub, IReadOnlyList<PasPerson> people, IReadOnlyList<PasPerson> others, CancellationToken ct)
    {
        using var booking = new BookingCentre(hub, new Ledger());
        var tasks = await booking.OpenTasksAsync() ?? [];
        var invented = new InventedPeople(int.Parse(people[0].SourceId[1..people[0].SourceId.IndexOf('-', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture));
        return new KnownValues
        {
            Values = new Dictionary<string, string[]>
            {
                ["appointment"] = [.. people.SelectMany(p => new[] { 1, 2 }.Select(which => hub.Ids.Appointment("pas", $"{p.SourceId}-{which}").ToString()))],
                ["appointmentid"] = [.. people.Select(p => hub.Ids.Appointment("pas", $"{p.SourceId}-1").ToString())],
                ["patient"] = [.. others.Select(p => hub.Ids.Patient("pas", p.SourceId).ToString())],
                ["source"] = [.. Enumerable.Range(0, 40).Select(n => $"fuzz-{n}"), .. others.Take(3).Select(p => p.SourceId)],
                ["letter"] = await LettersAsync(hub, people, ct),
                ["attempt"] = await AttemptsAsync(hub, others, ct),
                ["link"] = await ColumnAsync(hub, "identitydb", "select link_token from patient order by source_id limit 20", ct),
                ["task"] = [.. tasks.Take(50).Select(task => task.Id)],
                ["clinic"] = ["fuzz-clinic", HospitalClinic.Dermatology.SourceId],
                ["site"] = ["fuzz-site", HospitalClinic.Dermatology.SiteSourceId],
                ["template"] = ["standard", "fuzz-template"],
            },
        };
    }

    /// <summary>Of those who do not sign in: a report that one of them failed ends the contact, and no code would come any more.</summary>
    private static async Task<string[]> AttemptsAsync(HubUnderTest hub, IReadOnlyList<PasPerson> others, CancellationToken ct)
    {
        string[] attempts = [];
        var sql = $"select a.id::text from attempt a join message m on m.id = a.message_id where m.patient_id in ({Ids(hub, others)}) order by a.id";
        await PatientHub.Testing.Eventually.True(async () => (attempts = await ColumnAsync(hub, "notificationsdb", sql, ct)).Length >= others.Count, "the invitations never went", TimeSpan.FromMinutes(5));
        return attempts;
    }

    private static string Ids(HubUnderTest hub, IEnumerable<PasPerson> people) => string.Join(',', people.Select(p => $"'{hub.Ids.Patient("pas", p.SourceId)}'"));

    /// <summary>One appointment and one letter of each, by their names in requests.</summary>
    private static async Task<IReadOnlyList<(PasPerson, IReadOnlyDictionary<string, string>)>> OwnAsync(HubUnderTest hub, IReadOnlyList<PasPerson> people, CancellationToken ct)
    {
        var pairs = await ColumnAsync(hub, "lettersdb", "select appointment_id || ' ' || letter_id from letter where appointment_id is not null", ct);
        var letters = pairs.Select(pair => pair.Split(' ')).ToLookup(pair => pair[0], pair => pair[1]);
        return [.. people.Select(person =>
        {
            var appointment = hub.Ids.Appointment("pas", $"{person.SourceId}-1").ToString();
            return (person, (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { ["_own.appointment_"] = appointment, ["_own.letter_"] = letters[appointment].FirstOrDefault() ?? appointment });
        })];
    }

    private static Task<string[]> LettersAsync(HubUnderTest hub, IReadOnlyList<PasPerson> people, CancellationToken ct) =>
        ColumnAsync(hub, "lettersdb", $"select letter_id::text from letter where patient_id in ({Ids(hub, people)}) order by appointment_id", ct);

    private static async Task<string[]> ColumnAsync(HubUnderTest hub, string database, string sql, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(hub.ConnectionString(database));
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        List<string> values = [];
        while (await reader.ReadAsync(ct))
        {
            values.Add(reader.GetString(0));
        }
        return [.. values];
    }
}
