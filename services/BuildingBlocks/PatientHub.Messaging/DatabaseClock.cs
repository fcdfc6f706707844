using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace PatientHub.Messaging;

/// <summary>
/// The clock of promises (invited, due, posted): PostgreSQL's time plus the setting <c>Clock:Offset</c>, so that a wrong clock on one node sends nothing early
/// (design.md section 5). Everything else uses <see cref="TimeProvider"/>.
/// </summary>
public sealed class DatabaseClock
{
    private readonly NpgsqlDataSource _database;

    /// <summary>Reads and checks the offset.</summary>
    /// <exception cref="InvalidOperationException"><c>Clock:Offset</c> is not a time span, or is not zero outside Development.</exception>
    public DatabaseClock(NpgsqlDataSource database, IConfiguration configuration, IHostEnvironment environment)
    {
        _database = database;
        Offset = configuration.GetValue<TimeSpan?>("Clock:Offset") ?? TimeSpan.Zero;
        if (Offset != TimeSpan.Zero && !environment.IsDevelopment())
        {
            throw new InvalidOperationException("Clock:Offset is allowed in Development only: promises to patients follow the database's own time.");
        }
    }

    /// <summary>What demonstrations and tests add to the database's time; zero outside Development.</summary>
    public TimeSpan Offset { get; }

    /// <summary>The database's present instant (UTC) plus <see cref="Offset"/>. One round trip on a connection of its own, never inside the caller's transaction,
    /// where <c>now()</c> would stand still.</summary>
    /// <param name="ct">Ends the wait for the database.</param>
    public async ValueTask<DateTimeOffset> UtcNowAsync(CancellationToken ct)
    {
        await using var command = _database.CreateCommand("select now()");
        var now = (DateTime)(await command.ExecuteScalarAsync(ct))!;
        return new DateTimeOffset(now, TimeSpan.Zero) + Offset;
    }
}
