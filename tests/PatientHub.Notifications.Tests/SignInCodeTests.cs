using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Simulators.Behaviour;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>R14, R15: codes have a queue and a lane of their own, and no copy is kept.</summary>
public sealed class SignInCodeTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task A_code_is_collected_and_sent_once_and_removed_at_the_provider()
    {
        // Facts 5.5
        const string number = "+447700901777";
        var codeId = Hold(number, code: "004217");
        await _system.PublishTimesAsync(Command(codeId), 5);
        await _system.PublishAsync(Command(codeId));

        var text = await _system.MessageToAsync(number);
        text.Body.ShouldStartWith("004217 is your Leeds Hospitals Patient Hub security code. It works until ");
        text.Body.ShouldEndWith("\n@127.0.0.1 #004217");
        text.Segments.ShouldBe(1);
        await Eventually.True(() => _system.To(number)[0].Redacted, "the provider kept the code");
        await Eventually.True(() => _system.Logs.Lines.Any(line => line.Contains(codeId.ToString()) && line.Contains("collected already")), "the repeat was never seen");
        _system.To(number).Count.ShouldBe(1);
        (await _system.ScalarAsync<long>("select count(*) from attempt where code_id = $1", codeId)).ShouldBe(1);
        (await _system.ScalarAsync<long>("select count(*) from message where body like '%004217%'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_late_command_is_dropped()
    {
        const string number = "+447700901778";
        var codeId = Hold(number, code: "111222");
        await _system.PublishAsync(new SendSignInCode { CodeId = codeId, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(-1) });
        await Eventually.True(() => _system.Logs.Lines.Any(line => line.Contains(codeId.ToString()) && line.Contains("dropped")), "the late command was never seen");
        _system.To(number).ShouldBeEmpty();
        _system.Owners.Codes.ShouldContainKey(codeId);
    }

    [Fact]
    public async Task A_code_whose_fate_is_unclear_is_never_texted_again()
    {
        const string number = "+447700901779";
        _system.Outside.Behaviours.Set(number, Behaves.AcceptsThenTimesOut);
        var codeId = Hold(number, code: "333444");
        await _system.PublishAsync(Command(codeId));
        await Eventually.True(() => _system.Logs.Lines.Any(line => line.Contains(codeId.ToString()) && line.Contains("Unclear")), "the time-out was never seen");
        _system.To(number).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_text_provider_that_is_down_counts_as_no_mobile()
    {
        // R14
        const string number = "+447700901780";
        const string address = "fallback@zaphod.example";
        _system.Outside.Behaviours.Set(number, Behaves.ServerError);
        await _system.PublishAsync(Command(Hold(number, code: "555666", fallbackEmail: address)));
        var email = await _system.MessageToAsync(address);
        email.Body.ShouldStartWith("555666 is your Leeds Hospitals Patient Hub security code.");
        email.Subject.ShouldBe("Your Patient Hub security code");
        _system.To(number).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_throttled_code_goes_again_while_it_lives()
    {
        // Checklist 43
        const string number = "+447700901781";
        _system.Outside.Behaviours.Set(number, new Script { Behaves = Behaves.TooManyRequests, RetryAfter = 1, Times = 1 });
        await _system.PublishAsync(Command(Hold(number, code: "777888")));
        (await _system.MessageToAsync(number)).Code.ShouldBe("777888");
        _system.To(number).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_User_Verification_Code_is_sent_again_to_the_proven_destination()
    {
        // A14
        const string number = "+447700901782";
        var codeId = Guid.CreateVersion7();
        _system.Owners.Codes[codeId] = new CollectedCode { Uvc = "K7P2QX", FirstName = "Ford", Channel = "sms", Destination = number, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) };
        await _system.PublishAsync(Command(codeId));
        var text = await _system.MessageToAsync(number);
        text.Body.ShouldStartWith("Ford, K7P2QX is your Leeds Hospitals Patient Hub User Verification Code.");
    }

    private static SendSignInCode Command(Guid codeId) => new() { CodeId = codeId, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) };

    private Guid Hold(string destination, string code, string? fallbackEmail = null)
    {
        var codeId = Guid.CreateVersion7();
        _system.Owners.Codes[codeId] = new CollectedCode { Code = code, Channel = "sms", Destination = destination, FallbackEmail = fallbackEmail, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) };
        return codeId;
    }
}
