using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using StackExchange.Redis;

namespace PatientHub.Gateway.Session;

/// <summary>
/// Sessions in Redis, keys <c>session:*</c>. The cookie holds 256 random bits; Redis holds their hash as the key and the session encrypted under a key derived from
/// them, so that a copy of Redis opens no session and shows no name. <c>session:of:{patient}</c> lists a patient's sessions for SessionsEnded.
/// </summary>
internal sealed class SessionStore(IConnectionMultiplexer redis, TimeProvider time)
{
    private const int IdBytes = 32;

    /// <summary>Begins a session under a fresh id (no session fixation) and returns the cookie's value.</summary>
    public async Task<string> CreateAsync(PatientSession session)
    {
        var id = RandomNumberGenerator.GetBytes(IdBytes);
        var db = redis.GetDatabase();
        await db.StringSetAsync(KeyOf(id), Encrypt(id, session), PatientSession.Idle);
        var list = ListOf(session.PatientId);
        await db.SetAddAsync(list, $"{session.SessionId:N}:{session.StartedAt.ToUnixTimeMilliseconds()}:{HashOf(id)}");
        await db.KeyExpireAsync(list, PatientSession.Absolute + PatientSession.Idle);
        return Base64Url.EncodeToString(id);
    }

    /// <summary>The session behind a cookie, its idle time begun anew: one GETEX. Null when there is none or it is over.</summary>
    public async Task<PatientSession?> ReadAsync(string cookie)
    {
        if (!TryParse(cookie, out var id))
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
        if (TryParse(cookie, out var id))
            await redis.GetDatabase().StringSetAsync(KeyOf(id), Encrypt(id, session), expiry: null, keepTtl: true, when: When.Exists);
    }

    public async Task EndAsync(string cookie)
    {
        if (TryParse(cookie, out var id))
            await redis.GetDatabase().KeyDeleteAsync(KeyOf(id));
    }

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
            await db.SetRemoveAsync(list, member);
        }
        return ended;
    }

    private static bool TryParse(string cookie, out byte[] id)
    {
        id = new byte[IdBytes];
        return cookie.Length == Base64Url.GetEncodedLength(IdBytes) && Base64Url.IsValid(cookie) && Base64Url.TryDecodeFromChars(cookie, id, out var written) && written == IdBytes;
    }

    private static string HashOf(byte[] id) => Base64Url.EncodeToString(SHA256.HashData(id));

    private static RedisKey KeyOf(byte[] id) => "session:" + HashOf(id);

    private static RedisKey ListOf(Guid patientId) => $"session:of:{patientId:N}";

    private static byte[] ContentKey(byte[] id) => HKDF.DeriveKey(HashAlgorithmName.SHA256, id, 32, info: "patienthub session content"u8.ToArray());

    private static byte[] Encrypt(byte[] id, PatientSession session)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(session);
        var sealedBytes = new byte[12 + 16 + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, 12));
        using var aes = new AesGcm(ContentKey(id), 16);
        aes.Encrypt(sealedBytes.AsSpan(0, 12), plain, sealedBytes.AsSpan(28), sealedBytes.AsSpan(12, 16));
        return sealedBytes;
    }

    private static PatientSession? Decrypt(byte[] id, byte[] sealedBytes)
    {
        if (sealedBytes.Length < 28)
            return null;
        var plain = new byte[sealedBytes.Length - 28];
        using var aes = new AesGcm(ContentKey(id), 16);
        try
        {
            aes.Decrypt(sealedBytes.AsSpan(0, 12), sealedBytes.AsSpan(28), sealedBytes.AsSpan(12, 16), plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null; // Whoever wrote this value did not have the cookie: no session.
        }
        return JsonSerializer.Deserialize<PatientSession>(plain);
    }
}
