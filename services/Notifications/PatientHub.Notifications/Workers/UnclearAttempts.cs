using Microsoft.EntityFrameworkCore;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// Finds out what became of attempts whose answer never came (time-out, 5xx, crash between send and record), before anything is repeated.
/// A text: Twilio is asked for the texts to that number, and ours is recognised by its fingerprint; not there means not taken. An email: SendGrid cannot be asked, so
/// a callback has some minutes; without one the other channel goes, and without another channel the letter: in doubt, paper.
/// </summary>
internal sealed partial class UnclearAttempts(IServiceScopeFactory scopes, DatabaseClock clock, ITextProvider texts, ILogger<UnclearAttempts> log)
{
    private const int PerRound = 50;
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

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

        var outcomes = new List<AttemptOutcome>();
        foreach (var attempt in attempts)
        {
            outcomes.Add(attempt.Channel == Channel.Email
                ? new AttemptOutcome(attempt.Id, AttemptState.Failed) { ErrorCode = "unclear", ForGood = true }
                : await AskAsync(attempt, contacts.GetValueOrDefault(patients[attempt.MessageId!.Value])?.Mobile, ct));
        }

        await scope.ServiceProvider.GetRequiredService<AttemptBook>().RecordAsync(outcomes, ct);
        Log.ClearedUp(log, outcomes.Count, outcomes.Count(o => o.State == AttemptState.NotAccepted));
        return attempts.Count;
    }

    private async Task<AttemptOutcome> AskAsync(Attempt attempt, string? mobile, CancellationToken ct)
    {
        // Another number by now: whatever the old one got, this is another recipient.
        if (mobile is null) return new AttemptOutcome(attempt.Id, AttemptState.NotAccepted) { ErrorCode = "not-found" };

        var taken = await texts.FindAsync(mobile, attempt.CreatedAt - TimeSpan.FromMinutes(1), ct);
        var ours = taken.FirstOrDefault(text => DueSteps.Fingerprint(text.To, text.Body).AsSpan().SequenceEqual(attempt.Fingerprint));
        return ours is null
            ? new AttemptOutcome(attempt.Id, AttemptState.NotAccepted) { ErrorCode = "not-found", RetryAfter = TimeSpan.Zero }
            : TwilioStatus.Outcome(attempt.Id, ours.Status, ours.ErrorCode, ours.ProviderId);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Unclear attempts: {Count} cleared up, {NotTaken} of them not taken by the provider")]
        public static partial void ClearedUp(ILogger logger, int count, int notTaken);
    }
}
