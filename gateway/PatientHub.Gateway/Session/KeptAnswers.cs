using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using StackExchange.Redis;

namespace PatientHub.Gateway.Session;

/// <summary>What a patient had typed when the session was over: the page it belongs to, and its fields.</summary>
internal sealed record Answers(Guid PatientId, string Path, Dictionary<string, string[]> Fields);

/// <summary>
/// Keeps typed answers over a time-out, for 15 minutes and for the same patient only. Flow:
/// <code>
/// 1. a form comes for a session that is over    its cookie still says whose it was; the form's own token proves that it is his
/// 2. Redis keeps the fields, encrypted          only this browser's new cookie opens them; no address carries anything
/// 3. the patient signs in again                 the same patient: back to the page, filled as it was; another one: never shown
/// 4. the form is sent, or 15 minutes go by      gone
/// </code>
/// </summary>
internal sealed class KeptAnswers(IConnectionMultiplexer redis, SessionStore sessions, IAntiforgery antiForgery)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);
    private const int MostCharacters = 20_000;

    private static ReadOnlySpan<byte> Purpose => "patienthub kept answers"u8;

    /// <summary>Steps 1 and 2. False when nothing could be kept: then the patient is told so.</summary>
    public async Task<bool> KeepAsync(HttpContext http, string path)
    {
        if (await sessions.OwnerAsync(http.Request.Cookies[Cookies.Session] ?? "") is not { } patient || !await IsOwnFormAsync(http, patient))
            return false;
        var fields = http.Request.Form.Where(field => field.Key is not ("__RequestVerificationToken" or PathField)).ToDictionary(field => field.Key, field => field.Value.Select(value => value ?? "").ToArray());
        // Ids and versions are the page's own: without a word there is nothing to keep, and the patient only has to press again.
        if (!fields.Values.SelectMany(values => values).Any(value => value.Length > 0 && !Guid.TryParse(value, out _) && !int.TryParse(value, out _)))
            return false;
        if (fields.Sum(field => field.Key.Length + field.Value.Sum(value => value.Length)) > MostCharacters)
            return false;
        var id = CookieSeal.NewId();
        var content = CookieSeal.Encrypt(id, Purpose, JsonSerializer.SerializeToUtf8Bytes(new Answers(patient, path, fields)));
        await redis.GetDatabase().StringSetAsync(KeyOf(id), content, Life);
        http.Response.Cookies.Append(Cookies.Answers, CookieSeal.Write(id), Cookies.Options(Life));
        return true;
    }

    /// <summary>A field of the form that says which page it is on, where the request's own address does not.</summary>
    public const string PathField = "KeptPath";

    /// <summary>Step 3. Null for another patient.</summary>
    public async Task<Answers?> ReadAsync(HttpRequest request, Guid patientId)
    {
        if (!CookieSeal.TryRead(request.Cookies[Cookies.Answers], out var id) || await redis.GetDatabase().StringGetAsync(KeyOf(id)) is not { IsNull: false } content)
            return null;
        var answers = CookieSeal.Decrypt(id, Purpose, content!) is { } plain ? JsonSerializer.Deserialize<Answers>(plain) : null;
        return answers?.PatientId == patientId ? answers : null;
    }

    /// <summary>Step 4.</summary>
    public async Task ForgetAsync(HttpContext http)
    {
        if (!CookieSeal.TryRead(http.Request.Cookies[Cookies.Answers], out var id))
            return;
        Cookies.Remove(http.Response, Cookies.Answers);
        await redis.GetDatabase().KeyDeleteAsync(KeyOf(id));
    }

    /// <summary>The token was made for the patient who was signed in: it is looked at as if he still were.</summary>
    private async Task<bool> IsOwnFormAsync(HttpContext http, Guid patient)
    {
        var before = http.User;
        http.User = new ClaimsPrincipal(SessionAuthenticationHandler.IdentityOf(patient));
        try
        {
            return await antiForgery.IsRequestValidAsync(http);
        }
        finally
        {
            http.User = before;
        }
    }

    private static RedisKey KeyOf(byte[] id) => "answers:" + CookieSeal.HashOf(id);
}
