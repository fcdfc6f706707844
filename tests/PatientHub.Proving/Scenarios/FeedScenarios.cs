using System.Text.Json.Nodes;
using PatientHub.Proving.Actors;
using PatientHub.Testing;
using Shouldly;

namespace PatientHub.Proving.Scenarios;

// Checklist H: what the hospital's system feeds, and whether all of it comes to an end.

[Checklist(111, "a feed with repeats, older versions, an unknown clinic, a missing contact and bad rows")]
public sealed class BadRowsInTheFeed : Scenario
{
    private const int OneInIsBad = 10;

    public override async Task RunAsync(Scene scene)
    {
        var size = scene.Appointments ?? 60;
        using var pas = new MachineClient(scene.Hub, "pas", "fhir.write");
        var rows = Enumerable.Range(0, size).Select(i => (Row: i, Person: scene.NewPerson())).Select(one => (one.Row, one.Person, Booking: scene.NewBooking(one.Person))).ToList();
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) =>
        {
            (await scene.Pas.SendAsync(one.Person)).ShouldNotBeNull().ShouldBeInRange(200, 201);
            if (one.Row % OneInIsBad != 3)
            {
                (await scene.Pas.SendAsync(one.Booking)).ShouldNotBeNull().ShouldBeInRange(200, 201, "the rows beside a bad one are taken");
                return;
            }

            // Each bad row is refused by itself, and the answer names what is wrong with it.
            var (element, row) = Bad(one.Booking, one.Row / OneInIsBad);
            var refused = (await pas.SendAsync(HttpMethod.Put, $"fhir/Appointment/{one.Booking.SourceId}", row, "application/fhir+json")).ShouldNotBeNull();
            refused.Status.ShouldNotBeNull().ShouldBeInRange(400, 422, element);
            refused.Body!["resourceType"]!.GetValue<string>().ShouldBe("OperationOutcome");
            refused.Body.ToJsonString().ShouldContain(element, Case.Insensitive);
        });

        foreach (var bad in rows.Where(one => one.Row % OneInIsBad == 3))
            (await scene.Db.RowsAsync("appointmentsdb", $"select 1 from appointment where source_id = '{bad.Booking.SourceId}'", r => 1)).ShouldBeEmpty();

        var good = rows.First(one => one.Row % OneInIsBad != 3).Booking;
        (await VersionAsync(scene, good)).ShouldBe(1);
        (await scene.Pas.SendAsync(good)).ShouldBe(200);
        (await VersionAsync(scene, good)).ShouldBe(1, "the same again is nothing");
        var older = good with { Start = good.Start.AddDays(1), LastUpdated = good.LastUpdated.AddDays(-1) };
        (await pas.SendAsync(HttpMethod.Put, $"fhir/Appointment/{older.SourceId}", older.ToFhir(), "application/fhir+json"))!.Status.ShouldBe(412);
        (await VersionAsync(scene, good)).ShouldBe(1);

        var nowhere = scene.NewBooking(rows[0].Person, 2) with { Clinic = HospitalClinic.Dermatology with { SourceId = $"C-unknown-{scene.Seed}" } };
        (await scene.Pas.SendAsync(nowhere)).ShouldNotBeNull().ShouldBeInRange(200, 201, "an unknown clinic is taken all the same (R1)");
        await Eventually.True(
            async () => (await scene.Db.RowsAsync("appointmentsdb", $"select 1 from task where code = 'unknown-clinic' and note like '%({nowhere.Clinic.SourceId})%'", r => 1)).Count == 1,
            "nobody was told of the unknown clinic");
    }

    private static (string Element, JsonObject Row) Bad(PasBooking booking, int which)
    {
        var row = booking.ToFhir();
        switch (which % 4)
        {
            case 0:
                row.Remove("start");
                return ("start", row);
            case 1:
                row["status"] = "perhaps";
                return ("status", row);
            case 2:
                row["participant"]!.AsArray().RemoveAt(0);
                return ("participant", row);
            default:
                row["start"] = "tomorrow";
                return ("start", row);
        }
    }

    private static async Task<int> VersionAsync(Scene scene, PasBooking booking) =>
        (await scene.Db.RowsAsync("appointmentsdb", $"select version from appointment where source_id = '{booking.SourceId}'", r => r.GetInt32(0)))[0];
}

[Checklist(128, "a queue is purged by an operator (16): the nightly count finds whom nobody tells, and tells again")]
public sealed class PurgedQueueIsFound : Scenario
{
    private const string Queue = "postal.appointment-state";
    private const int Fed = 80;

    public override Rig.HubOptions OwnHub => Catalogue.SharedHub with
    {
        Sets = ["appointments:Reconciliation__At=00:00:00", "appointments:Reconciliation__Every=00:00:02", "appointments:Reconciliation__LookAgainAfter=00:00:05"],
    };

    public override async Task RunAsync(Scene scene)
    {
        await CountAsync(scene, expectDifference: false);
        // Asleep it holds what it has taken; what lies behind that is lost with the purge.
        scene.Hub.Processes.Pause("postal");
        await scene.FeedAsync(Fed, atOnce: 8);
        await Eventually.True(async () => (await scene.Db.OutboxesAsync()).Single(o => o.Service == "appointmentsdb").Waiting == 0, "the bookings never left");
        using (var purged = await scene.ManageAsync(HttpMethod.Delete, $"/api/queues/%2F/{Queue}/contents"))
            purged.IsSuccessStatusCode.ShouldBeTrue($"{Queue}: {purged.StatusCode}");
        scene.Hub.Processes.Resume("postal");
        await scene.Hub.AllRunAsync();
        await Eventually.True(async () => (await scene.Db.QueuesAsync()).Single(q => q.Name == Queue).Messages == 0, "what was held was never taken");
        var known = await KnownAsync(scene);
        known.ShouldBeLessThan(Fed, "nothing was lost: the scenario has proven nothing");

        await CountAsync(scene, expectDifference: true);
        await Eventually.True(async () => await KnownAsync(scene) == Fed, "they were never told again", TimeSpan.FromSeconds(60));
        await CountAsync(scene, expectDifference: false);
        // The checker answers whether each has its deadline now (L2) and nobody was told twice (D).
    }

    /// <summary>The night is counted once more.</summary>
    private static async Task CountAsync(Scene scene, bool expectDifference)
    {
        await scene.SqlAsync("appointmentsdb", "delete from nightly_count");
        var difference = -1L;
        await Eventually.True(
            async () => (difference = (await scene.Db.RowsAsync("appointmentsdb", "select difference from nightly_count where ended_at is not null", r => r.GetInt64(0))).DefaultIfEmpty(-1).First()) >= 0,
            "the night was never counted", TimeSpan.FromSeconds(90), seen: () => Said(scene));
        (difference > 0).ShouldBe(expectDifference, $"the difference is {difference}: {Said(scene)}");
    }

    private static string Said(Scene scene) =>
        string.Join('\n', scene.Hub.LogOf("appointments").Split('\n').SkipWhile(line => !line.Contains("Reconciliation", StringComparison.Ordinal)).Where(line => line.Contains("count", StringComparison.OrdinalIgnoreCase)).TakeLast(30));

    private static async Task<long> KnownAsync(Scene scene)
    {
        var ids = string.Join(',', scene.Ledger.All<Books.AppointmentFed>().Select(fed => fed.SourceId).Distinct().Select(source => $"'{scene.Hub.Ids.Appointment("pas", source)}'"));
        return (await scene.Db.RowsAsync("postaldb", $"select count(*) from appointment where appointment_id in ({ids})", r => r.GetInt64(0)))[0];
    }
}
