using PatientHub.Proving.Actors;
using PatientHub.Proving.Books;
using PatientHub.Testing;

namespace PatientHub.Proving.Tests;

/// <summary>The tools themselves, on the whole system.</summary>
public sealed class SmokeTests(ProvingHub proving)
{
    [Fact]
    public async Task Twenty_patients_are_fed_and_one_accepts_before_and_after_identity_is_killed()
    {
        var (hub, ledger) = (await proving.HubAsync(), new Ledger());
        var invented = new InventedPeople(seed: 1);
        var people = invented.People(20).Select(person => (Person: person, Bookings: new[] { invented.Booking(person), invented.Booking(person, 2) })).ToArray();
        using var feed = new HospitalFeed(hub, ledger);

        await feed.SendAllAsync(people, ct: TestContext.Current.CancellationToken);

        ledger.All<PatientFed>().Count(fed => fed.Taken).ShouldBe(20);
        ledger.All<AppointmentFed>().Count(fed => fed.Taken).ShouldBe(40);
        hub.Proxies["gateway/machine"].BytesToServer.ShouldBeGreaterThan(20_000);
        hub.Proxies["postgres"].OpenConnections.ShouldBeGreaterThan(0);

        var (person, bookings) = people[0];
        var patient = new PatientOnline(hub, ledger, person);
        (await patient.SignInAsync()).ShouldBeTrue(patient.Shown?.Main);
        (await patient.HomeAsync()).ShouldBe(bookings.OrderBy(booking => booking.Start).Select(booking => hub.Ids.Appointment("pas", booking.SourceId)), ignoreOrder: true);
        await Eventually.True(async () => await patient.ReadLetterAsync(bookings[0]) == 200, "the letter was never ready");
        (await patient.AcceptAsync(bookings[0])).ShouldBe(204, patient.Shown?.Main);

        await hub.Processes.KillAsync("identity");
        (await patient.RebookAsync(bookings[1])).ShouldNotBe(400, patient.Shown?.Main);
        await hub.Processes.RestartedAsync("identity");

        var again = new PatientOnline(hub, ledger, person);
        (await again.SignInAsync()).ShouldBeTrue(again.Shown?.Main);
        (await again.HomeAsync())!.Count.ShouldBe(2);
        ledger.All<CodeTyped>().Count(typed => typed.SignedIn).ShouldBe(2);
        ledger.All<PatientDecided>().First().ShouldSatisfyAllConditions(decided => decided.Decision.ShouldBe("accept"), decided => decided.Taken.ShouldBeTrue());
    }
}
