using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Features;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Workers;

/// <summary>A34: a patient still unknown 15 minutes after an appointment needs him is a task: without him there is no invitation and no letter.</summary>
internal sealed partial class AwaitedPatients(IServiceScopeFactory scopes, SourceIds ids, DatabaseClock clock, ILogger<AwaitedPatients> logger)
{
    public const int Batch = 200;

    /// <summary>One batch; true when there may be more.</summary>
    public async Task<bool> LookAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppointmentsDbContext>();
        var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var due = await db.AwaitedPatients
            .FromSql($"select * from awaited_patient where due_at <= {now} order by due_at limit {Batch} for update skip locked").ToListAsync(ct);
        foreach (var awaited in due)
        {
            db.Remove(awaited);
            // The patient may have come at the moment the row was written.
            if (await db.KnownPatients.AnyAsync(p => p.PatientId == awaited.PatientId, ct)) continue;
            var task = new DeskTask(ids.For("patienthub", "Task", $"unknown-patient:{awaited.PatientId}"), TaskCodes.UnknownPatient, awaited.PatientId,
                "The PAS sent an appointment, but not its patient. Nothing can be sent or posted.", now)
            {
                Alarmed = true,
                AppointmentId = awaited.AppointmentId,
            };
            if (await DeskTasks.RaiseOnceAsync(db, task, ct)) Log.Unknown(logger, awaited.AppointmentId);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return due.Count == Batch;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Alarm: the patient of appointment {AppointmentId} is still unknown.")]
        public static partial void Unknown(ILogger logger, Guid appointmentId);
    }
}

/// <summary>The thin loop; an outage of the database is waited out.</summary>
internal sealed partial class AwaitedPatientsWorker(AwaitedPatients patients, IOptions<AppointmentsOptions> options, TimeProvider time, ILogger<AwaitedPatientsWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await patients.LookAsync(stoppingToken))
                {
                }
            }
            catch (Exception e) when (e is System.Data.Common.DbException or DbUpdateException or TimeoutException or InvalidOperationException { InnerException: System.Data.Common.DbException })
            {
                Log.NextTime(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not look for unknown patients; looks again at the next tick.")]
        public static partial void NextTime(ILogger logger, Exception exception);
    }
}
