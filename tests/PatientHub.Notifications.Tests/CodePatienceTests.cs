using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Workers;

namespace PatientHub.Notifications.Tests;

/// <summary>R14, R15: how often and how long one code tries one channel.</summary>
public sealed class CodePatienceTests
{
    private static readonly DateTimeOffset Begun = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly SendResult NotTaken = new(SendOutcome.NotAccepted, ErrorCode: "no-answer");

    private readonly CodePatience _patience = new(Begun.AddSeconds(150), Begun);

    [Fact]
    public void Three_requests_that_were_not_taken_are_enough()
    {
        _patience.PauseAfter(NotTaken, Begun).ShouldBe(TimeSpan.FromMilliseconds(550));
        _patience.PauseAfter(NotTaken, Begun).ShouldBe(TimeSpan.FromMilliseconds(1050));
        _patience.PauseAfter(NotTaken, Begun).ShouldBeNull();
    }

    [Fact]
    public void A_closed_lane_is_no_request()
    {
        for (var i = 0; i < 6; i++)
            _patience.PauseAfter(SendResult.LaneClosed(TimeSpan.FromSeconds(1)), Begun.AddSeconds(i)).ShouldBe(TimeSpan.FromSeconds(1.05));
        _patience.PauseAfter(NotTaken, Begun.AddSeconds(7)).ShouldNotBeNull("the first request of three");
    }

    [Theory]
    [InlineData(SendOutcome.Accepted)]
    [InlineData(SendOutcome.Unclear)]
    [InlineData(SendOutcome.RefusedForGood)]
    public void What_was_or_may_have_been_taken_or_was_refused_is_not_sent_again(object outcome) =>
        _patience.PauseAfter(new SendResult((SendOutcome)outcome), Begun).ShouldBeNull();

    [Fact]
    public void A_provider_that_is_down_counts_as_no_mobile_soon()
    {
        _patience.PauseAfter(SendResult.LaneClosed(TimeSpan.FromSeconds(11)), Begun).ShouldBeNull("longer than one may wait");
        _patience.PauseAfter(SendResult.LaneClosed(TimeSpan.FromSeconds(5)), Begun.AddSeconds(16)).ShouldBeNull("20 seconds altogether");
    }

    [Fact]
    public void No_try_comes_after_the_codes_death() =>
        new CodePatience(Begun.AddSeconds(5), Begun).PauseAfter(SendResult.LaneClosed(TimeSpan.FromSeconds(5)), Begun).ShouldBeNull();
}
