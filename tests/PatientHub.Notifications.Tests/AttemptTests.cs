using Microsoft.Extensions.Time.Testing;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Workers;
using PatientHub.Simulators.Twilio;

namespace PatientHub.Notifications.Tests;

/// <summary>Attempts only move forward; lanes pause; signatures hold.</summary>
public sealed class AttemptTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 11, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Reports_in_any_order_end_in_the_same_state()
    {
        foreach (var order in Permutations([0, 1, 2]))
        {
            var attempt = New();
            foreach (var report in order)
            {
                if (report == 0) attempt.Accept("SM1", Now);
                if (report == 1) attempt.BecomeUnclear(Now);
                if (report == 2) attempt.Deliver(Now);
            }

            attempt.State.ShouldBe(AttemptState.Delivered);
            attempt.CheckAt.ShouldBeNull();
        }
    }

    [Fact]
    public void A_late_bounce_counts_and_nothing_follows_it()
    {
        var attempt = New();
        attempt.Accept(null, Now).ShouldBeTrue();
        attempt.Accept("SM1", Now).ShouldBeFalse();
        attempt.ProviderId.ShouldBe("SM1");
        attempt.Deliver(Now).ShouldBeTrue();
        attempt.Deliver(Now).ShouldBeFalse();
        attempt.Fail("bounce", Now).ShouldBeTrue();
        attempt.Deliver(Now).ShouldBeFalse();
        attempt.NotAccept("429", Now).ShouldBeFalse();
        attempt.State.ShouldBe(AttemptState.Failed);
    }

    [Fact]
    public void Taken_is_never_taken_back()
    {
        var attempt = New();
        attempt.Accept("SM1", Now);
        attempt.NotAccept("not-found", Now).ShouldBeFalse();
        attempt.State.ShouldBe(AttemptState.Accepted);
    }

    [Theory]
    [InlineData("21610", true, true)]
    [InlineData("30006", true, true)]
    [InlineData("30007", true, false)]
    [InlineData("30003", false, false)]
    [InlineData("30004", true, false)]
    [InlineData("30005", true, true)]
    [InlineData("21614", true, true)]
    [InlineData("99999", false, false)]
    [InlineData("30008", false, false)]
    [InlineData(null, false, false)]
    public void Twilios_codes_are_permanent_or_not(string? code, bool permanent, bool contactDead)
    {
        TwilioErrors.IsPermanent(code).ShouldBe(permanent);
        TwilioErrors.IsContactDead(code).ShouldBe(contactDead);
    }

    [Theory]
    [InlineData("bounce", "bounce", null, true, true)]
    [InlineData("bounce", "blocked", null, false, false)]
    [InlineData("dropped", null, "Unsubscribed Address", true, true)]
    [InlineData("dropped", null, "Spam Content (if Spam Checker app enabled)", true, false)]
    public void SendGrids_events_are_permanent_or_not(string name, string? type, string? reason, bool permanent, bool contactDead)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new[] { new Dictionary<string, object?> { ["event"] = name, ["type"] = type, ["reason"] = reason, ["attempt_id"] = Guid.CreateVersion7() } });
        var (outcomes, foreign) = SendGridEvents.Read(body, Now);
        foreign.ShouldBe(0);
        (outcomes.Single().ForGood, outcomes.Single().ContactFailed).ShouldBe((permanent, contactDead));
    }

    [Fact]
    public async Task A_lane_obeys_retry_after_to_the_second()
    {
        // Checklist 43
        var time = new FakeTimeProvider(Now);
        using var lane = new ProviderLane(4, 1000, time);
        var calls = 0;
        Task<SendResult> Throttled(CancellationToken ct)
        {
            calls++;
            return Task.FromResult(new SendResult(SendOutcome.NotAccepted, ErrorCode: "429", RetryAfter: TimeSpan.FromSeconds(30)));
        }

        await lane.RunAsync(Throttled, TestContext.Current.CancellationToken);
        lane.Pause.ShouldBe(TimeSpan.FromSeconds(30));
        (await lane.RunAsync(Throttled, TestContext.Current.CancellationToken)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
        calls.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(30));
        await lane.RunAsync(Throttled, TestContext.Current.CancellationToken);
        calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_lane_closes_after_five_failures_in_a_row_and_longer_each_time()
    {
        var time = new FakeTimeProvider(Now);
        using var lane = new ProviderLane(4, 1000, time);
        Task<SendResult> Fail(CancellationToken ct) => Task.FromResult(new SendResult(SendOutcome.Unclear));
        Task<SendResult> Succeed(CancellationToken ct) => Task.FromResult(new SendResult(SendOutcome.Accepted));
        for (var i = 0; i < 4; i++) await lane.RunAsync(Fail, TestContext.Current.CancellationToken);
        lane.Pause.ShouldBe(TimeSpan.Zero);
        await lane.RunAsync(Fail, TestContext.Current.CancellationToken);
        var first = lane.Pause;
        first.ShouldBeGreaterThan(TimeSpan.Zero);
        time.Advance(first);
        await lane.RunAsync(Fail, TestContext.Current.CancellationToken);
        lane.Pause.ShouldBeGreaterThan(first);
        time.Advance(lane.Pause);
        await lane.RunAsync(Succeed, TestContext.Current.CancellationToken);
        await lane.RunAsync(Fail, TestContext.Current.CancellationToken);
        lane.Pause.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(500)]
    [InlineData(10_000)]
    public void A_lane_uses_all_that_a_provider_permits(int perSecond)
    {
        var (tokens, period) = ProviderLane.Pace(perSecond);
        (tokens / period.TotalSeconds).ShouldBe(perSecond, perSecond * 0.0001);
    }

    [Fact]
    public async Task A_slow_provider_has_so_many_requests_at_once_and_no_more()
    {
        // Checklist 58
        using var lane = new ProviderLane(4, 10_000, TimeProvider.System);
        var (inside, most) = (0, 0);
        var (four, go) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        async Task<SendResult> Slow(CancellationToken ct)
        {
            var now = Interlocked.Increment(ref inside);
            most = Math.Max(most, now);
            if (now == 4) four.TrySetResult();
            await go.Task;
            Interlocked.Decrement(ref inside);
            return new SendResult(SendOutcome.Accepted);
        }

        var calls = Enumerable.Range(0, 40).Select(_ => lane.RunAsync(Slow, TestContext.Current.CancellationToken)).ToList();
        await four.Task;
        go.SetResult();
        (await Task.WhenAll(calls)).ShouldAllBe(result => result.Outcome == SendOutcome.Accepted);
        most.ShouldBe(4);
    }

    [Fact]
    public void Twilios_signature_is_the_one_that_Twilio_makes()
    {
        var form = new Dictionary<string, string> { ["To"] = "+447700900123", ["MessageStatus"] = "sent", ["Body"] = "ä & +" };
        const string address = "https://hub.example/webhooks/twilio/1";
        TwilioCallback.IsSigned("token", address, form, TwilioSignature.Of("token", address, form)).ShouldBeTrue();
        TwilioCallback.IsSigned("token", address + "?x", form, TwilioSignature.Of("token", address, form)).ShouldBeFalse();
        TwilioCallback.IsSigned("token", address, form, "no base64 !").ShouldBeFalse();
        TwilioCallback.IsSigned("token", address, form, new string('A', 400)).ShouldBeFalse();
        TwilioCallback.IsSigned("token", address, form, null).ShouldBeFalse();
    }

    private static Attempt New() => new() { Id = Guid.CreateVersion7(), Channel = Channel.Sms, CreatedAt = Now, CheckAt = Now };

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length <= 1 ? [items] : items.SelectMany((item, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (int[])[item, .. rest]));
}
