using Microsoft.EntityFrameworkCore;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// Finds out what became of attempts whose answer never came (time-out, 5xx, crash between send and record), before anything is repeated.
/// A text: Twilio is asked for the texts to that number, and ours is recognised by its fingerprint; not there means not taken. Two invitations of one patient have the same
/// words (A25), and Twilio does not list our id: a text that another attempt has for its own is not ours, and while another one's answer is still to come nobody can tell. An email: SendGrid cannot be asked, so
/// a callback has some minutes; without one the other channel goes, and without another channel the letter: in doubt, paper.
/// </summary>
internal sealed partial class UnclearAttempts(IServiceScopeFactory scopes, DatabaseClock clock, ITextProvider texts, AttemptRecorder recorder, ILogger<UnclearAttempts> log)
{
    private const int PerRound = 50;
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    // The provider is asked for texts since a minute before the attempt; an attempt may be recorded long before its text leaves.
    private static readonly TimeSpan AskedBack = TimeSpan.FromHours(1);

    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var attempts = await db.Attempts.FromSqlRaw("""
            update attempt a set check_at = {1} from (
                select id from attempt where check_at <= {0} order by check_at limit {2} for update skip locked) due
            where a.id = due.id returning a.*
            """, now, now + AskAgainAfter, PerRound).AsNoTracking().ToListAsync(ct);
        if (attempts.Count == 0) return 0;

        var messageIds = attempts.Select(a => a.MessageId!.Value).ToArray();
        var patients = await db.Messages.Where(m => messageIds.Contains(m.Id)).ToDictionaryAsync(m => m.Id, m => m.PatientId, ct);
        var contacts = (await scope.ServiceProvider.GetRequiredService<IdentityContacts>().GetAsync([.. patients.Values.Distinct()], ct)).ToDictionary(c => c.PatientId);

        var near = await NearAsync(db, attempts, [.. patients.Values.Distinct()], ct);
        var outcomes = new List<AttemptOutcome>();
        var owned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var attempt in attempts)
        {
            if (attempt.Channel == Channel.Email)
            {
                outcomes.Add(new AttemptOutcome(attempt.Id, AttemptState.Failed) { ErrorCode = "unclear", ForGood = true });
                continue;
            }

            var patient = patients[attempt.MessageId!.Value];
            var twins = near[patient].Where(other => other.Id != attempt.Id && other.Fingerprint.AsSpan().SequenceEqual(attempt.Fingerprint)).ToList();
            // Asked again in a minute.
            if (twins.Any(twin => twin.State == AttemptState.Intent && twin.CheckAt > now && !attempts.Exists(asked => asked.Id == twin.Id))) continue;
            owned.UnionWith(twins.Select(twin => twin.ProviderId).OfType<string>());
            outcomes.Add(await AskAsync(attempt, contacts.GetValueOrDefault(patient)?.Mobile, owned, twins.Count(twin => twin is { ProviderId: null, State: > AttemptState.Unclear and < AttemptState.NotAccepted }), ct));
        }

        // Another replica may have asked in the same second, for a twin: the text that both found is recorded for one of them, and the other one's attempt is asked for again.
        await recorder.RecordAsync(outcomes, ct);
        Log.ClearedUp(log, outcomes.Count, outcomes.Count(o => o.State == AttemptState.NotAccepted));
        return attempts.Count;
    }

    /// <summary>All attempts to text these patients about that time: those with the same words are twins.</summary>
    private static async Task<ILookup<Guid, Attempt>> NearAsync(NotificationsDbContext db, IReadOnlyCollection<Attempt> asked, Guid[] patientIds, CancellationToken ct)
    {
        var since = asked.Min(attempt => attempt.CreatedAt) - AskedBack;
        var near = await (from other in db.Attempts.AsNoTracking()
                          join message in db.Messages on other.MessageId equals message.Id
                          where patientIds.Contains(message.PatientId) && other.Channel == Channel.Sms && other.CreatedAt >= since
                          select new { message.PatientId, Attempt = other }).ToListAsync(ct);
        return near.ToLookup(one => one.PatientId, one => one.Attempt);
    }

    /// <param name="attempt">Whose fate is wanted.</param>
    /// <param name="mobile">The patient's.</param>
    /// <param name="owned">Texts that other attempts have; a text that is found to be this one's is added.</param>
    /// <param name="unnamed">How many more texts belong to attempts that were taken and do not know which theirs is.</param>
    /// <param name="ct">Gives up.</param>
    private async Task<AttemptOutcome> AskAsync(Attempt attempt, string? mobile, HashSet<string> owned, int unnamed, CancellationToken ct)
    {
        // Another number by now: whatever the old one got, this is another recipient.
        if (mobile is null) return new AttemptOutcome(attempt.Id, AttemptState.NotAccepted) { ErrorCode = "not-found" };

        var taken = await texts.FindAsync(mobile, attempt.CreatedAt - TimeSpan.FromMinutes(1), ct);
        var ours = taken.Where(text => !owned.Contains(text.ProviderId) && DueSteps.Fingerprint(text.To, text.Body).AsSpan().SequenceEqual(attempt.Fingerprint))
            .OrderBy(text => text.CreatedAt).Skip(unnamed).FirstOrDefault();
        if (ours is null) return new AttemptOutcome(attempt.Id, AttemptState.NotAccepted) { ErrorCode = "not-found", RetryAfter = TimeSpan.Zero };
        owned.Add(ours.ProviderId);
        return TwilioStatus.Outcome(attempt.Id, ours.Status, ours.ErrorCode, ours.ProviderId);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Unclear attempts: {Count} cleared up, {NotTaken} of them not taken by the provider")]
        public static partial void ClearedUp(ILogger logger, int count, int notTaken);
    }
}
