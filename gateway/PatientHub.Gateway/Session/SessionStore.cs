using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;

namespace PatientHub.Gateway.Session;

/// <summary>
/// Sessions in Redis, keys <c>session:*</c>. The cookie holds 256 random bits; Redis holds their hash as the key and the session encrypted under a key derived from
/// them, so that a copy of Redis opens no session and shows no name. <c>session:of:{patient}</c> lists a patient's sessions for SessionsEnded.
/// </summary>
internal sealed class SessionStore(IConnectionMultiplexer redis, TimeProvider time)
{
    private static ReadOnlySpan<byte> Content => "patienthub session content"u8;

    private static ReadOnlySpan<byte> Owner => "patienthub session owner"u8;

    /// <summary>Begins a session under a fresh id (no session fixation) and returns the cookie's value.</summary>
    public async Task<string> CreateAsync(PatientSession session)
    {
        var id = CookieSeal.NewId();
        var db = redis.GetDatabase();
        var list = ListOf(session.PatientId);
        // One after the other on the connection, one wait for all.
        await Task.WhenAll(
            db.SetAddAsync(list, $"{session.SessionId:N}:{session.StartedAt.ToUnixTimeMilliseconds()}:{CookieSeal.HashOf(id)}"),
            db.KeyExpireAsync(list, PatientSession.Absolute + PatientSession.Idle),
            db.StringSetAsync(OwnerOf(CookieSeal.HashOf(id)), CookieSeal.Encrypt(id, Owner, session.PatientId.ToByteArray()), PatientSession.Absolute + KeptAnswers.Life),
            db.StringSetAsync(KeyOf(id), Encrypt(id, session), PatientSession.Idle));
        return CookieSeal.Write(id);
    }

    /// <summary>The session behind a cookie, its idle time begun anew: one GETEX. Null when there is none or it is over.</summary>
    public async Task<PatientSession?> ReadAsync(string cookie)
    {
        if (!CookieSeal.TryRead(cookie, out var id))
            return null;
        var db = redis.GetDatabase();
        var value = await db.StringGetSetExpiryAsync(KeyOf(id), PatientSession.Idle);
        if (value.IsNull || Decrypt(id, value!) is not { } session)
            return null;
        if (time.GetUtcNow() < session.EndsAt)
            return session;
        await db.KeyDeleteAsync(KeyOf(id));
        return null;
    }

    /// <summary>Keeps a renewed token; a session that was ended meanwhile stays ended (XX), and its idle time goes on as it was (KEEPTTL).</summary>
    public async Task UpdateAsync(string cookie, PatientSession session)
    {
        if (CookieSeal.TryRead(cookie, out var id))
            await redis.GetDatabase().StringSetAsync(KeyOf(id), Encrypt(id, session), expiry: null, keepTtl: true, when: When.Exists);
    }

    public async Task EndAsync(string cookie)
    {
        if (CookieSeal.TryRead(cookie, out var id))
            await redis.GetDatabase().KeyDeleteAsync([KeyOf(id), OwnerOf(CookieSeal.HashOf(id))]);
    }

    /// <summary>Whose session this cookie was, also when it is over by time: what was typed is kept for that patient (<see cref="KeptAnswers"/>). Null after a sign-out or when the patient's sessions were ended.</summary>
    public async Task<Guid?> OwnerAsync(string cookie) =>
        CookieSeal.TryRead(cookie, out var id) && await redis.GetDatabase().StringGetAsync(OwnerOf(CookieSeal.HashOf(id))) is { IsNull: false } value && CookieSeal.Decrypt(id, Owner, value!) is { Length: 16 } owner ? new Guid(owner) : null;

    /// <summary>Ends the patient's sessions that began before an instant, or one of them (SessionsEnded).</summary>
    public async Task<int> EndAllAsync(Guid patientId, Guid? sessionId, DateTimeOffset before)
    {
        var db = redis.GetDatabase();
        var list = ListOf(patientId);
        var ended = 0;
        foreach (var member in await db.SetMembersAsync(list))
        {
            if (member.ToString().Split(':') is not [var sid, var started, var hash] || !long.TryParse(started, CultureInfo.InvariantCulture, out var startedAt))
                continue;
            if (sessionId is { } only ? sid != only.ToString("N") : startedAt > before.ToUnixTimeMilliseconds())
                continue;
            if (await db.KeyDeleteAsync("session:" + hash))
                ended++;
            await db.KeyDeleteAsync(OwnerOf(hash));
            await db.SetRemoveAsync(list, member);
        }
        return ended;
    }

    private static RedisKey KeyOf(byte[] id) => "session:" + CookieSeal.HashOf(id);

    private static RedisKey OwnerOf(string hash) => "session:owner:" + hash;

    private static RedisKey ListOf(Guid patientId) => $"session:of:{patientId:N}";

    private static byte[] Encrypt(byte[] id, PatientSession session) => CookieSeal.Encrypt(id, Content, JsonSerializer.SerializeToUtf8Bytes(session));

    private static PatientSession? Decrypt(byte[] id, byte[] sealedBytes) => CookieSeal.Decrypt(id, Content, sealedBytes) is { } plain ? JsonSerializer.Deserialize<PatientSession>(plain) : null;
}
