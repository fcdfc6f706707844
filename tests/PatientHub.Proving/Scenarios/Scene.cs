using PatientHub.Proving.Actors;
using PatientHub.Proving.Books;
using PatientHub.Proving.Checking;
using PatientHub.Proving.Rig;
using Shouldly;

namespace PatientHub.Proving.Scenarios;

/// <summary>What a scenario works with: a running hub, a ledger of its own, people whom nobody else uses, a seeded die.</summary>
public sealed class Scene : IDisposable
{
    private readonly InventedPeople _people;
    private readonly List<IDisposable> _clients = [];
    private int _next;

    public Scene(HubUnderTest hub, int seed, int? appointments = null)
    {
        (Hub, Seed, Random, Appointments) = (hub, seed, new Random(seed), appointments);
        _people = new InventedPeople(seed);
        Pas = Keep(new HospitalFeed(hub, Ledger));
        Desk = Keep(new BookingCentre(hub, Ledger));
        Trust = Keep(new TrustAdministrator(hub, Ledger));
        Db = Keep(new Reading(Access));
    }

    public HubUnderTest Hub { get; }

    public int Seed { get; }

    public Random Random { get; }

    /// <summary>How many appointments a campaign has; null: the scenario's own number.</summary>
    public int? Appointments { get; }

    public Ledger Ledger { get; } = new();

    public HospitalFeed Pas { get; }

    public BookingCentre Desk { get; }

    public TrustAdministrator Trust { get; }

    /// <summary>A look into the services' databases and queues.</summary>
    public Reading Db { get; }

    public HubAccess Access => HubAccess.From(Hub.Ready, Hub.Options.Ladder);

    /// <summary>The next person of this scene, not yet fed.</summary>
    public PasPerson NewPerson() => _people.Person(Interlocked.Increment(ref _next));

    public PasBooking NewBooking(PasPerson person, int which = 1) => _people.Booking(person, which);

    /// <summary>So many people with an appointment each, fed and taken.</summary>
    public async Task<IReadOnlyList<(PasPerson Person, PasBooking Booking)>> FeedAsync(int count, int atOnce = 4)
    {
        var all = Enumerable.Range(0, count).Select(_ => NewPerson()).Select(person => (person, NewBooking(person))).ToList();
        await Pas.SendAllAsync(all.Select(one => (one.person, (PasBooking[])[one.Item2])), atOnce);
        return all;
    }

    public PatientOnline Online(PasPerson person) => new(Hub, Ledger, person);

    /// <summary>A person with an appointment whose letter is ready, signed in.</summary>
    public async Task<(PatientOnline Patient, PasBooking Booking)> SignedInAsync()
    {
        var (person, booking) = (await FeedAsync(1))[0];
        await LetterIsReadyAsync(booking);
        var patient = Online(person);
        (await patient.SignInAsync()).ShouldBeTrue($"a patient could not sign in: {patient.Shown?.Main}");
        return (patient, booking);
    }

    /// <summary>Waits until Appointments has heard that the letter for this booking is ready: from then on it can be accepted.</summary>
    public Task LetterIsReadyAsync(PasBooking booking) => PatientHub.Testing.Eventually.True(
        async () => (await Db.RowsAsync("appointmentsdb", $"select 1 from appointment a join appointment_letter l on l.appointment_id = a.id where a.source_id = '{booking.SourceId}' and l.letter_id is not null", r => 1)).Count > 0,
        $"the letter of {booking.SourceId} never became ready:\n{Hub.Tail()}", TimeSpan.FromSeconds(90));

    /// <summary>The books are judged.</summary>
    public async Task<Verdict> JudgeAsync(TimeSpan? patience = null, bool untilLadderEnds = false, IReadOnlySet<Violation>? known = null) =>
        await new Checker(Access, Ledger).JudgeAsync(patience ?? TimeSpan.FromMinutes(2), untilLadderEnds, known);

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }

    private T Keep<T>(T client) where T : IDisposable
    {
        _clients.Add(client);
        return client;
    }
}
