using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

public sealed class InvitationTests(RabbitMqServer rabbit, PostgresServer postgres) : IAsyncLifetime
{
    private NotificationsSystem _system = null!;

    public async ValueTask InitializeAsync() => _system = await NotificationsSystem.StartAsync(rabbit, postgres,
        ("Ladder:FirstReminderAfter", "00:00:01.500"), ("Ladder:SecondReminderAfter", "00:00:03"), ("Ladder:PostAfterInvitation", "00:00:30"));

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public async Task A_letter_that_is_ready_invites_by_text_and_T0_is_the_providers_acceptance()
    {
        // R2, R4, A1, A25
        var story = await new Story(_system).BeginAsync();
        var text = await _system.MessageToAsync(story.Mobile);
        text.Body.ShouldStartWith("Trillian, ");
        text.Links.ShouldContain($"{_system.Address.ToString().TrimEnd('/')}/p/{story.LinkToken}");
        text.Body.ShouldNotContain("Oncology");
        text.Segments.ShouldBe(1);

        await Eventually.True(() => _system.Heard<InvitationSent>().Any(e => e.LetterId == story.LetterId), "T0 was never told");
        var sent = _system.Heard<InvitationSent>().Single(e => e.LetterId == story.LetterId);
        sent.LetterVersion.ShouldBe(1);
        sent.AppointmentId.ShouldBe(story.State.AppointmentId);
        (sent.OccurredAt - text.CreatedAt).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(5));
        _system.To(story.Email).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_reminders_follow_and_stop_when_the_letter_is_opened()
    {
        // R6, A3
        var story = await new Story(_system).BeginAsync();
        await Eventually.True(() => _system.To(story.Mobile).Count == 2, "the first reminder never came");
        _system.To(story.Mobile)[0].Body.ShouldContain("reminder");
        await _system.PublishAsync(story.Opened);
        await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "state = 'Stopped' and reason = 'opened'") == 1, "the second reminder was never stopped");
        _system.To(story.Mobile).Count.ShouldBe(2);
        (await _system.StepsAsync(story.PatientId, "kind = 'Invitation'")).ShouldBe(3);
    }
}

public sealed class SignInCodeTests(RabbitMqServer rabbit, PostgresServer postgres) : IAsyncLifetime
{
    private NotificationsSystem _system = null!;

    public async ValueTask InitializeAsync() => _system = await NotificationsSystem.StartAsync(rabbit, postgres);

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public async Task A_code_is_collected_and_sent_once_and_removed_at_the_provider()
    {
        // R14, R15, facts 5.5
        var codeId = Hold("004217", "+447700900777");
        await _system.PublishTimesAsync(new SendSignInCode { CodeId = codeId, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) }, 5);
        await _system.PublishAsync(new SendSignInCode { CodeId = codeId, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) });

        var text = await _system.MessageToAsync("+447700900777");
        text.Body.ShouldStartWith("004217 is your Leeds Hospitals Patient Hub security code. It works until ");
        text.Body.ShouldEndWith("\n@127.0.0.1 #004217");
        text.Segments.ShouldBe(1);
        await Eventually.True(() => _system.To("+447700900777")[0].Redacted, "the provider kept the code");
        await Eventually.True(async () => await _system.ScalarAsync<long>("select count(*) from inbox_message where endpoint like '%code%'") == 2, "the repeats were never consumed");
        _system.To("+447700900777").Count.ShouldBe(1);
        _system.Owners.CodesCollected.ShouldBe(1);
        (await _system.ScalarAsync<long>("select count(*) from message")).ShouldBe(0);
    }

    [Fact]
    public async Task A_late_command_is_dropped()
    {
        var codeId = Hold("111222", "+447700900778");
        await _system.PublishAsync(new SendSignInCode { CodeId = codeId, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(-1) });
        await Eventually.True(() => _system.Logs.Lines.Any(line => line.Contains(codeId.ToString()) && line.Contains("dropped")), "the late command was never seen");
        _system.To("+447700900778").ShouldBeEmpty();
        _system.Owners.Codes.ShouldContainKey(codeId);
    }

    private Guid Hold(string code, string destination, string? fallbackEmail = null)
    {
        var codeId = Guid.CreateVersion7();
        _system.Owners.Codes[codeId] = new CollectedCode { Code = code, Channel = "sms", Destination = destination, FallbackEmail = fallbackEmail, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) };
        return codeId;
    }
}
