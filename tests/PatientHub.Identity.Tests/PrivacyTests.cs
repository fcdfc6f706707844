using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Tests.Support;

namespace PatientHub.Identity.Tests;

/// <summary>Checklist 126: no personal value and no secret in a log line or a span.</summary>
public sealed class PrivacyTests(IdentitySystem identity)
{
    [Fact]
    public async Task A_whole_sign_in_leaves_no_personal_value_in_logs_and_spans()
    {
        var (mobile, email) = (PatientJson.NewMobile(), "zebediah.quux@private.example");
        var patient = new PatientJson("HOSP-7730915").Named("Zebediah", "Quuxington").Phone(mobile).Email(email).BornOn("1961-07-23").NhsNumber("9990001219");
        var id = await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(email, patient.Born);
        await identity.VerifyAsync(attempt, "no");
        var code = (await identity.CollectAsync()).Single();
        var result = await identity.VerifyAsync(attempt, code.Code!);
        var token = (await identity.ExchangeAsync(result.Grant!)).ShouldNotBeNull()["access_token"]!.GetValue<string>();
        await identity.MeAsync(token);
        var contact = (await identity.PostAsync<List<PatientContact>>("/internal/contacts", new PatientQuery { PatientIds = [id] }, "notifications")).Single();

        identity.Telemetry.Count.ShouldBeGreaterThan(20);
        identity.Telemetry.LinesWith("/connect/token").ShouldNotBeEmpty("the book sees requests");
        string[] secrets =
        [
            "Zebediah", "Quuxington", mobile[1..], email, "1961-07-23", "23/07/1961", "07/23/1961", "9990001219", code.Code!, attempt.AttemptId, result.Grant!, token, contact.LinkToken,
            IdentitySystem.SecretOf("gateway"),
        ];
        foreach (var secret in secrets)
            identity.Telemetry.LinesWith(secret).Where(line => secret != code.Code || !IsPartOfANumber(line, secret)).ShouldBeEmpty();
    }

    // Six digits may stand inside an id or an instant by chance.
    private static bool IsPartOfANumber(string line, string digits)
    {
        var at = line.IndexOf(digits, StringComparison.Ordinal);
        return (at > 0 && char.IsAsciiLetterOrDigit(line[at - 1])) || (at + 6 < line.Length && char.IsAsciiLetterOrDigit(line[at + 6]));
    }
}
