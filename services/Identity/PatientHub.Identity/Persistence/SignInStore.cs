using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PatientHub.Identity.Domain;
using PatientHub.Messaging;
using StackExchange.Redis;

namespace PatientHub.Identity.Persistence;

/// <summary>Where an attempt stands.</summary>
public enum AttemptPhase
{
    Code,
    Uvc,
}

/// <summary>An attempt as Redis holds it: sealed details, and what has been proven.</summary>
public sealed record StoredAttempt(byte[] Details, AttemptPhase Phase, byte[]? Proven);

/// <summary>One code to store: its keyed hash, and the sealed list of records that it opens.</summary>
public sealed record StoredCode(byte[] Hash, byte[] Opens);

/// <summary>What became of one try.</summary>
public enum TryOutcome
{
    /// <summary>Expired, used, replaced, burnt or never there.</summary>
    Dead,
    Right,
    Wrong,
    /// <summary>The fifth wrong one: the code is gone.</summary>
    Burnt,
}

/// <summary>The result of <see cref="SignInStore.TryCodeAsync"/>.</summary>
public sealed record CodeTry(TryOutcome Outcome, bool Real, byte[]? Opens);

/// <summary>
/// Signing in's short-lived state in Redis: attempts (15 minutes), codes (R15: EX 150, a constant), sealed pick-up copies, one-time grants. Nothing here survives a
/// FLUSHALL, and nothing has to: without its key there is no code, so nobody gets in (fail closed). Every step that decides is one Lua script.
/// Keys are made from hashes of the ids, so a dump of Redis opens nothing.
/// </summary>
public sealed class SignInStore(IConnectionMultiplexer redis)
{
    private const string PutCodesScript = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
        redis.call('DEL', KEYS[2])
        redis.call('HSET', KEYS[2], 'n', ARGV[2], 'real', ARGV[3], 'tries', 0)
        for i = 1, tonumber(ARGV[2]) do
            redis.call('HSET', KEYS[2], 'hash' .. i, ARGV[2 + 2 * i], 'opens' .. i, ARGV[3 + 2 * i])
        end
        redis.call('EXPIRE', KEYS[2], ARGV[1])
        return 1
        """;

    // Compare, count and delete in one step: of two right tries at once exactly one finds the key. The comparison is between HMACs under a key that Redis does not
    // have, all of them every time, so its timing tells nothing about the code.
    private const string TryCodeScript = """
        local n = tonumber(redis.call('HGET', KEYS[1], 'n'))
        if not n then return {0} end
        local real = redis.call('HGET', KEYS[1], 'real')
        local hit = 0
        for i = 1, n do
            if redis.call('HGET', KEYS[1], 'hash' .. i) == ARGV[1] then hit = i end
        end
        if hit > 0 then
            local opens = redis.call('HGET', KEYS[1], 'opens' .. hit)
            redis.call('DEL', KEYS[1])
            return {1, real, opens}
        end
        if redis.call('HINCRBY', KEYS[1], 'tries', 1) >= tonumber(ARGV[2]) then
            redis.call('DEL', KEYS[1])
            return {3, real}
        end
        return {2, real}
        """;

    // A12: three new codes at once, then 60 s before each further one.
    private const string ClaimNewCodeScript = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
        local now = tonumber(ARGV[1])
        local wait = tonumber(redis.call('HGET', KEYS[1], 'wait') or '0')
        if wait > now then return wait end
        if redis.call('HINCRBY', KEYS[1], 'new', 1) >= tonumber(ARGV[2]) then
            redis.call('HSET', KEYS[1], 'wait', now + tonumber(ARGV[3]))
        end
        return 0
        """;

