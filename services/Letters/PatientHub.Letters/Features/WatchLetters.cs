using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Letters.Features;

/// <summary>A29: a letter that should be there and is not becomes a person's task within 15 minutes.</summary>
public sealed partial class WatchLetters(LettersDbContext db, LetterIssue issue, IOutbox outbox, DatabaseClock clock, IOptions<LettersOptions> options, ILogger<WatchLetters> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public async Task RunOnceAsync(CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        await AlarmOverdueAsync(now, ct);
        await AlarmOverdueNoticesAsync(now, ct);
        await AnnounceWithoutAppointmentAsync(now, ct);
    }

    private async Task AlarmOverdueAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var late = await db.Appointments.FromSql($"""
            select * from appointment_copy
            where letter_due_at is not null and alarmed_at is null
              and booked_at + (case when letter_source = 'Pas' then {options.Value.PasLetterWait} else interval '0' end) + {Patience} < {now}
            limit 200 for update skip locked
            """).ToListAsync(ct);
        foreach (var copy in late)
        {
            copy.AlarmedAt = now;
            outbox.Add(new RaiseTask
            {
                TaskId = TaskIds.For("letter-overdue", copy.AppointmentId, copy.Revision),
                Code = TaskCodes.Undeliverable,
                Alarmed = true,
                PatientId = copy.PatientId,
                AppointmentId = copy.AppointmentId,
                Note = "The letter for this appointment could not be made yet. The hub goes on trying.",
                OccurredAt = now,
            });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        if (late.Count > 0) Log.Overdue(logger, late.Count);
    }

    private async Task AlarmOverdueNoticesAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var late = await db.Notices.FromSql($"select * from notice where due_at is not null and alarmed_at is null and wanted_at + {Patience} < {now} limit 200 for update skip locked").ToListAsync(ct);
        foreach (var notice in late)
        {
            notice.AlarmedAt = now;
            outbox.Add(new RaiseTask
            {
                TaskId = TaskIds.For(notice.NoticeId, TaskCodes.Undeliverable),
                Code = TaskCodes.Undeliverable,
                Alarmed = true,
                PatientId = notice.PatientId,
                AppointmentId = notice.AppointmentId,
                Note = notice.Kind switch
                {
                    NoticeKind.Cancelled => "The letter that tells the patient of the cancellation could not be made yet. The hub goes on trying.",
                    NoticeKind.NotReached => "The letter that tells the patient that nobody could be reached by phone could not be made yet. The hub goes on trying.",
                    _ => "The letter about messages from 16 on could not be made yet. The hub goes on trying.",
                },
                OccurredAt = now,
            });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        if (late.Count > 0) Log.Overdue(logger, late.Count);
    }

    /// <summary>A second letter of an appointment goes on its own; so does one that names an appointment nobody has heard of, and people are told.</summary>
    private async Task AnnounceWithoutAppointmentAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var waiting = await db.Letters.FromSql($"select * from letter where announce_due_at <= {now} limit 200 for update skip locked").ToListAsync(ct);
        foreach (var letter in waiting)
        {
            var version = await db.Versions.SingleAsync(v => v.LetterId == letter.LetterId && v.Version == letter.CurrentVersion, ct);
            issue.Announce(letter, version, appointment: null, now);
            if (await db.Appointments.AnyAsync(a => a.AppointmentId == letter.AppointmentId, ct)) continue;   // a second letter, not a lost one
            outbox.Add(new RaiseTask
            {
                TaskId = TaskIds.For("letter-without-its-appointment", letter.LetterId),
                Code = TaskCodes.RecordConflict,
                Alarmed = true,
                PatientId = letter.PatientId,
                AppointmentId = letter.AppointmentId,
                LetterId = letter.LetterId,
                Note = "A letter names an appointment that the hospital system has not sent. The letter is shown and posted without it.",
                OccurredAt = now,
            });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Count} letters are overdue (A29).")]
        public static partial void Overdue(ILogger logger, int count);
    }
}
