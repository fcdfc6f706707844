using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Identity.Features.Intake;

/// <summary>A34: what counts as an unusual mass change of contacts. Both must be exceeded within an hour.</summary>
public sealed class MassChangeOptions
{
    public const string Section = "MassChange";

    /// <summary>Known records that one source may give other contacts within an hour, whatever their share.</summary>
    [Range(1, 10_000_000)]
    public int MostAnHour { get; init; } = 500;

    /// <summary>Share of all records of that source, in per cent.</summary>
    [Range(0, 100)]
    public double MostPercentAnHour { get; init; } = 2;
}

/// <summary>
/// Who can write a mobile number can sign in as anyone (A34): a client that changes unusually many contacts is stopped and people are alarmed. Only changes of contacts are refused;
/// deaths and restrictions still come through. A supervisor lets it in again, and then the count begins anew.
/// </summary>
public sealed partial class MassChangeStop(IdentityDbContext db, IOutbox outbox, IOptions<MassChangeOptions> options, ILogger<MassChangeStop> logger)
{
    public Task<bool> StandsAsync(string sourceSystem, CancellationToken ct) => db.FeedStops.AnyAsync(s => s.SourceSystem == sourceSystem, ct);

    /// <summary>Counts one more record. True when it is one too many: the stop is in the caller's transaction.</summary>
    public async Task<bool> CountAsync(string sourceSystem, DateTimeOffset now, CancellationToken ct)
    {
        var minute = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        await db.Database.ExecuteSqlAsync($"insert into contact_changes as c (source_system, minute, count) values ({sourceSystem}, {minute}, 1) on conflict (source_system, minute) do update set count = c.count + 1", ct);
        var since = now.AddHours(-1);
        var count = await db.ContactChanges.Where(c => c.SourceSystem == sourceSystem && c.Minute > since).SumAsync(c => c.Count, ct);
        if (count <= options.Value.MostAnHour) return false;
        if (count <= options.Value.MostPercentAnHour / 100 * await db.Patients.CountAsync(p => p.SourceSystem == sourceSystem, ct)) return false;

        var taskId = TaskIds.ForContent($"feed-stop:{sourceSystem}:{now:O}");
        db.FeedStops.Add(new FeedStop { SourceSystem = sourceSystem, StoppedAt = now, Changes = count, TaskId = taskId });
        outbox.Add(new RaiseTask
        {
            TaskId = taskId,
            Code = TaskCodes.RecordConflict,
            Alarmed = true,
            Note = "The hospital system has changed the contacts of unusually many patients within an hour. Further changes are refused. Find out whether that was meant; a supervisor can let them in at the desk.",
            OccurredAt = now,
        });
        Log.Stopped(logger, sourceSystem, count);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Alarm: {SourceSystem} changed the contacts of {Count} patients within an hour. Further changes are refused until a supervisor lets them in.")]
        public static partial void Stopped(ILogger logger, string sourceSystem, int count);
    }
}
