using System.Globalization;
using Npgsql;

namespace PatientHub.Proving.Rig;

/// <summary>
/// The time of the whole hub, moved forward while it runs: the clocks of all its processes and the database's, from which promises are counted. In each database <c>now()</c> is shadowed by a function
/// in a schema that is searched first, so the server itself, which others may share, keeps its clock. Needs <see cref="Processes"/> as <see cref="HubOptions.ShiftableClocks"/>.
/// </summary>
public sealed class HubClock(HubUnderTest hub)
{
    private static readonly string[] Databases = ["identitydb", "appointmentsdb", "lettersdb", "notificationsdb", "postaldb"];

    private bool _prepared;

    /// <summary>Everybody who looks at a clock; the outside world too: its signed reports would be too old.</summary>
    public static IReadOnlyList<string> Processes { get; } = ["identity", "appointments", "letters", "notifications", "postal", "gateway", "simulators"];

    public TimeSpan Offset { get; private set; }

    public DateTimeOffset Now => DateTimeOffset.UtcNow + Offset;

    /// <summary>It is that instant now, and time goes on from there. Forward only.</summary>
    public async Task BecomesAsync(DateTimeOffset instant)
    {
        if (instant < Now)
            throw new ArgumentOutOfRangeException(nameof(instant), $"It is {Now:O} already.");
        Offset = instant - DateTimeOffset.UtcNow;
        foreach (var database in Databases)
        {
            await SqlAsync(database, _prepared ? "" : Preparation);
            await SqlAsync(database, string.Create(CultureInfo.InvariantCulture, $"update proving_clock.shift set by = make_interval(secs => {Offset.TotalSeconds})"));
        }

        if (!_prepared)
        {
            // Sessions that are open search as they did.
            foreach (var database in Databases)
                await SqlAsync(database, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            _prepared = true;
        }

        foreach (var process in Processes)
            hub.Clocks[process].Shift(Offset);
        await Task.Delay(ShiftableClock.FeltWithin);
    }

    private const string Preparation = """
        create schema proving_clock;
        create table proving_clock.shift (by interval not null);
        insert into proving_clock.shift values ('0');
        create function proving_clock.now() returns timestamptz language sql stable as 'select pg_catalog.now() + by from proving_clock.shift';
        create function proving_clock.clock_timestamp() returns timestamptz language sql volatile as 'select pg_catalog.clock_timestamp() + by from proving_clock.shift';
        grant usage on schema proving_clock to public;
        grant select on proving_clock.shift to public;
        do $$ begin execute format('alter database %I set search_path = proving_clock, pg_catalog, "$user", public', current_database()); end $$;
        """;

    private async Task SqlAsync(string database, string sql)
    {
        if (sql.Length == 0)
            return;
        await using var connection = new NpgsqlConnection(hub.ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
