using PatientHub.Appointments.Contracts;
using PatientHub.Gateway.Staff;

namespace PatientHub.Gateway.Tests;

/// <summary>Every kind of task and every act has words of its own at the desk.</summary>
public sealed class DeskWordsTests
{
    [Fact]
    public void Every_kind_of_task_says_what_to_do()
    {
        var codes = Constants(typeof(TaskCodes));
        codes.Count.ShouldBeGreaterThan(10);
        TaskWords.Known.Order().ShouldBe(codes.Order());
        codes.ShouldAllBe(code => TaskWords.Name(code) != code && TaskWords.ToDo(code).Length > 40);
    }

    [Fact]
    public void Every_act_is_told_in_words() => Constants(typeof(StaffActs)).ShouldAllBe(act => ActWords.Told(act) != act);

    [Theory]
    [InlineData("may-not-send")]
    [InlineData("opted-out")]
    [InlineData("letters-only")]
    [InlineData("hidden")]
    [InlineData("superseded")]
    [InlineData("opened")]
    [InlineData("posted")]
    [InlineData("not-booked")]
    [InlineData("answered")]
    [InlineData("started")]
    [InlineData("too-late")]
    [InlineData("no-channel")]
    [InlineData("failed-for-now")]
    public void Why_a_message_was_stopped_is_told_in_words(string reason) => SentWords.Because(reason).ShouldContain(" ");

    private static List<string> Constants(Type type) => [.. type.GetFields().Select(field => (string)field.GetRawConstantValue()!)];
}
