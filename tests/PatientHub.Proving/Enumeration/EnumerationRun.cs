using System.Collections.Concurrent;
using System.Globalization;
using PatientHub.Proving.Actors;
using PatientHub.Proving.Books;
using PatientHub.Proving.Rig;
using PatientHub.Proving.Traffic;
using PatientHub.Testing;

namespace PatientHub.Proving.Enumeration;

/// <summary>What the pairs said. <paramref name="Differences"/>: kinds whose bytes differ from those of the known, with the first line that differs.</summary>
public sealed record EnumerationReport(int Pairs, IReadOnlyDictionary<string, int> Transcripts, IReadOnlyList<string> Differences)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Pairs} pairs: {string.Join(", ", Transcripts.Select(kind => $"{kind.Key} {kind.Value}"))}; {Differences.Count} differ\n{string.Join('\n', Differences.Take(10))}");
}

/// <summary>
/// A19, checklist 92, through the gateway's real pages: pairs that are known and pairs that are not, in turns, some of them opted out, deceased or locked by wrong codes.
/// Every byte of every answer is compared.
/// </summary>
public static class EnumerationRun
{
    /// <summary>The slowness that many wrong codes bring (A26) would only make it longer, and all of them come from one machine.</summary>
    public static IReadOnlyList<string> Sets { get; } = ["identity:Codes__WrongTriesPerHour=1000000", "gateway:Limits__SignIn=100000", "gateway:Limits__SignInBurst=100000"];

    private enum Kind
    {
        Known,
        UnknownContact,
        WrongBirthday,
        OptedOut,
        Deceased,
    }

    public static async Task<EnumerationReport> RunAsync(HubUnderTest hub, int pairs, int seed, int from, int atOnce, CancellationToken ct)
    {
        var people = await FeedAsync(hub, pairs, seed, from, ct);
        var transcripts = new ConcurrentDictionary<(bool Locked, string Text), (int Count, string First)>();
        var counts = new ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(Enumerable.Range(0, pairs * 2), new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = ct }, async (number, _) =>
        {
            var (person, kind) = people[number / 2];
            // Every second one is somebody whom nobody knows; every tenth couple gets locked.
            var (asked, locked) = (number % 2 == 0 ? kind : number % 4 == 1 ? Kind.UnknownContact : Kind.WrongBirthday, number / 2 % 10 == 9);
            var identifier = person.Mobile ?? person.Email!;
            var (typed, born) = asked switch
            {
                Kind.UnknownContact => (identifier.Contains('@') ? "no." + identifier : identifier[..^6] + Reversed(identifier[^6..]), person.Born),
                Kind.WrongBirthday => (identifier, person.Born.AddDays(1)),
                _ => (identifier, person.Born),
            };
            var text = await Transcript.OfAsync(new Stranger(hub.Address("gateway"), Loopback.Address(1_000 + number)), typed, born, locked);
            counts.AddOrUpdate($"{asked}{(locked ? " locked" : "")}", 1, (_, count) => count + 1);
            transcripts.AddOrUpdate((locked, text), (1, $"{asked}, number {number}"), (_, known) => (known.Count + 1, known.First));
        });
        return new EnumerationReport(pairs, counts.OrderBy(c => c.Key).ToDictionary(), [.. transcripts.GroupBy(t => t.Key.Locked).SelectMany(Differences)]);
    }

    private static IEnumerable<string> Differences(IGrouping<bool, KeyValuePair<(bool Locked, string Text), (int Count, string First)>> same)
    {
        var common = same.MaxBy(t => t.Value.Count);
        foreach (var other in same.Where(t => t.Key != common.Key))
        {
            var (left, right) = (common.Key.Text.Split('\n'), other.Key.Text.Split('\n'));
            var at = Enumerable.Range(0, Math.Min(left.Length, right.Length)).FirstOrDefault(line => left[line] != right[line], Math.Min(left.Length, right.Length) - 1);
            yield return $"{other.Value.First} ({other.Value.Count} times, against {common.Value.Count} as {common.Value.First}), line {at}:\n  {left[at]}\n  {right[at]}";
        }
    }

    private static async Task<IReadOnlyList<(PasPerson Person, Kind Kind)>> FeedAsync(HubUnderTest hub, int pairs, int seed, int from, CancellationToken ct)
    {
        var ledger = new Ledger();
        using var feed = new HospitalFeed(hub, ledger);
        using var administrator = new TrustAdministrator(hub, ledger);
        // Mobiles whose last digits read the same backwards would be known both ways.
        var people = People(seed, pairs, from).Where(p => p.Mobile is null || p.Mobile[^6..] != Reversed(p.Mobile[^6..])).Take(pairs)
            .Select((person, number) => (Person: person, Kind: (number % 10) switch { 3 or 9 => Kind.OptedOut, 5 => Kind.Deceased, _ => Kind.Known })).ToList();
        await feed.SendAllAsync(people.Select(p => (p.Kind == Kind.Deceased ? p.Person with { Deceased = new DateOnly(2026, 11, 1) } : p.Person, Array.Empty<PasBooking>())), 8, ct);
        foreach (var (person, _) in people.Where(p => p.Kind == Kind.OptedOut))
        {
            await Eventually.True(async () => await administrator.OptAsync(person.SourceId, optedOut: true) is 200 or 204, $"{person.SourceId} could not be opted out");
        }
        return people;
    }

    // A seed makes ten thousand people at most: the next one makes more.
    private static IEnumerable<PasPerson> People(int seed, int pairs, int from)
    {
        var half = Math.Min((pairs / 2) + 100, 10_000 - from);
        return new InventedPeople(seed).People(half, from).Concat(new InventedPeople(seed + 1).People(half, from));
    }

    private static string Reversed(string text) => new([.. text.Reverse()]);
}
