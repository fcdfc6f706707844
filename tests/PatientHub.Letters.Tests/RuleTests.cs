using PatientHub.Letters.Domain;
using PatientHub.Letters.Tests.Support;

namespace PatientHub.Letters.Tests;

public sealed class RuleTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);

    [Theory]
    [InlineData(0, true)]
    [InlineData(-14, true)]
    [InlineData(-15, false)]
    [InlineData(3, true)]
    public void Letter_dated_within_14_days_has_the_ladder(int days, bool expected) =>
        LadderRule.Applies(Today.AddDays(days), Today, 14, appointment: null).ShouldBe(expected);

    [Theory]
    [InlineData(true, 0, true)]
    [InlineData(false, 0, false)]
    [InlineData(true, -15, false)]
    [InlineData(false, -15, false)]
    public void Letter_of_an_appointment_has_it_only_when_that_invites(bool invites, int days, bool expected) =>   // R1
        LadderRule.Applies(Today.AddDays(days), Today, 14, AppointmentCopy.Of(Some.Appointment(invites: invites))).ShouldBe(expected);

    [Fact]
    public void Replaced_letter_is_the_newest_earlier_one_that_somebody_has()   // A15
    {
        ReplacedLetter.DateOf(3, [Version(1, posted: true), Version(2), Version(3)]).ShouldBe(Today.AddDays(1));
        ReplacedLetter.DateOf(3, [Version(1, posted: true), Version(2, opened: true), Version(3)]).ShouldBe(Today.AddDays(2));
        ReplacedLetter.DateOf(3, [Version(1), Version(2), Version(3, posted: true)]).ShouldBeNull();
        ReplacedLetter.DateOf(1, [Version(1, opened: true)]).ShouldBeNull();
    }

    [Theory]
    [InlineData("<p onclick='x()'>a</p>", "<p>a</p>")]
    [InlineData("<a href='javascript:x'>a</a>", "<a>a</a>")]
    [InlineData("<a href='http://plain.example'>a</a>", "<a>a</a>")]
    [InlineData("<svg><script>x</script></svg><p>b</p>", "<p>b</p>")]
    [InlineData("<html><head><title>t</title></head><body><p>c</p></body></html>", "<p>c</p>")]
    [InlineData("<p style='color:red' class='x' id='y'>d</p>", "<p>d</p>")]
    [InlineData("<meta http-equiv='refresh' content='0;url=//evil'><p>e</p>", "<p>e</p>")]
    public void Html_is_cleaned(string dirty, string clean) => SafeHtml.Clean(dirty).ShouldBe(clean);   // 119

    private static LetterVersion Version(int number, bool posted = false, bool opened = false) => new()
    {
        LetterId = Guid.Empty,
        Version = number,
        AppointmentId = null,
        Revision = number - 1,
        LetterDate = Today.AddDays(number),
        Phone = "",
        Ladder = true,
        CreatedAt = default,
        PostedAt = posted ? DateTimeOffset.UnixEpoch : null,
        OpenedAt = opened ? DateTimeOffset.UnixEpoch : null,
    };
}
