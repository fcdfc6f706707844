using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Letters.Features;

/// <summary>
/// Takes an appointment's newest state in and brings its letters in line with it. Every appointment event carries the whole state, so one rule serves all of them:
/// <list type="number">
/// <item>An older or equal version changes nothing.</item>
/// <item>Cancelled or entered in error: every letter of it is withdrawn. Who was promised one is told of the cancellation by a letter, too (A23).</item>
/// <item>A raised revision (A15): our letter is hidden and due to be made again; the PAS's letters of the time before are withdrawn, those that came after it belong to the new revision.</item>
/// <item>No letter for the revision: the template letter is due now, or after the wait for the PAS's.</item>
/// </list>
/// The letter itself is made by <see cref="Workers.TemplateLetterWorker"/>: it has to ask Appointments, and no HTTP call is made inside a transaction.
/// </summary>
public sealed class ApplyAppointment(LettersDbContext db, LetterIssue issue, Notices notices, DatabaseClock clock, IOptions<LettersOptions> options)
{
    public Task HandleAsync(AppointmentState state, DateTimeOffset occurredAt, CancellationToken ct) => HandleAsync([(state, occurredAt)], ct);

    /// <summary>Takes many in, read and written together; of one appointment only the newest, as if it had been first.</summary>
    public async Task HandleAsync(IReadOnlyList<(AppointmentState State, DateTimeOffset OccurredAt)> news, CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        Guid[] ids = [.. news.Select(one => one.State.AppointmentId).Distinct()];
        await db.LockAsync(ids, ct);
        var copies = await db.Appointments.Where(a => ids.Contains(a.AppointmentId)).ToDictionaryAsync(a => a.AppointmentId, ct);
        var survivors = await db.SurvivorsOfAsync([.. news.Select(one => one.State.PatientId).Distinct()], ct);
        var lettersOf = (await db.Letters.Where(l => l.AppointmentId != null && ids.Contains(l.AppointmentId.Value)).ToListAsync(ct)).ToLookup(l => l.AppointmentId);
        Guid[] letterIds = [.. lettersOf.SelectMany(same => same).Select(l => l.LetterId)];
        var versions = (letterIds.Length == 0 ? [] : await db.Versions.Where(v => letterIds.Contains(v.LetterId)).ToListAsync(ct)).ToLookup(v => v.LetterId);
        foreach (var (state, occurredAt) in news.GroupBy(one => one.State.AppointmentId, (_, same) => same.MaxBy(one => one.State.Version)))
        {
            var copy = copies.GetValueOrDefault(state.AppointmentId);
            if (copy is not null && copy.Version >= state.Version) continue;   // Step 1
            var isNew = copy is null;
            if (copy is null) db.Appointments.Add(copy = AppointmentCopy.Of(state));
            else copy.Apply(state);
            copy.PatientId = survivors.GetValueOrDefault(state.PatientId, state.PatientId);

            var letters = lettersOf[state.AppointmentId].ToList();
            // A30: after a merge that was taken back, the letters go back with their appointment.
            foreach (var letter in letters) letter.PatientId = copy.PatientId;
            if (!isNew) await notices.TakeBackAsync(copy, now, ct);
            copy.LetterDueAt = null;
            if (state.PasStatus is PasStatus.Cancelled or PasStatus.EnteredInError)   // Step 2
            {
                Withdraw(letters, versions, occurredAt, now);
                if (state.PasStatus == PasStatus.Cancelled && copy.ClinicMode != ClinicMode.Hidden && copy.Start > now && IsPromised(letters, versions))
                    await notices.WantAsync(NoticeKind.Cancelled, copy, copy.AppointmentId, copy.Revision, now, copy.LetterSource == LetterSource.Pas ? now + options.Value.PasLetterWait : now, ct);
            }
            else await AlignAsync(copy, isNew, letters, versions, now, ct);
        }

        await db.SaveChangesAsync(ct);
    }

