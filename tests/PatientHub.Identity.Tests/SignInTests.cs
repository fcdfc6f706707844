using System.Net;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Tests.Support;

namespace PatientHub.Identity.Tests;

/// <summary>R11 to R17, A12 to A14, A19, A20 over HTTP, with the real stores.</summary>
public sealed class SignInTests(IdentitySystem identity)
{
    [Fact]
    public async Task A_code_by_text_signs_the_patient_in()
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Named("Asha", "Kaur").Phone(mobile);
        var id = await identity.FeedAsync(patient);

        var attempt = await identity.StartAsync(" +44 (0)" + mobile[1..5] + " " + mobile[5..], patient.Born);
        var code = (await identity.CollectAsync()).ShouldHaveSingleItem();
        code.Channel.ShouldBe("sms");
        code.Destination.ShouldBe("+44" + mobile[1..]);
        code.Code.ShouldNotBeNull().ShouldMatch("^[0-9]{6}$");
        var result = await identity.VerifyAsync(attempt, code.Code[..3] + " " + code.Code[3..]);
        result.Outcome.ShouldBe(SignInOutcome.SignedIn);

        var token = (await identity.ExchangeAsync(result.Grant!)).ShouldNotBeNull();
        token["expires_in"]!.GetValue<int>().ShouldBeInRange(55, 60);
        var claims = IdentitySystem.Claims(token["access_token"]!.GetValue<string>());
        claims.GetProperty("sub").GetString().ShouldBe(id.ToString());
        claims.GetProperty("scope").GetString().ShouldBe("patient");
        var session = Guid.Parse(claims.GetProperty("sid").GetString()!);
        (await identity.Bus.NextAsync<PatientSignedIn>(m => m.PatientId == id)).SessionId.ShouldBe(session);

        var (status, body) = await identity.MeAsync(token["access_token"]!.GetValue<string>());
        status.ShouldBe(HttpStatusCode.OK);
        body!.FullName.ShouldBe("Asha Kaur");
        body.MaskedMobiles.ShouldHaveSingleItem().ShouldBe($"{mobile[..5]} ••• {mobile[^3..]}");
        (await identity.ExchangeAsync(result.Grant!)).ShouldBeNull("a grant works once");
    }

    [Fact]
    public async Task Two_parallel_correct_tries_let_exactly_one_in() // A12
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(mobile, patient.Born);
        var code = (await identity.CollectAsync()).Single().Code!;

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => identity.VerifyAsync(attempt, code)));
        results.Count(r => r.Outcome == SignInOutcome.SignedIn).ShouldBe(1);
        results.Where(r => r.Outcome != SignInOutcome.SignedIn).ShouldAllBe(r => r.Outcome == SignInOutcome.CodeDead || r.Outcome == SignInOutcome.AttemptEnded);
        results.Count(r => r.Grant is not null).ShouldBe(1);
    }

    [Fact]
    public async Task The_fifth_wrong_try_burns_the_code_and_the_next_one_waits_30_seconds() // A12
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(mobile, patient.Born);
        var code = (await identity.CollectAsync()).Single().Code!;
        for (var i = 1; i <= 4; i++)
            (await identity.VerifyAsync(attempt, Wrong(code))).Outcome.ShouldBe(SignInOutcome.WrongCode);
        var burnt = await identity.VerifyAsync(attempt, Wrong(code));
        burnt.Outcome.ShouldBe(SignInOutcome.CodeDead);
        (burnt.WaitUntil.ShouldNotBeNull() - DateTimeOffset.UtcNow).TotalSeconds.ShouldBeInRange(20, 32);

        (await identity.VerifyAsync(attempt, code)).Outcome.ShouldBe(SignInOutcome.CodeDead, "after the 5th wrong try even the right code is refused");
        (await identity.ResendAsync(attempt)).Outcome.ShouldBe(SignInOutcome.Wait);
        (await identity.StartAsync(mobile, patient.Born)).WaitUntil.ShouldNotBeNull("another sign-in of the same pair waits too");
    }

    [Fact]
    public async Task An_expired_code_is_dead_and_one_button_sends_a_new_one() // R15, A13
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(mobile, patient.Born);
        var old = (await identity.CollectAsync()).Single().Code!;
        var key = await CodesKeyAsync(attempt);
        (await identity.RedisDb.KeyTimeToLiveAsync(key))!.Value.TotalSeconds.ShouldBeInRange(140, 150);
        await identity.RedisDb.KeyExpireAsync(key, TimeSpan.Zero);

        (await identity.VerifyAsync(attempt, old)).Outcome.ShouldBe(SignInOutcome.CodeDead);
        (await identity.ResendAsync(attempt)).Outcome.ShouldBe(SignInOutcome.CodeSent);
        var fresh = (await identity.CollectAsync()).Single().Code!;
        if (fresh != old) (await identity.VerifyAsync(attempt, old)).Outcome.ShouldBe(SignInOutcome.WrongCode, "the old code is replaced");
        (await identity.VerifyAsync(attempt, fresh)).Outcome.ShouldBe(SignInOutcome.SignedIn);
    }

    internal static string Wrong(string code) => (code[0] == '9' ? '0' : (char)(code[0] + 1)) + code[1..];

    private async Task<StackExchange.Redis.RedisKey> CodesKeyAsync(SignInAttempt attempt)
    {
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(attempt.AttemptId)));
        StackExchange.Redis.RedisKey key = $"identity:codes:{{{digest}}}";
        (await identity.RedisDb.KeyExistsAsync(key)).ShouldBeTrue();
        return key;
    }
}
