using PatientHub.Appointments.Contracts;

namespace PatientHub.Appointments.Tests.Contracts;

/// <summary>Ids of tasks are frozen: another id for a known cause would be a second task. The expected ones were computed with Python's hashlib and uuid.</summary>
public sealed class TaskIdsTests
{
    private static readonly Guid About = Guid.Parse("0f000000-0000-8000-8000-00000000000a");

    [Fact]
    public void Same_cause_has_always_had_this_id()
    {
        TaskIds.For(About, TaskCodes.Undeliverable).ShouldBe(Guid.Parse("693910a2-e66c-8591-9cf3-67b4cf9baf21"));
        TaskIds.For("letter-overdue", About, 3).ShouldBe(Guid.Parse("0508836d-1745-8c74-826a-907949b2c2a4"));
        TaskIds.For("letter-overdue", About).ShouldBe(Guid.Parse("99c7a29a-8cb7-83a4-b6b1-6285afdea7ba"));
        TaskIds.ForContent("content").ShouldBe(Guid.Parse("b40270ed-e939-84ac-5f22-357d822bac14"));
    }

    [Fact]
    public void Another_cause_has_another_id() => new[]
    {
        TaskIds.For(About, "a"), TaskIds.For(About, "b"), TaskIds.For(Guid.Empty, "a"),
        TaskIds.For("a", About), TaskIds.For("b", About), TaskIds.For("a", About, 1), TaskIds.For("a", Guid.Empty), TaskIds.ForContent("a"),
    }.ShouldBeUnique();
}