    private const string ProveScript = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
        redis.call('HSET', KEYS[1], 'phase', 'uvc', 'proven', ARGV[1], 'uvctries', 0)
        return 1
        """;

    // The try is counted before it is compared, so that parallel tries cannot share a count.
    private const string ClaimUvcTryScript = """
        if redis.call('HGET', KEYS[1], 'phase') ~= 'uvc' then return -1 end
        return redis.call('HINCRBY', KEYS[1], 'uvctries', 1)
        """;

    private IDatabase Db => redis.GetDatabase();

    public static string NewId() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Stores an attempt for its 15 minutes.</summary>
    public async Task PutAttemptAsync(string attemptId, byte[] details)
    {
        var transaction = Db.CreateTransaction();
        var key = AttemptKey(attemptId);
        var stored = transaction.HashSetAsync(key, [new("details", details), new("phase", "code")]);
        var expires = transaction.KeyExpireAsync(key, GuessLimits.AttemptLife);
        await transaction.ExecuteAsync();
        await Task.WhenAll(stored, expires);
    }

    public async Task<StoredAttempt?> AttemptAsync(string attemptId)
    {
        var values = await Db.HashGetAsync(AttemptKey(attemptId), ["details", "phase", "proven"]);
        return values[0].IsNull ? null : new StoredAttempt(values[0]!, values[1] == "uvc" ? AttemptPhase.Uvc : AttemptPhase.Code, values[2]);
    }

    /// <summary>Replaces the attempt's codes; older ones are dead from here on. False when the attempt has ended meanwhile.</summary>
    public async Task<bool> PutCodesAsync(string attemptId, bool real, IReadOnlyList<StoredCode> codes)
    {
        List<RedisValue> arguments = [(int)GuessLimits.CodeLife.TotalSeconds, codes.Count, real ? 1 : 0];
        foreach (var code in codes)
            arguments.AddRange([code.Hash, code.Opens]);
        return (int)await Db.ScriptEvaluateAsync(PutCodesScript, [AttemptKey(attemptId), CodesKey(attemptId)], [.. arguments]) == 1;
    }

    public async Task<CodeTry> TryCodeAsync(string attemptId, byte[] hash)
    {
#if DEBUG
        if (Sabotage.CodeCheckIsInTwoSteps) return await TryCodeInTwoStepsAsync(attemptId, hash);
#endif
        var result = (RedisResult[])(await Db.ScriptEvaluateAsync(TryCodeScript, [CodesKey(attemptId)], [hash, GuessLimits.TriesPerCode]))!;
        var outcome = (int)result[0] switch { 1 => TryOutcome.Right, 2 => TryOutcome.Wrong, 3 => TryOutcome.Burnt, _ => TryOutcome.Dead };
        return new CodeTry(outcome, result.Length > 1 && (int)result[1] == 1, result.Length > 2 ? (byte[]?)result[2] : null);
    }

#if DEBUG
    // What the script above is for: between reading and deleting there is room for everybody who tries at the same moment. Only the proving ground comes here (Sabotage).
    private async Task<CodeTry> TryCodeInTwoStepsAsync(string attemptId, byte[] hash)
    {
        var key = CodesKey(attemptId);
        var fields = (await Db.HashGetAllAsync(key)).ToDictionary(field => (string)field.Name!, field => field.Value);
        if (!fields.TryGetValue("n", out var count)) return new CodeTry(TryOutcome.Dead, false, null);
        var real = fields["real"] == 1;
        var hit = Enumerable.Range(1, (int)count).FirstOrDefault(i => ((byte[])fields[$"hash{i}"]!).AsSpan().SequenceEqual(hash));
        await Task.Delay(TimeSpan.FromMilliseconds(50));
        if (hit > 0)
        {
            await Db.KeyDeleteAsync(key);
            return new CodeTry(TryOutcome.Right, real, fields[$"opens{hit}"]);
        }

        var tries = (int)fields["tries"] + 1;
        if (tries >= GuessLimits.TriesPerCode) await Db.KeyDeleteAsync(key);
        else await Db.HashSetAsync(key, "tries", tries);
        return new CodeTry(tries >= GuessLimits.TriesPerCode ? TryOutcome.Burnt : TryOutcome.Wrong, real, null);
    }
#endif

    /// <summary>Counts a new code of this sign-in. Null when the attempt has ended; else the instant to wait for, or the past.</summary>
    public async Task<DateTimeOffset?> ClaimNewCodeAsync(string attemptId, DateTimeOffset now)
    {
        var result = (long)await Db.ScriptEvaluateAsync(ClaimNewCodeScript, [AttemptKey(attemptId)],
            [now.ToUnixTimeMilliseconds(), GuessLimits.NewCodesAtOnce, (long)GuessLimits.NewCodeWait.TotalMilliseconds]);
        return result < 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(result);
    }

    /// <summary>A code was proven and several records remain: the UVC decides.</summary>
    public async Task<bool> ProveAsync(string attemptId, byte[] proven) =>
        (int)await Db.ScriptEvaluateAsync(ProveScript, [AttemptKey(attemptId)], [proven]) == 1;

    /// <summary>Number of this UVC try, from 1; null when no UVC is asked for.</summary>
    public async Task<int?> ClaimUvcTryAsync(string attemptId)
    {
        var number = (int)await Db.ScriptEvaluateAsync(ClaimUvcTryScript, [AttemptKey(attemptId)], []);
        return number < 0 ? null : number;
    }

    /// <summary>Ends the attempt with its codes; true for the one caller that did it.</summary>
    public async Task<bool> EndAttemptAsync(string attemptId)
    {
        var codes = Db.KeyDeleteAsync(CodesKey(attemptId));
        var attempt = Db.KeyDeleteAsync(AttemptKey(attemptId));
        await codes;
        return await attempt;
    }

    /// <summary>The sealed copy that Notifications picks up once, under the code's own 150 seconds.</summary>
    public Task PutPickUpAsync(Guid codeId, byte[] blob) => Db.StringSetAsync(PickUpKey(codeId), blob, GuessLimits.CodeLife);

    public async Task<byte[]?> TakePickUpAsync(Guid codeId) => await Db.StringGetDeleteAsync(PickUpKey(codeId));

    /// <summary>A one-time handle for the token endpoint; 60 seconds.</summary>
    public async Task<string> PutGrantAsync(Guid patientId)
    {
        var grant = NewId();
        await Db.StringSetAsync(GrantKey(grant), patientId.ToString("N"), TimeSpan.FromSeconds(60));
        return grant;
    }

    public async Task<Guid?> TakeGrantAsync(string grant) =>
        Guid.TryParseExact(await Db.StringGetDeleteAsync(GrantKey(grant)), "N", out var patientId) ? patientId : null;

    // Both keys of an attempt share the hash tag, so that a Redis cluster keeps them together for the scripts.
    private static RedisKey AttemptKey(string attemptId) => string.Create(CultureInfo.InvariantCulture, $"identity:attempt:{{{Digest(attemptId)}}}");

    private static RedisKey CodesKey(string attemptId) => string.Create(CultureInfo.InvariantCulture, $"identity:codes:{{{Digest(attemptId)}}}");

    private static RedisKey PickUpKey(Guid codeId) => $"identity:pickup:{codeId:N}";

    private static RedisKey GrantKey(string grant) => "identity:grant:" + Digest(grant);

    private static string Digest(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
