using PatientHub.Proving.Rig;
using PatientHub.Testing;
using Shouldly;

namespace PatientHub.Proving.Scenarios;

// Checklist F: time.

[Checklist(76, "the clock of one node jumps an hour ahead")]
public sealed class ClockJumps : Scenario
{
    public override HubOptions OwnHub => Catalogue.SharedHub with { Ladder = Ladder.OfSeconds(1200, 2400, 3000, 3600), ShiftableClocks = ["notifications", "postal"] };

    public override async Task RunAsync(Scene scene)
    {
        await scene.FeedAsync(6);
        await Eventually.True(async () => (await scene.Db.RowsAsync("notificationsdb", "select count(*) from journey_step where kind = 'Invitation' and step = 0 and accepted_at is not null", r => r.GetInt64(0)))[0] >= 6, "nobody was invited", TimeSpan.FromSeconds(90));
        foreach (var clock in scene.Hub.Clocks.Values)
            clock.Shift(TimeSpan.FromHours(1));
        await Task.Delay(TimeSpan.FromSeconds(20)); // that nothing happens is the scenario
        (await scene.Db.RowsAsync("notificationsdb", "select count(*) from journey_step where kind = 'Invitation' and step > 0 and accepted_at is not null", r => r.GetInt64(0)))[0].ShouldBe(0, "no reminder is early");
        (await scene.Db.RowsAsync("postaldb", "select count(*) from deadline where state in ('Printing', 'Posted') and reason in ('Booking', 'Invitation')", r => r.GetInt64(0)))[0].ShouldBe(0, "no letter is early");
        await scene.FeedAsync(2);
        foreach (var clock in scene.Hub.Clocks.Values)
            clock.Shift(TimeSpan.Zero);
    }
}

[Checklist(78, "a code at 147 seconds lets in, at 151 seconds it does not")]
public sealed class CodeAtItsEnd : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (one, two) = (scene.Online((await scene.FeedAsync(1))[0].Person), scene.Online((await scene.FeedAsync(1))[0].Person));
        await Task.WhenAll(TypeAtAsync(one, TimeSpan.FromSeconds(147), true), TypeAtAsync(two, TimeSpan.FromSeconds(151), false));
    }

    private static async Task TypeAtAsync(Actors.PatientOnline patient, TimeSpan age, bool letsIn)
    {
        (await patient.BeginSignInAsync()).ShouldBeTrue();
        var begunAt = DateTimeOffset.UtcNow;
        var code = (await patient.CodeAsync()).ShouldNotBeNull();
        await Task.Delay(begunAt + age - DateTimeOffset.UtcNow); // the wait is the scenario
        (await patient.TypeCodeAsync(code.Code!, code.CreatedAt)).ShouldBe(letsIn);
    }
}

[Checklist(80, "reminders and post stand still past the whole ladder, then go on")]
public sealed class LongStandstill : Scenario
{
    public override HubOptions OwnHub => Catalogue.SharedHub with { Ladder = Ladder.Demo };

    public override async Task RunAsync(Scene scene)
    {
        await scene.FeedAsync(6);
        await Eventually.True(async () => (await scene.Db.RowsAsync("notificationsdb", "select count(*) from journey_step where kind = 'Invitation' and step = 0 and accepted_at is not null", r => r.GetInt64(0)))[0] >= 6, "nobody was invited", TimeSpan.FromSeconds(90));
        scene.Hub.Processes.Pause("notifications");
        scene.Hub.Processes.Pause("postal");
        await Task.Delay(TimeSpan.FromSeconds(75)); // the standstill is the scenario
        scene.Hub.Processes.ResumeAll();
        var verdict = await scene.JudgeAsync(TimeSpan.FromMinutes(3), untilLadderEnds: true);
        verdict.Violations.ShouldBeEmpty(verdict.Report());
        verdict.Examined["D5"].ShouldBeGreaterThanOrEqualTo(12, "each letter went, once");
        (await scene.Db.RowsAsync("notificationsdb", "select count(*) from journey_step where kind = 'Invitation' and step > 0 and accepted_at is not null and accepted_at > next_at + interval '40 seconds'", r => r.GetInt64(0)))[0].ShouldBe(0, "no stale reminder");
    }
}

[Checklist(81, "reminder and answer at the same moment (82: letter due and opened at the same moment)")]
public sealed class AnswersAtTheBoundary : Scenario
{
    public override HubOptions OwnHub => Catalogue.SharedHub with { Ladder = Ladder.Demo };

    public override async Task RunAsync(Scene scene)
    {
        var people = await scene.FeedAsync(24);
        await Task.WhenAll(people.Select(async (one, i) =>
        {
            await scene.LetterIsReadyAsync(one.Booking);
            var patient = scene.Online(one.Person);
            if (!await patient.SignInAsync())
                return;
            var invited = await Eventually.NotNull(
                async () => (await scene.Db.RowsAsync("notificationsdb", $"select accepted_at from journey_step s join appointment a on a.appointment_id = s.appointment_id where s.appointment_id = '{scene.Hub.Ids.Appointment("pas", one.Booking.SourceId)}' and s.kind = 'Invitation' and s.step = 0 and s.accepted_at is not null", r => (object)r.GetFieldValue<DateTimeOffset>(0))).FirstOrDefault(),
                "an invitation was never accepted", TimeSpan.FromSeconds(60));
            // A third answers around each reminder, a third around the post: within a second of it, before or after.
            var step = TimeSpan.FromSeconds(((int[])[12, 24, 40])[i % 3] - 0.5 + (i / 24.0));
            var wait = (DateTimeOffset)invited + step - DateTimeOffset.UtcNow;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait);
            await patient.AcceptAsync(one.Booking);
        }));
        var verdict = await scene.JudgeAsync(TimeSpan.FromMinutes(3), untilLadderEnds: true);
        verdict.Violations.ShouldBeEmpty(verdict.Report());
    }
}
