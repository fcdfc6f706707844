using Npgsql;
using PatientHub.Identity.Domain;
using StackExchange.Redis;

namespace PatientHub.Identity.Persistence;

/// <summary>What one start of a sign-in finds: how long to wait, and whether it is the third failure (A33).</summary>
public readonly record struct CounterState(DateTimeOffset? WaitUntil, bool RepeatedlyFailed);

/// <summary>
/// The counters that stop guessing (A12, A26, A33). They are rows in PostgreSQL, one upsert per step, so they outlive Redis; the wait of a pair is cached in Redis and
/// read from its row when the cache has lost it. Times are PostgreSQL's own. Keys are keyed hashes: no row names a person.
/// </summary>
public sealed class GuessCounters(NpgsqlDataSource database, IConnectionMultiplexer redis)
{
    private const string StartSql = """
        insert into sign_in_counter as c (key, wrong_tries, failed_sign_ins, open_since, last_failure_at, wait_until, updated_at)
        values ($1, 0, 0, now(), null, null, now())
        on conflict (key) do update set
            wrong_tries = case when c.updated_at < now() - $2 then 0 else c.wrong_tries end,
            -- A33: the sign-in before this one failed when its code died unused.
            failed_sign_ins = case when c.updated_at < now() - $2 then 0 else c.failed_sign_ins + (coalesce(c.open_since < now() - $3, false))::int end,
            last_failure_at = case when c.open_since < now() - $3 and c.updated_at >= now() - $2 then now() else c.last_failure_at end,
            open_since = case when c.open_since >= now() - $3 then c.open_since else now() end,
            updated_at = now()
        returning case when wait_until > now() then wait_until end, failed_sign_ins > 0 and failed_sign_ins % $4 = 0 and coalesce(last_failure_at = now(), false)
        """;

    private const string WrongTrySql = """
        insert into sign_in_counter as c (key, wrong_tries, failed_sign_ins, open_since, last_failure_at, wait_until, updated_at)
        values ($1, 1, case when $5 then 1 else 0 end, case when $5 then null else now() end, case when $5 then now() end, null, now())
        on conflict (key) do update set
            wrong_tries = case when c.updated_at < now() - $2 then 1 else c.wrong_tries + 1 end,
            -- Every fifth wrong try asks for a wait: 30 s, doubling up to 1 h (GuessLimits.BackOffAfter).
            wait_until = case when c.updated_at >= now() - $2 and (c.wrong_tries + 1) % $3 = 0
                then now() + least($6 * power(2, least((c.wrong_tries + 1) / $3 - 1, 20)), $7) else c.wait_until end,
            failed_sign_ins = case when c.updated_at < now() - $2 then 0 else c.failed_sign_ins end + ($5 and c.open_since is not null)::int,
            last_failure_at = case when $5 and c.open_since is not null then now() else c.last_failure_at end,
            open_since = case when $5 then null else c.open_since end,
            updated_at = now()
        returning case when wait_until > now() then wait_until end, failed_sign_ins > 0 and failed_sign_ins % $4 = 0 and coalesce(last_failure_at = now(), false)
        """;

    // Appends the instant unless a limit is reached: 8 within 10 minutes and 20 within 24 hours hold for every stretch of time, not per clock hour.
    private const string ClaimSql = """
        insert into codes_sent as s (destination, sent_at, updated_at) values ($1, array[now()], now())
        on conflict (destination) do update set
            sent_at = array(select t from unnest(s.sent_at) t where t > now() - interval '24 hours') || now(),
            updated_at = now()
        where (select count(*) from unnest(s.sent_at) t where t > now() - interval '24 hours') < $2
          and (select count(*) from unnest(s.sent_at) t where t > now() - interval '10 minutes') < $3
        returning 1
        """;

    private const string BudgetSql = """
        insert into wrong_try_minute as m (minute, real, decoy) values (date_trunc('minute', now()), $1, $2)
        on conflict (minute) do update set real = m.real + $1, decoy = m.decoy + $2
        """;

    /// <summary>A sign-in of this pair begins.</summary>
    public async Task<CounterState> StartAsync(byte[] pair, CancellationToken ct)
    {
        await using var command = Command(StartSql, pair, GuessLimits.Forgotten, GuessLimits.CodeLife, GuessLimits.FailedSignIns);
        return await ReadAndCacheAsync(pair, command, ct);
    }

