using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// One message per patient and window (<see cref="Digest"/>).
/// <list type="number">
/// <item>With what was claimed goes everything else that is due to the same patients, held or not: whoever goes now takes the waiting ones along.</item>
/// <item>The patients are locked until the intents are committed, so that two sweeps cannot both be "the first".</item>
/// <item>When was the patient last written to? Only within the window it matters.</item>
/// </list>
/// </summary>
internal sealed class Gathering(IOptions<DigestOptions> digest, IOptions<LadderOptions> ladder, IOptions<QuietHoursOptions> quietHours)
{
    private readonly TimeSpan _window = Digest.Window(digest.Value, ladder.Value);

    /// <summary>Step 1. Another sweep may have claimed these as well; the second to come finds them gone.</summary>
    public async Task<IReadOnlyList<JourneyStep>> WithSiblingsAsync(NotificationsDbContext db, IReadOnlyList<JourneyStep> claimed, DateTimeOffset now, CancellationToken ct)
    {
        if (_window <= TimeSpan.Zero || Patients(claimed) is not { Length: > 0 } patients) return claimed;
        var ids = claimed.Select(s => s.Id).ToArray();
        var siblings = await db.Steps.FromSqlRaw("""
            select * from journey_step
            where state = 'Open' and patient_id = any({0}) and due_at <= {1} and kind in ('Invitation', 'AppointmentReminder', 'Posted') and id <> all({2})
            """, patients, now, ids).AsNoTracking().ToListAsync(ct);
        return [.. claimed, .. siblings];
    }

    /// <summary>Step 2. The consumers' lock, taken before any row's as they do.</summary>
    public Task LockAsync(NotificationsDbContext db, IReadOnlyList<JourneyStep> steps, CancellationToken ct) =>
        _window > TimeSpan.Zero && Patients(steps) is { Length: > 0 } patients ? db.LockPatientsAsync(patients, ct) : Task.CompletedTask;

    /// <summary>Step 3. The patients' last messages within the window, by what they told of; what is about to be tried again is none.</summary>
    public async Task<IReadOnlyDictionary<(Guid PatientId, DigestKind Kind), DateTimeOffset>> LastAsync(NotificationsDbContext db, IReadOnlyList<JourneyStep> steps, DateTimeOffset now, CancellationToken ct)
    {
        if (_window <= TimeSpan.Zero || Patients(steps) is not { Length: > 0 } patients) return new Dictionary<(Guid, DigestKind), DateTimeOffset>();
        var since = now - _window;
        var told = await (
            from message in db.Messages
            join link in db.MessageSteps on message.Id equals link.MessageId
            join step in db.Steps on link.StepId equals step.Id
            where patients.Contains(message.PatientId) && message.CreatedAt > since && message.Status != MessageStatus.Failed && step.State != StepState.Open
                && (step.Kind == JourneyKind.Invitation || step.Kind == JourneyKind.AppointmentReminder || step.Kind == JourneyKind.Posted)
            select new { message.PatientId, step.Kind, message.CreatedAt }).ToListAsync(ct);
        return told.GroupBy(t => (t.PatientId, Digest.KindOf(t.Kind)!.Value)).ToDictionary(same => same.Key, same => same.Max(t => t.CreatedAt));
    }

    /// <summary>Until when all of the group wait, or null: one of them goes now, and takes the others along.</summary>
    public DateTimeOffset? HoldUntil(IReadOnlyList<GatheredStep> group, IReadOnlyDictionary<(Guid, DigestKind), DateTimeOffset> last, Look look, DateTimeOffset now)
    {
        if (Digest.KindOf(group[0].Step) is not { } kind || !last.TryGetValue((group[0].Step.PatientId, kind), out var lastAt)) return null;
        var quiet = quietHours.Value.ToQuietHours();
        DateTimeOffset? until = null;
        foreach (var (step, failed) in group)
        {
            if (Digest.HoldUntil(step, look.Start(step), lastAt, _window, quiet, failed.Count > 0, now) is not { } hold) return null;
            until = hold;
        }

        return until;
    }

    private static Guid[] Patients(IEnumerable<JourneyStep> steps) => [.. steps.Where(s => Digest.KindOf(s) is not null).Select(s => s.PatientId).Distinct()];
}

/// <param name="Failed">Channels on which it has failed.</param>
internal sealed record GatheredStep(JourneyStep Step, IReadOnlyCollection<Channel> Failed);
