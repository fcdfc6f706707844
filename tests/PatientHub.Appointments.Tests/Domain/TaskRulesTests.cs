using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Tests.Domain;

/// <summary>When "not reached" may be said (A9), and when a task is overdue.</summary>
public sealed class TaskRulesTests
{
    [Theory]
    [InlineData(true, "2026-11-23T10:00Z", "2026-11-23T15:00Z", "2026-11-24T10:00Z")]
    [InlineData(false, "2026-11-23T10:00Z", "2026-11-23T15:00Z", "2026-11-23T17:00Z")] // one day
    [InlineData(false, "2026-11-23T10:00Z", "2026-11-24T15:00Z")] // two calls
    [InlineData(false, "2026-11-27T10:00Z", "2026-11-28T10:00Z", "2026-11-29T10:00Z")] // a weekend has no working day
    [InlineData(false, "2026-12-24T10:00Z", "2026-12-25T10:00Z", "2026-12-28T10:00Z")] // bank holidays
    [InlineData(true, "2026-07-01T22:30Z", "2026-07-01T23:30Z", "2026-07-01T23:40Z")] // London's midnight
    public void Three_calls_on_two_working_days(bool made, params string[] calls) => ThreeCalls.AreMade([.. calls.Select(At)]).ShouldBe(made);

    [Theory]
    [InlineData("2026-11-23T10:00Z", null, "2026-11-24T09:59Z", false)]
    [InlineData("2026-11-23T10:00Z", null, "2026-11-24T10:00Z", true)]
    [InlineData("2026-11-27T15:00Z", null, "2026-11-30T14:00Z", true)] // Friday afternoon to Monday: more than a day, and Monday is the working day
    [InlineData("2026-11-27T15:00Z", null, "2026-11-29T20:00Z", false)] // a weekend is no working day
    [InlineData("2026-11-23T10:00Z", "2026-11-26T09:00Z", "2026-11-23T10:01Z", false)] // three working days before
    [InlineData("2026-11-23T10:00Z", "2026-11-25T09:00Z", "2026-11-23T10:01Z", true)] // two working days before
    [InlineData("2026-11-27T10:00Z", "2026-12-01T09:00Z", "2026-11-27T10:01Z", true)] // Friday, for Tuesday
    public void Overdue(string raised, string? start, string now, bool overdue)
    {
        var task = new DeskTask(Guid.CreateVersion7(), TaskCodes.Rebook, null, "x", At(raised));
        TaskOverdue.Is(task, start is null ? null : At(start), At(now)).ShouldBe(overdue);
        task.Claim("staff-001", At(now));
        TaskOverdue.Is(task, start is null ? null : At(start), At(now)).ShouldBeFalse("somebody has it");
    }

    [Fact]
    public void Every_kind_can_be_closed_and_a_request_never_without_an_answer()
    {
        var codes = typeof(TaskCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();
        codes.Count.ShouldBeGreaterThan(10);
        foreach (var code in codes) TaskOutcomes.Of(code).ShouldContain(TaskOutcome.Done);
        TaskOutcomes.Of(TaskCodes.Rebook).ShouldNotContain(TaskOutcome.NotNeeded);
        TaskOutcomes.Of(TaskCodes.Cancel).ShouldNotContain(TaskOutcome.NotNeeded);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
