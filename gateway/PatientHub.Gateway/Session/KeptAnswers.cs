using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using StackExchange.Redis;

namespace PatientHub.Gateway.Session;

/// <summary>What a patient, or a member of staff, had typed when the session was over: the page it belongs to, and its fields.</summary>
internal sealed record Answers(Guid Owner, string Path, Dictionary<string, string[]> Fields);

/// <summary>
/// Keeps typed answers over a time-out, for 15 minutes and for the same patient only; at the desk for the same member of staff. Flow:
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
    public async Task<bool> KeepAsync(HttpContext http, string path) =>
        await sessions.OwnerAsync(http.Request.Cookies[Cookies.Session] ?? "") is { } patient && await KeepAsync(http, path, patient, SessionAuthenticationHandler.IdentityOf(patient), Cookies.Answers);

    /// <summary>Steps 1 and 2 at the desk.</summary>
    /// <param name="person">Whose session it was.</param>
    public Task<bool> KeepAtDeskAsync(HttpContext http, string path, ClaimsIdentity person) => KeepAsync(http, path, OwnerAtDesk(person), person, Cookies.StaffAnswers);

    private async Task<bool> KeepAsync(HttpContext http, string path, Guid owner, ClaimsIdentity person, string cookie)
    {
        if (await FormOfAsync(http.Request) is not { } form || !await IsOwnFormAsync(http, person))
            return false;
        var fields = form.Where(field => field.Key is not ("__RequestVerificationToken" or PathField)).ToDictionary(field => field.Key, field => field.Value.Select(value => value ?? "").ToArray());
        // Ids and versions are the page's own: without a word there is nothing to keep, and the patient only has to press again.
        if (!fields.Values.SelectMany(values => values).Any(value => value.Length > 0 && !Guid.TryParse(value, out _) && !int.TryParse(value, out _)))
            return false;
        if (fields.Sum(field => field.Key.Length + field.Value.Sum(value => value.Length)) > MostCharacters)
            return false;
        var id = CookieSeal.NewId();
        var content = CookieSeal.Encrypt(id, Purpose, JsonSerializer.SerializeToUtf8Bytes(new Answers(owner, path, fields)));
        await redis.GetDatabase().StringSetAsync(KeyOf(id), content, Life);
        http.Response.Cookies.Append(cookie, CookieSeal.Write(id), Cookies.Options(Life));
        return true;
    }

    /// <summary>A field of the form that says which page it is on, where the request's own address does not.</summary>
    public const string PathField = "KeptPath";

    /// <summary>The fields that came. Null when it is no form, or one that ends in the middle: the look at its token would fail on that.</summary>
    public static async Task<IFormCollection?> FormOfAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync() : null;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            return null;
        }
    }

    /// <summary>Step 3. Null for another patient.</summary>
    public async Task<Answers?> ReadAsync(HttpRequest request, Guid patientId) => await ReadAsync(request, Cookies.Answers) is { } answers && answers.Owner == patientId ? answers : null;

    /// <summary>Step 3 at the desk. Null for a colleague.</summary>
    public async Task<Answers?> ReadAtDeskAsync(HttpRequest request, ClaimsIdentity person) => await ReadAsync(request, Cookies.StaffAnswers) is { } answers && answers.Owner == OwnerAtDesk(person) ? answers : null;

    /// <summary>The desk's page on which something was typed; whoever signs in there, it shows the words to their author alone.</summary>
    public async Task<string?> PathAtDeskAsync(HttpRequest request) => (await ReadAsync(request, Cookies.StaffAnswers))?.Path;

    private async Task<Answers?> ReadAsync(HttpRequest request, string cookie) =>
        CookieSeal.TryRead(request.Cookies[cookie], out var id) && await redis.GetDatabase().StringGetAsync(KeyOf(id)) is { IsNull: false } content && CookieSeal.Decrypt(id, Purpose, content!) is { } plain
            ? JsonSerializer.Deserialize<Answers>(plain)
            : null;

    /// <summary>Step 4.</summary>
    public async Task ForgetAsync(HttpContext http, string cookie)
    {
        if (!CookieSeal.TryRead(http.Request.Cookies[cookie], out var id))
            return;
        Cookies.Remove(http.Response, cookie);
        await redis.GetDatabase().KeyDeleteAsync(KeyOf(id));
    }

    /// <summary>The token was made for whoever was signed in: it is looked at as if he still were.</summary>
    private async Task<bool> IsOwnFormAsync(HttpContext http, ClaimsIdentity person)
    {
        var before = http.User;
        http.User = new ClaimsPrincipal(person);
        try
        {
            return await antiForgery.IsRequestValidAsync(http);
        }
        finally
        {
            http.User = before;
        }
    }

    // The provider's name of a person may be anything; an owner is an id.
    private static Guid OwnerAtDesk(ClaimsIdentity person) => new(SHA256.HashData(Encoding.UTF8.GetBytes("desk " + person.FindFirst("sub")!.Value)).AsSpan(0, 16));

    private static RedisKey KeyOf(byte[] id) => "answers:" + CookieSeal.HashOf(id);
}
