using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Features;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Letters.Consumers;

/// <summary>
/// A30: a merge was taken back. What was sent under the record's own id is its own again, at once: the other patient must not read it a minute longer. What was sent under the survivor's
/// stays there, and a person looks. A letter without an appointment that was opened or posted only while the records were one was seen by nobody whom it is for: it is announced anew, with
/// a ladder of its own. Letters of appointments go on as their appointments do, which Appointments tells a little later.
/// </summary>
public sealed class PatientUnmergedConsumer(LettersDbContext db, LetterIssue issue, DatabaseClock clock) : IConsumer<PatientUnmerged>
{
    public async Task Consume(ConsumeContext<PatientUnmerged> context)
    {
        var (own, survivor, ct) = (context.Message.PatientId, context.Message.FromPatientId, context.CancellationToken);
        await db.Merges.Where(m => m.FromPatientId == own && m.ToPatientId == survivor).ExecuteDeleteAsync(ct);
        // A newer merge that was heard of before this: the letter follows it.
        var to = await db.SurvivorOfAsync(own, ct);
        var now = await clock.UtcNowAsync(ct);
        var letters = await db.Letters.Where(l => l.MergedFrom == own && l.PatientId == survivor).OrderBy(l => l.LetterId).ToListAsync(ct);
        await db.LockAsync(letters.Select(l => l.AppointmentId ?? l.LetterId), ct);
        foreach (var letter in letters)
        {
            var mergedAt = letter.MergedAt;
            letter.PatientId = to;
            if (to == own) (letter.MergedFrom, letter.MergedAt) = (null, null);
            if (letter is { Status: LetterStatus.Current, Notice: null, CurrentVersion: > 0 }) await AnnounceAgainAsync(letter, mergedAt, now, ct);
        }

        await db.Notices.Where(n => n.SubjectId == own && n.PatientId == survivor && n.DueAt != null).ExecuteUpdateAsync(set => set.SetProperty(n => n.PatientId, to), ct);
        await db.SaveChangesAsync(ct);
    }

    private async Task AnnounceAgainAsync(Letter letter, DateTimeOffset? mergedAt, DateTimeOffset now, CancellationToken ct)
    {
        var current = await db.Versions.SingleAsync(v => v.LetterId == letter.LetterId && v.Version == letter.CurrentVersion, ct);
        if (current is not { AppointmentId: null, Ladder: true, AnnouncedAt: not null }) return;
        if (current.OpenedAt < mergedAt || current.PostedAt < mergedAt) return;
        await issue.RepeatAsync(letter, current, appointment: null, ladder: true, now, ct);
    }
}
