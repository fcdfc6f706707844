using System.Globalization;

namespace PatientHub.Gateway.Session;

/// <summary>
/// The sign-in attempt in its cookie: its id, and the instants that the pages show. They are the patient's own; whoever changes them deceives only himself,
/// because Identity decides by its own.
/// </summary>
public sealed record AttemptCookie(string AttemptId, DateTimeOffset CodeExpiresAt, DateTimeOffset AttemptExpiresAt, DateTimeOffset? WaitUntil)
{
    public static AttemptCookie? Read(HttpRequest request)
    {
        if (request.Cookies[Cookies.Attempt]?.Split('.') is not [{ Length: > 0 and <= 128 } id, var code, var attempt, var wait])
            return null;
        return Instant(code) is { } codeEnd && Instant(attempt) is { } attemptEnd ? new AttemptCookie(id, codeEnd, attemptEnd, Instant(wait)) : null;
    }

    public void Write(HttpResponse response, TimeProvider time)
    {
        var value = string.Create(CultureInfo.InvariantCulture, $"{AttemptId}.{CodeExpiresAt.ToUnixTimeMilliseconds()}.{AttemptExpiresAt.ToUnixTimeMilliseconds()}.{WaitUntil?.ToUnixTimeMilliseconds() ?? 0}");
        var life = AttemptExpiresAt - time.GetUtcNow();
        response.Cookies.Append(Cookies.Attempt, value, Cookies.Options(life > TimeSpan.Zero ? life : TimeSpan.FromSeconds(1)));
    }

    private static DateTimeOffset? Instant(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is > 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
