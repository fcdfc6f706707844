using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Tests.Domain;

public sealed class CalendarFeedTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_new_address_ends_the_old_one_and_only_a_hash_is_kept()
    {
        var feed = new CalendarFeed(Guid.CreateVersion7());
        var (first, second) = (feed.SwitchOn(throughParent: false, Now), feed.SwitchOn(throughParent: false, Now));
        first.ShouldNotBe(second);
        CalendarFeed.IsToken(first).ShouldBeTrue();
        feed.TokenHash.ShouldBe(CalendarFeed.HashOf(second));
        feed.Version.ShouldBe(2);
        feed.End(CalendarFeedEnd.OptedOut, Now);
        feed.End(CalendarFeedEnd.SwitchedOff, Now.AddDays(1));
        (feed.TokenHash, feed.EndedBy, feed.EndedAt, feed.Version).ShouldBe((null, CalendarFeedEnd.OptedOut, Now, 3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("../../../etc/passwd")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/")]
    public void Whatever_has_another_form_is_no_token(string text) => CalendarFeed.IsToken(text).ShouldBeFalse();

    [Theory]
    [InlineData(90, 0, false)]
    [InlineData(90, 1, true)]
    public void Ninety_days_without_a_fetch_end_it(int days, int seconds, bool ends)
    {
        var feed = new CalendarFeed(Guid.CreateVersion7());
        feed.SwitchOn(throughParent: false, Now);
        feed.WhyEnd(Now.AddDays(days).AddSeconds(seconds), maySignIn: true, throughParent: false).ShouldBe(ends ? CalendarFeedEnd.Idle : null);
    }

    [Theory]
    [InlineData(true, true, true, null)]
    [InlineData(true, true, false, CalendarFeedEnd.Sixteen)]
    [InlineData(false, true, false, null)]
    [InlineData(false, false, false, CalendarFeedEnd.RecordClosed)]
    public void A31_what_a_parent_switched_on_ends_at_sixteen(bool switchedOnByParent, bool maySignIn, bool throughParent, CalendarFeedEnd? reason)
    {
        var feed = new CalendarFeed(Guid.CreateVersion7());
        feed.SwitchOn(switchedOnByParent, Now);
        feed.WhyEnd(Now.AddDays(1), maySignIn, throughParent).ShouldBe(reason);
    }
}
