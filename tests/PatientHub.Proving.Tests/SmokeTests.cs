using PatientHub.AppHost.Local.Servers;
using PatientHub.Proving.Actors;
using PatientHub.Proving.Books;
using PatientHub.Testing;

namespace PatientHub.Proving.Tests;

/// <summary>The tools themselves, on the whole system: what they put in arrives, what they break is felt and comes back.</summary>
public sealed class SmokeTests(ProvingHub proving)
{
    private readonly Ledger _ledger = new();

    [Fact]
    public async Task Twenty_patients_are_fed_and_one_accepts_before_and_after_identity_is_killed()
    {
        var hub = await proving.HubAsync();
        var invented = new InventedPeople(seed: 1);
        var people = invented.People(20).Select(person => (Person: person, Bookings: new[] { invented.Booking(person), invented.Booking(person, 2) })).ToArray();
        using var feed = new HospitalFeed(hub, _ledger);

        await feed.SendAllAsync(people, ct: TestContext.Current.CancellationToken);

        _ledger.All<PatientFed>().Count(fed => fed.Taken).ShouldBe(20);
        _ledger.All<AppointmentFed>().Count(fed => fed.Taken).ShouldBe(40);
        hub.Proxies["gateway/machine"].BytesToServer.ShouldBeGreaterThan(20_000);
        hub.Proxies["postgres"].OpenConnections.ShouldBeGreaterThan(0);

        var (person, bookings) = people[0];
        var patient = new PatientOnline(hub, _ledger, person);
        (await patient.SignInAsync()).ShouldBeTrue(patient.Shown?.Main);
        (await patient.HomeAsync()).ShouldBe(bookings.Select(booking => hub.Ids.Appointment("pas", booking.SourceId)), ignoreOrder: true);
        await Eventually.True(async () => await patient.AcceptAsync(bookings[0]) == 204, "the letter was never ready");

        var before = hub.Processes.IdOf("identity");
        await hub.Processes.KillAsync("identity");
        ProcessStart.Of(before).ShouldBeNull();
        await hub.Processes.RestartedAsync("identity");
        hub.Processes.IdOf("identity").ShouldNotBe(before);

        var again = new PatientOnline(hub, _ledger, person);
        // For a while the gateway may still take Identity for down.
        await Eventually.True(again.SignInAsync, "nobody could sign in any more", TimeSpan.FromMinutes(2));
        (await again.HomeAsync())!.Count.ShouldBe(2);
        _ledger.All<CodeTyped>().Where(typed => typed.SignedIn).Select(typed => (typed.Destination, typed.Taken)).ShouldBe([(person.CodesGoTo, true), (person.CodesGoTo, true)]);
        _ledger.All<PatientDecided>().Single().ShouldSatisfyAllConditions(decided => decided.Decision.ShouldBe("accept"), decided => decided.Taken.ShouldBeTrue());
        _ledger.All<LetterRead>().ShouldContain(read => read.Taken && read.PatientSourceId == person.SourceId);
    }

