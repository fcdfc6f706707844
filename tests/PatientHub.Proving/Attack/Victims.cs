using System.Globalization;
using System.Net;
using PatientHub.Proving.Actors;
using PatientHub.Proving.Books;
using PatientHub.Proving.Rig;
using PatientHub.Proving.Traffic;

namespace PatientHub.Proving.Attack;

/// <summary>Whom the attacks go against: people fed for it, their phones, and strangers who know their contact and date of birth.</summary>
public sealed class Victims(HubUnderTest hub, int seed, int from) : IDisposable
{
    private static readonly TimeSpan CodePatience = TimeSpan.FromSeconds(60);
    private readonly HospitalFeed _feed = new(hub, new Ledger());
    private readonly InventedPeople _invented = new(seed);
    private int _strangers;
    private int _next = from;

    public HubUnderTest Hub => hub;

    /// <summary>A new person with a mobile of their own and so many appointments.</summary>
    public async Task<(PasPerson Person, PasBooking[] Bookings)> NewAsync(int bookings = 0, Func<PasPerson, PasPerson>? change = null)
    {
        PasPerson person;
        do
        {
            person = _invented.Person(Interlocked.Increment(ref _next) - 1);
        }
        while (person.Mobile is null);
        person = change?.Invoke(person) ?? person;
        var booked = Enumerable.Range(1, bookings).Select(which => _invented.Booking(person, which)).ToArray();
        await _feed.SendAllAsync([(person, booked)]);
        return (person, booked);
    }

    public async Task<IReadOnlyList<PasPerson>> ManyAsync(int count, CancellationToken ct)
    {
        var first = Interlocked.Add(ref _next, count) - count;
        var people = _invented.People(count, first).ToList();
        await _feed.SendAllAsync(people.Select(person => (person, Array.Empty<PasBooking>())), 8, ct);
        return people;
    }

    /// <summary>Somebody at an address that nobody else has.</summary>
    public Stranger Stranger() => new(hub.Address("gateway"), Address());

    public IPAddress Address() => Loopback.Address(100_000 + Interlocked.Increment(ref _strangers));

    public static string Contact(PasPerson person) => person.Mobile ?? person.Email!;

    public async Task<IReadOnlyList<string>> CodesOfAsync(PasPerson person) =>
        [.. (await hub.MessagesAsync(person.CodesGoTo!)).Where(message => message.IsCode).Select(message => message.Code!)];

    /// <summary>The victim's phone shows one code more than before: that one.</summary>
    public async Task<string> CodeAsync(PasPerson person, int before)
    {
        string? code = null;
        await PatientHub.Testing.Eventually.True(async () => (code = (await CodesOfAsync(person)).ElementAtOrDefault(before)) is not null, "no code ever came", CodePatience);
        return code!;
    }

    /// <summary>Types the details and gives the code that came for them.</summary>
    public async Task<(Stranger Browser, string Code)> StartedAsync(PasPerson person)
    {
        var browser = Stranger();
        var before = (await CodesOfAsync(person)).Count;
        await browser.StartAsync(Contact(person), person.Born);
        return (browser, await CodeAsync(person, before));
    }

    /// <summary>The patient's own sign-in.</summary>
    public async Task<Stranger> SignedInAsync(PasPerson person)
    {
        var (browser, code) = await StartedAsync(person);
        var typed = await browser.TypeAsync(code);
        return typed == Typed.Entered ? browser : throw new InvalidOperationException($"The patient's own code let nobody in: {typed}.");
    }

    /// <summary>Six digits in their order, without the codes that are right: an entry is then never luck.</summary>
    public static IEnumerable<string> Guesses(params string[] right) =>
        Enumerable.Range(0, 1_000_000).Select(guess => guess.ToString("000000", CultureInfo.InvariantCulture)).Where(guess => !right.Contains(guess));

    public void Dispose() => _feed.Dispose();
}