    private void Withdraw(List<Letter> letters, ILookup<Guid, LetterVersion> versions, DateTimeOffset occurredAt, DateTimeOffset now)
    {
        foreach (var letter in letters)
        {
            var current = Current(letter, versions);
            // What the PAS wrote after the cancellation is about the cancellation.
            if (letter.Origin == LetterSource.Pas && current?.CreatedAt > occurredAt) continue;
            issue.Withdraw(letter, current, now);
        }
    }

    private async Task AlignAsync(AppointmentCopy copy, bool isNew, List<Letter> letters, ILookup<Guid, LetterVersion> versions, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var letter in letters) letter.ShownUntil = TwentyFourMonths.LastDay(LondonTime.DateOf(copy.Start));

        var hasPasLetter = false;
        // The appointment's own letter first: only one can be it, the others stand alone.
        foreach (var (letter, current) in letters.Where(l => l.Origin == LetterSource.Pas && l.Status == LetterStatus.Current)
            .Select(l => (l, Current(l, versions)!)).OrderBy(l => l.Item2.AppointmentId is null).ThenBy(l => l.Item2.CreatedAt))
            hasPasLetter |= await AlignPasLetterAsync(copy, isNew, letter, current, hasPasLetter || copy.LetterSource == LetterSource.Template, now, ct);

        var ours = letters.SingleOrDefault(l => l.Origin == LetterSource.Template);
        var ourVersion = ours is null ? null : Current(ours, versions);
        if (ours is { Status: LetterStatus.Current } && ourVersion!.Revision < copy.Revision)
        {
            ours.Status = LetterStatus.Replacing;   // Step 3: nobody reads the old time, not even for the second until the new letter is made
            ourVersion.EndedAt = now;
        }

        // R1: switching a mode never drops a letter already promised: whoever was promised one is told of the change, too.
        var wanted = copy.PasStatus == PasStatus.Booked && copy.Start > now && (copy.Invites || IsPromised(letters, versions));
        var upToDate = hasPasLetter || ours is { Status: LetterStatus.Current };
        if (wanted && !upToDate)   // Step 4
            copy.LetterDueAt = copy.LetterSource == LetterSource.Template ? now : copy.BookedAt + options.Value.PasLetterWait;
    }

    /// <summary>True when this is the appointment's own letter for its current revision.</summary>
    private async Task<bool> AlignPasLetterAsync(AppointmentCopy copy, bool isNew, Letter letter, LetterVersion current, bool hasOther, DateTimeOffset now, CancellationToken ct)
    {
        var ladder = LadderRule.Applies(current.LetterDate, LondonTime.DateOf(now), options.Value.LadderDays, copy);
        if (current.AnnouncedAt is null)
        {
            // It came before its appointment, or before the event of a move. One that was there before the move speaks of the old time.
            var alone = hasOther || (!isNew && current.CreatedAt < copy.BookedAt);
            current.Ladder = ladder;
            issue.Announce(letter, current, alone ? null : copy, now);
            return !alone;
        }

        if (current.AppointmentId is null) return false;   // stands alone, and stays
        if (current.Revision == copy.Revision) return true;
        if (current.CreatedAt < copy.BookedAt)
        {
            issue.Withdraw(letter, current, now);
            return false;
        }

        // Taken in after the change was, only the event was slower: it is the new revision's letter.
        await issue.RepeatAsync(letter, current, copy, ladder, now, ct);
        return true;
    }

    private static bool IsPromised(List<Letter> letters, ILookup<Guid, LetterVersion> versions) => letters.Exists(letter => versions[letter.LetterId].Any(v => v.Ladder && v.AnnouncedAt is not null));

    private static LetterVersion? Current(Letter letter, ILookup<Guid, LetterVersion> versions) =>
        versions[letter.LetterId].SingleOrDefault(v => v.Version == letter.CurrentVersion);
}