    /// <summary>
    /// A wrong code or UVC. <paramref name="failed"/>: it was the last try, so this sign-in failed. <paramref name="real"/>: against a code that was really sent
    /// (the budget of A26 counts only those).
    /// </summary>
    public async Task<CounterState> WrongTryAsync(byte[] pair, bool failed, bool real, CancellationToken ct)
    {
        await using (var budget = Command(BudgetSql, real ? 1 : 0, real ? 0 : 1))
            await budget.ExecuteNonQueryAsync(ct);

        await using var command = Command(
            WrongTrySql, pair, GuessLimits.Forgotten, GuessLimits.TriesPerCode, GuessLimits.FailedSignIns, failed, GuessLimits.FirstBackOff, GuessLimits.LongestBackOff);
        return await ReadAndCacheAsync(pair, command, ct);
    }

    /// <summary>Signed in: the pair begins again without any wrong tries.</summary>
    public async Task SucceededAsync(byte[] pair, CancellationToken ct)
    {
        await using var command = Command("delete from sign_in_counter where key = $1", pair);
        await command.ExecuteNonQueryAsync(ct);
        await redis.GetDatabase().KeyDeleteAsync(WaitKey(pair));
    }

    /// <summary>No new code for this pair before that instant; null for at once. Redis first; when it has forgotten, the row.</summary>
    public async Task<DateTimeOffset?> WaitUntilAsync(byte[] pair, DateTimeOffset now, CancellationToken ct)
    {
        var cached = await redis.GetDatabase().StringGetAsync(WaitKey(pair));
        if (cached.TryParse(out long milliseconds))
            return milliseconds > now.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        await using var command = Command("select wait_until from sign_in_counter where key = $1 and wait_until > now()", pair);
        var wait = await command.ExecuteScalarAsync(ct) is DateTime until ? new DateTimeOffset(until, TimeSpan.Zero) : (DateTimeOffset?)null;
        await CacheAsync(pair, wait);
        return wait;
    }

    /// <summary>A12: true when one more code may go to this destination now; then it is counted.</summary>
    public async Task<bool> ClaimSendAsync(byte[] destination, CancellationToken ct)
    {
        await using var command = Command(ClaimSql, destination, (long)GuessLimits.CodesPerDay, (long)GuessLimits.CodesPerTenMinutes);
        return await command.ExecuteScalarAsync(ct) is not null;
    }

    /// <summary>A26: wrong tries of the last hour against codes really sent.</summary>
    public async Task<int> WrongTriesOfTheHourAsync(CancellationToken ct)
    {
        await using var command = Command("select coalesce(sum(real), 0)::int from wrong_try_minute where minute > now() - interval '1 hour'");
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Removes what no rule looks at any more.</summary>
    public async Task<int> ForgetAsync(CancellationToken ct)
    {
        await using var command = Command("""
            with counters as (delete from sign_in_counter where updated_at < now() - $1 returning 1),
                 sent as (delete from codes_sent where updated_at < now() - $1 returning 1),
                 minutes as (delete from wrong_try_minute where minute < now() - $1 returning 1)
            select ((select count(*) from counters) + (select count(*) from sent) + (select count(*) from minutes))::int
            """, GuessLimits.Forgotten + TimeSpan.FromHours(1));
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private async Task<CounterState> ReadAndCacheAsync(byte[] pair, NpgsqlCommand command, CancellationToken ct)
    {
        DateTimeOffset? wait;
        bool failed;
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            await reader.ReadAsync(ct);
            wait = await reader.IsDBNullAsync(0, ct) ? null : reader.GetFieldValue<DateTimeOffset>(0);
            failed = reader.GetBoolean(1);
        }

        await CacheAsync(pair, wait);
        return new CounterState(wait, failed);
    }

    // "0" means known to be free; it lives shortly, so that a lost write cannot hide a wait for long.
    private Task CacheAsync(byte[] pair, DateTimeOffset? wait) =>
        redis.GetDatabase().StringSetAsync(WaitKey(pair), wait?.ToUnixTimeMilliseconds() ?? 0, TimeSpan.FromMinutes(1));

    private static RedisKey WaitKey(byte[] pair) => "identity:wait:" + Convert.ToHexStringLower(pair);
}