    [Fact]
    public async Task A_patient_asks_takes_back_opts_out_and_in_and_the_desk_works_it_off()
    {
        var hub = await proving.HubAsync();
        var (patient, bookings) = await SignedInAsync(hub, seed: 2, appointments: 3);
        using var desk = new BookingCentre(hub, _ledger);
        using var administrator = new TrustAdministrator(hub, _ledger);

        (await patient.RebookAsync(bookings[0])).ShouldBe(204, patient.Shown?.Main);
        (await patient.CancelAsync(bookings[1], "I am treated elsewhere")).ShouldBe(204, patient.Shown?.Main);
        (await patient.WithdrawAsync(bookings[1])).ShouldBe(204, patient.Shown?.Main);
        (await patient.WithdrawAsync(bookings[1])).ShouldBe(409, "there is nothing to take back any more");
        (await patient.OptAsync(optedOut: true)).ShouldBe(204, patient.Shown?.Main);
        (await patient.OptAsync(optedOut: false)).ShouldBe(204, patient.Shown?.Main);
        (await administrator.OptAsync(patient.Person.SourceId, optedOut: true)).ShouldBe(204);
        (await administrator.SetClinicAsync(HospitalClinic.Dermatology)).ShouldBeOneOf(200, 201, 204);

        var asked = (await desk.OpenTasksAsync("rebook"))!.Single(task => task.AppointmentSourceId == bookings[0].SourceId);
        var claimed = (await desk.ClaimAsync(asked))!;
        claimed.Status.ShouldBe(200);
        (await desk.CloseAsync(asked))!.Status.ShouldBe(412, "that was the version before the claim");
        (await desk.CloseAsync(DeskTask.Of(claimed.Body!)))!.Status.ShouldBe(200);
        (await patient.RebookAsync(bookings[2])).ShouldBe(204, patient.Shown?.Main);
        (await desk.WorkOffAsync("rebook")).ShouldBeGreaterThan(0);
        (await desk.OpenTasksAsync("rebook"))!.ShouldBeEmpty();

        _ledger.All<PatientDecided>().Select(decided => (decided.Decision, decided.Status)).ShouldBe([("rebook", 204), ("cancel", 204), ("withdraw", 204), ("rebook", 204)], "what the page did not offer was not asked");
        _ledger.All<PreferenceChanged>().Select(changed => (changed.OptedOut, changed.Taken)).ShouldBe([(true, true), (false, true)]);
        _ledger.All<StaffActed>().Select(acted => (acted.Act, acted.Taken)).Take(4).ShouldBe([("opt-out", true), ("claim-task", true), ("close-task", false), ("close-task", true)]);
        (await patient.SignOutAsync()).ShouldBeTrue();
        (await patient.HomeAsync()).ShouldBeNull();
        patient.SignedIn.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_cut_paused_terminated_or_killed_is_felt_and_comes_back()
    {
        var hub = await proving.HubAsync();
        var (patient, bookings) = await SignedInAsync(hub, seed: 3, appointments: 1);

        await hub.Proxies["redis"].GoAwayAsync();
        await Eventually.True(async () => await patient.HomeAsync() is null && (int)patient.Shown!.Status == 503, "nobody missed Redis");
        hub.Proxies["redis"].Heal();
        await BackAsync("Redis behind its proxy");

        hub.Processes.Pause("appointments");
        await Eventually.True(async () => await patient.HomeAsync() is null, "nobody missed Appointments");
        hub.Processes.Resume("appointments");
        await BackAsync("Appointments after its pause");

        await hub.Processes.TerminateAsync("letters");
        await hub.Processes.RestartedAsync("letters");
        await BackAsync("Letters after SIGTERM");

        var sessions = hub.Proxies["postgres"].AcceptedConnections;
        await hub.Processes.KillAsync("postgres");
        await hub.Processes.RestartedAsync("postgres");
        await BackAsync("PostgreSQL after kill -9");
        hub.Proxies["postgres"].AcceptedConnections.ShouldBeGreaterThan(sessions);

        Task BackAsync(string what) => Eventually.True(async () => await patient.ReadLetterAsync(bookings[0]) == 200, $"{what} was never there again", TimeSpan.FromMinutes(2));
    }

    private async Task<(PatientOnline Patient, PasBooking[] Bookings)> SignedInAsync(Rig.HubUnderTest hub, int seed, int appointments)
    {
        var invented = new InventedPeople(seed);
        var person = invented.Person(0);
        var bookings = Enumerable.Range(1, appointments).Select(which => invented.Booking(person, which)).ToArray();
        using var feed = new HospitalFeed(hub, _ledger);
        await feed.SendAllAsync([(person, bookings)], ct: TestContext.Current.CancellationToken);
        var patient = new PatientOnline(hub, _ledger, person);
        (await patient.SignInAsync()).ShouldBeTrue(patient.Shown?.Main);
        await Eventually.True(async () => (await patient.HomeAsync())?.Count == appointments, "the appointments never came");
        return (patient, bookings);
    }
}
