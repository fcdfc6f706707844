using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Workers;

/// <summary>A29: a letter that is due and cannot go is seen by people. Apart from <see cref="PostRun"/>, which may be busy with a backlog, or wait for a print, for just that reason.</summary>
internal sealed partial class OverduePost(IServiceScopeFactory scopes, DueDeadlines deadlines, DatabaseClock clock, IOptions<BatchOptions> options, IMeterFactory meters, ILogger<OverduePost> logger)
{
    private readonly Counter<long> _alarmed = meters.Create("PatientHub.PostalFallback").CreateCounter<long>("patienthub.letters.overdue", "{letter}", "Letters due for longer than the alarm time that could not go");

    /// <summary>Raises a task and an alarm for each letter that has been due for longer than <see cref="BatchOptions.AlarmAfter"/>, once.</summary>
    public async Task AlarmAsync(CancellationToken cancellationToken)
    {
        var now = await clock.UtcNowAsync(cancellationToken);
        var dueBefore = options.Value.AtOnce ? now - options.Value.AlarmAfter : LastSafePosting.LatestCutOff(now - options.Value.AlarmAfter);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var late = await deadlines.AlarmAsync((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction(), dueBefore, now, DailyCap.NextDay(now), cancellationToken);
        foreach (var (deadlineId, patientId, appointmentId, letterId) in late)
            outbox.Add(new RaiseTask
            {
                TaskId = TaskIds.For(deadlineId, TaskCodes.Undeliverable),
                Code = TaskCodes.Undeliverable,
                Alarmed = true,
                PatientId = patientId,
                AppointmentId = appointmentId,
                LetterId = letterId,
                Note = letterId is null ? "The post is due and there is no letter yet: check the clinic's letters." : "The post is due and the letter could not be printed: check that Letters and Identity are up and that the patient's record is there.",
                OccurredAt = now,
            });
        if (late.Count == 0)
            return;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        _alarmed.Add(late.Count);
        Log.Overdue(logger, late.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Count} letters are overdue and could not be posted; tasks were raised")]
        public static partial void Overdue(ILogger logger, int count);
    }
}
