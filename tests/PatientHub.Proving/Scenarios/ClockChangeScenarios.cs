using PatientHub.Proving.Actors;
using PatientHub.Proving.Books;
using PatientHub.Proving.Rig;
using PatientHub.Testing;
using Shouldly;

namespace PatientHub.Proving.Scenarios;

/// <summary>
/// The whole hub through a night in which London changes its clocks, on the real ladder and in real hours. Two groups are invited: in the morning before the change, at once; and in the evening before it, too late for a
/// message (A5), so that they are invited at 8am by the new time. Each reminder comes 24 and 48 hours of elapsed time after the invitation (A4), each letter with the batch of 5:30pm by London's clock on the working day on which
/// its 72 hours are over: once, not earlier, and not an hour later.
/// </summary>
public abstract class ClockChangeNight(DateOnly eve) : Scenario
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan MostLate = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    public override HubOptions OwnHub => Catalogue.SharedHub with { RealHours = true, ShiftableClocks = HubClock.Processes };

    public override async Task RunAsync(Scene scene)
    {
        var clock = new HubClock(scene.Hub);
        await clock.BecomesAsync(At(eve, 10, 0));
        await scene.Hub.AllRunAsync();
        var morning = await GroupAsync(scene, "R-morning");
        await ToldAsync(scene, clock, morning, 0, At(eve, 10, 0));
        var invitation = (await AcceptedAsync(scene, morning[0], 0))!.Value;

        await clock.BecomesAsync(At(eve, 20, 30));
        var evening = await GroupAsync(scene, "R-evening");

        var (sunday, first) = (eve.AddDays(1), At(eve.AddDays(1), 8, 0));
        await StepAsync(scene, clock, evening, 0, first);
        await StepAsync(scene, clock, morning, 1, invitation.AddHours(24));
        await StepAsync(scene, clock, evening, 1, first.AddHours(24));
        await StepAsync(scene, clock, morning, 2, invitation.AddHours(48));
        await StepAsync(scene, clock, evening, 2, first.AddHours(48));
        // Monday after the spring change is a bank holiday in some years; the batches looked at here go on Tuesday and Wednesday.
        await BatchAsync(scene, clock, morning, At(sunday.AddDays(2), 17, 30));
        await BatchAsync(scene, clock, evening, At(sunday.AddDays(3), 17, 30));

        foreach (var booking in (PasBooking[])[.. morning, .. evening])
        {
            (await scene.Db.RowsAsync("notificationsdb", $"select step from journey_step where appointment_id = '{IdOf(scene, booking)}' and kind = 'Invitation' and accepted_at is not null order by step", r => r.GetInt32(0))).ShouldBe([0, 1, 2], "each once");
            (await scene.Db.RowsAsync("postaldb", $"select state from deadline where appointment_id = '{IdOf(scene, booking)}'", r => r.GetString(0))).ShouldBe(["Posted"]);
        }

        // A night was counted meanwhile, every night once (checklist 128), and nobody was missing.
        (await scene.Db.RowsAsync("appointmentsdb", "select difference from nightly_count where ended_at is not null", r => r.GetInt64(0))).ShouldAllBe(difference => difference == 0);
        var verdict = await scene.JudgeAsync();
        verdict.Violations.ShouldBeEmpty(verdict.Report());
        verdict.Examined["D5"].ShouldBeGreaterThanOrEqualTo(8);
    }

    /// <summary>A moment before the instant nothing has come; soon after it, it has.</summary>
    private static async Task StepAsync(Scene scene, HubClock clock, IReadOnlyList<PasBooking> group, int step, DateTimeOffset due)
    {
        await clock.BecomesAsync(due - Before);
        await scene.Hub.AllRunAsync();
        await ToldAsync(scene, clock, group, step, due);
    }

    private static async Task ToldAsync(Scene scene, HubClock clock, IReadOnlyList<PasBooking> group, int step, DateTimeOffset due)
    {
        foreach (var booking in group)
        {
            DateTimeOffset? at = null;
            await Eventually.True(async () => (at = await AcceptedAsync(scene, booking, step)) is not null, $"step {step} of {booking.SourceId} never came; it is {clock.Now:O}, due {due:O}:\n{scene.Hub.Tail()}", MostLate);
            at!.Value.ShouldBeInRange(due - Slack, due + MostLate, $"step {step} of {booking.SourceId}");
        }
    }

    private static async Task BatchAsync(Scene scene, HubClock clock, IReadOnlyList<PasBooking> group, DateTimeOffset cutOff)
    {
        await clock.BecomesAsync(cutOff - Before);
        await scene.Hub.AllRunAsync();
        foreach (var booking in group)
        {
            DateTimeOffset? at = null;
            await Eventually.True(
                async () => (at = (await scene.Db.RowsAsync("postaldb", $"select posted_at from deadline where appointment_id = '{IdOf(scene, booking)}' and state = 'Posted'", r => (DateTimeOffset?)r.GetFieldValue<DateTimeOffset>(0))).FirstOrDefault()) is not null,
                $"the letter of {booking.SourceId} never went; it is {clock.Now:O}, the batch goes at {cutOff:O}:\n{scene.Hub.Tail()}", MostLate);
            at!.Value.ShouldBeInRange(cutOff - Slack, cutOff + MostLate, $"the letter of {booking.SourceId}");
        }
    }

    private static async Task<DateTimeOffset?> AcceptedAsync(Scene scene, PasBooking booking, int step) =>
        (await scene.Db.RowsAsync("notificationsdb", $"select accepted_at from journey_step where appointment_id = '{IdOf(scene, booking)}' and kind = 'Invitation' and step = {step} and accepted_at is not null", r => (DateTimeOffset?)r.GetFieldValue<DateTimeOffset>(0))).FirstOrDefault();

    /// <summary>Four people, each with an appointment some months after the change.</summary>
    private async Task<IReadOnlyList<PasBooking>> GroupAsync(Scene scene, string name)
    {
        var bookings = new List<PasBooking>();
        for (var i = 0; i < 4; i++)
        {
            var person = scene.NewPerson();
            var booking = scene.NewBooking(person) with { Start = At(eve.AddDays(72), 9 + i, 30), Created = eve };
            (await scene.Pas.SendAsync(person)).ShouldNotBeNull().ShouldBeInRange(200, 201, name);
            (await scene.Pas.SendAsync(booking)).ShouldNotBeNull().ShouldBeInRange(200, 201, name);
            bookings.Add(booking);
        }

        return bookings;
    }

    private static Guid IdOf(Scene scene, PasBooking booking) => scene.Hub.Ids.Appointment("pas", booking.SourceId);

    private static DateTimeOffset At(DateOnly day, int hour, int minute)
    {
        var wall = day.ToDateTime(new TimeOnly(hour, minute));
        return new DateTimeOffset(wall, London.GetUtcOffset(wall));
    }
}

[Checklist(73, "the whole hub through the night of 28 March 2027, in which an hour is left out")]
public sealed class SpringNight() : ClockChangeNight(new DateOnly(2027, 3, 27));

[Checklist(74, "the whole hub through the night of 31 October 2027, in which an hour comes twice")]
public sealed class AutumnNight() : ClockChangeNight(new DateOnly(2027, 10, 30));
