using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.Notifications.Templates;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// Sends what is due.
/// <code>
/// 1 claim    open steps whose time has come, SKIP LOCKED, under a lease; with them what else is due to their patients
/// 2 look     Identity, Appointments, Letters: does it still stand, and where does it go?
/// 3 intend   message and attempt rows of those that go out, only while the steps are still open; commit
/// 4 send     with the attempt's id as the reference; no database connection is held meanwhile
/// 5 record   in groups as the answers come
/// </code>
/// A crash before 3 leaves an open step that is claimed again; after 3 an attempt of unknown fate, which is cleared up and never blindly repeated.
/// </summary>
internal sealed partial class DueSteps(
    IServiceScopeFactory scopes, DatabaseClock clock, TimeProvider time, Wording wording, Gathering gathering, ProviderLanes lanes, ITextProvider texts, IEmailProvider emails,
    AttemptRecorder recorder, TextsFromPatients stops, IOptions<SendingOptions> sending, IOptions<QuietHoursOptions> quietHours, IOptionsMonitor<TwilioOptions> twilio, ILogger<DueSteps> log)
{
    /// <summary>One round; returns how many steps were claimed.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        var claimed = await ClaimAsync(now, ct); // Step 1
        if (claimed.Count == 0) return 0;

        await using var scope = scopes.CreateAsyncScope();
        var due = await gathering.WithSiblingsAsync(scope.ServiceProvider.GetRequiredService<NotificationsDbContext>(), claimed, now, ct);
        var look = await scope.ServiceProvider.GetRequiredService<LastLook>().TakeAsync(due, ct); // Step 2
        var outgoing = await IntendAsync(due, look, now, ct); // Step 3
        await SendAsync(outgoing, ct); // Steps 4 and 5
        Log.Round(log, due.Count, outgoing.Count);
        return claimed.Count;
    }

    /// <summary>The lease is in no index, so a claim rewrites none of them wherever in a big table the rows lie; by ctid, so none is searched twice.</summary>
    internal async Task<IReadOnlyList<JourneyStep>> ClaimAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        return await db.Steps.FromSqlRaw("""
            update journey_step s set claimed_until = {1} from (
                select ctid from journey_step where state = 'Open' and next_at <= {0} and (claimed_until is null or claimed_until <= {0})
                order by next_at limit {2} for update skip locked) due
            where s.ctid = due.ctid returning s.*
            """, now, now + sending.Value.Claim, sending.Value.BatchSize).AsNoTracking().ToListAsync(ct);
    }

    private async Task<IReadOnlyList<Outgoing>> IntendAsync(IReadOnlyList<JourneyStep> claimed, Look look, DateTimeOffset now, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await gathering.LockAsync(db, claimed, ct);

        // Whoever stopped a step since the claim has won: opt-out, opened, answered.
        var ids = claimed.Select(s => s.Id).ToArray();
        var steps = await db.Steps.FromSqlRaw("select * from journey_step where id = any({0}) and state = 'Open' order by id for update", ids).ToListAsync(ct);
        var patients = steps.Select(s => s.PatientId).Distinct().ToArray();
        var preferences = await db.Preferences.AsNoTracking().Where(p => patients.Contains(p.PatientId)).ToDictionaryAsync(p => p.PatientId, ct);
        var letters = steps.Where(s => s.LetterId is not null).Select(s => s.LetterId!.Value).Distinct().ToArray();
        var posted = await db.Letters.AsNoTracking().Where(l => letters.Contains(l.LetterId) && l.PostedVersion > 0).ToDictionaryAsync(l => l.LetterId, l => l.PostedVersion, ct);
        var told = await ToldBefore.ReadAsync(db, ids, ct);
        var last = await gathering.LastAsync(db, steps, now, ct);

        var quiet = quietHours.Value.ToQuietHours();
        var sends = new List<(GatheredStep Step, Channel Channel)>(steps.Count);
        foreach (var step in steps)
        {
            var preference = preferences.GetValueOrDefault(step.PatientId);
            var failed = step.ClosedChannels(told.Failed(step));
            var decision = StepDecision.Of(step, look, new StepDecision.Circumstances
            {
                Now = now,
                QuietHours = quiet,
                LookAgainAfter = sending.Value.LookAgainAfter,
                LetterPosted = step.LetterId is { } letterId && posted.GetValueOrDefault(letterId) >= step.LetterVersion,
                OptedOut = preference?.OptedOut ?? false,
                Preferred = preference?.PreferredChannel,
                Failed = failed,
            });
            switch (decision)
            {
                case StepDecision.Send(var channel):
                    sends.Add((new GatheredStep(step, failed), Reachable(channel, step, look, failed, now)));
                    break;
                case StepDecision.Wait(var until):
                    step.TryAgain(until);
                    break;
                case StepDecision.Hold(var until):
                    step.Hold(until);
                    break;
                case StepDecision.Close(var state, var reason):
                    StepEnd.Close(step, state, reason, told.Messages(step), look, outbox, now);
                    break;
            }
        }

        var outgoing = new List<Outgoing>(sends.Count);
        foreach (var same in sends.GroupBy(s => (s.Step.Step.PatientId, s.Channel, Digest.KindOf(s.Step.Step), Alone: Digest.KindOf(s.Step.Step) is null ? s.Step.Step.Id : Guid.Empty)))
        {
            GatheredStep[] group = [.. same.Select(s => s.Step).OrderBy(s => look.Start(s.Step))];
            if (Lane(same.Key.Channel).Pause is { Ticks: > 0 } pause)
            {
                foreach (var (step, _) in group) step.TryAgain(now + pause);
            }
            else if (gathering.HoldUntil(group, last, look, now) is { } until)
            {
                foreach (var (step, _) in group) step.Hold(until);
            }
            else
            {
                outgoing.AddRange(Intend(db, [.. group.Select(g => g.Step)], same.Key.Channel, told, look, now));
            }
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return outgoing;
    }

    /// <summary>The other channel, if it is open to this patient, when the first one's provider has been down for hours: that is as good as none.</summary>
    private Channel Reachable(Channel first, JourneyStep step, Look look, IReadOnlyCollection<Channel> failed, DateTimeOffset now)
    {
        if (Lane(first).Pause <= TimeSpan.Zero || now - step.DueAt < sending.Value.SwitchChannelAfter) return first;
        var contact = look.Contacts![step.PatientId];
        var second = ChannelChoice.Of(null, contact.Mobile is not null, contact.Email is not null, [first, .. failed]);
        return second is { } other && Lane(other).Pause == TimeSpan.Zero ? other : first;
    }

    /// <summary>One message about all of them; several when they do not fit into one.</summary>
    private IEnumerable<Outgoing> Intend(NotificationsDbContext db, IReadOnlyList<JourneyStep> steps, Channel channel, ToldBefore told, Look look, DateTimeOffset now)
    {
        var contact = look.Contacts![steps[0].PatientId];
        var worded = wording.Of(steps, channel, contact, look.Appointments);
        if (worded is null)
        {
            var half = steps.Count / 2;
            return [.. Intend(db, [.. steps.Take(half)], channel, told, look, now), .. Intend(db, [.. steps.Skip(half)], channel, told, look, now)];
        }

        var message = told.Carry(db, steps, channel, worded, now);
        var destination = channel == Channel.Sms ? contact.Mobile! : contact.Email!;
        var attempt = new Attempt
        {
            Id = Guid.CreateVersion7(),
            MessageId = message.Id,
            Channel = channel,
            Fingerprint = Fingerprint(destination, worded.Body),
            CreatedAt = now,
            // Only a crash lets this time come while the attempt is still an intent.
            CheckAt = now + sending.Value.LeavesWithin + (channel == Channel.Sms ? twilio.CurrentValue.Timeout + sending.Value.UnclearSettle : sending.Value.UnclearGiveUp),
        };
        db.Attempts.Add(attempt);
        foreach (var step in steps) step.BeginSending();
        return [new Outgoing(attempt.Id, channel, destination, worded)];
    }

    private async Task SendAsync(IReadOnlyList<Outgoing> outgoing, CancellationToken ct)
    {
        if (outgoing.Count == 0) return;
        var committed = time.GetTimestamp();
        var recorded = new List<Task>(outgoing.Count);
        try
        {
            await Parallel.ForEachAsync(outgoing, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(lanes.Texts.AtOnce, lanes.Emails.AtOnce), CancellationToken = ct }, async (one, token) =>
            {
                var result = await Lane(one.Channel).RunAsync(inLane => time.GetElapsedTime(committed) > sending.Value.LeavesWithin
                    ? Task.FromResult(SendResult.Stale)
                    : one.Channel == Channel.Sms
                        ? texts.SendAsync(one.AttemptId, one.Destination, one.Worded.Body, TextPurpose.Message, inLane)
                        : emails.SendAsync(one.AttemptId, one.Destination, one.Worded.Subject!, one.Worded.Body, one.Worded.Html!, inLane), token);
                // The next request does not wait for this one's answer to be written. What is known is written even when the process is told to stop.
                var written = recorder.RecordAsync([AttemptOutcome.Of(one.AttemptId, result)], CancellationToken.None);
                lock (recorded) recorded.Add(written);
                if (result.ErrorCode == TwilioErrors.Stopped) await stops.NoteStoppedAsync(one.AttemptId, one.Destination, CancellationToken.None);
            });
        }
        finally
        {
            await Task.WhenAll(recorded);
        }
    }

    private ProviderLane Lane(Channel channel) => channel == Channel.Sms ? lanes.Texts : lanes.Emails;

    /// <summary>Tells our text among the provider's; it cannot be guessed, because the text holds the link's 128-bit token.</summary>
    internal static byte[] Fingerprint(string destination, string body) => SHA256.HashData(Encoding.UTF8.GetBytes($"{destination}\n{body}"));

    private sealed record Outgoing(Guid AttemptId, Channel Channel, string Destination, Worded Worded);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Due steps: {Claimed} looked at, {Sent} sent")]
        public static partial void Round(ILogger logger, int claimed, int sent);
    }
}
