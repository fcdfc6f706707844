using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.Notifications.Templates;
using Channel = PatientHub.Notifications.Contracts.Channel;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// Sends what is due.
/// <code>
/// 1 claim    open steps whose time has come, SKIP LOCKED, moved on by the claim's length
/// 2 look     Identity, Appointments, Letters: does it still stand, and where does it go?
/// 3 intend   message and attempt rows of those that go out, only while the step is still open; commit
/// 4 send     with the attempt's id as the reference; no database connection is held meanwhile
/// 5 record   in small groups as the answers come
/// </code>
/// A crash before 3 leaves an open step that is claimed again; after 3 an attempt of unknown fate, which is cleared up and never blindly repeated.
/// </summary>
internal sealed partial class DueSteps(
    IServiceScopeFactory scopes, DatabaseClock clock, TimeProvider time, Wording wording, ProviderLanes lanes, ITextProvider texts, IEmailProvider emails,
    IOptions<SendingOptions> sending, IOptions<QuietHoursOptions> quietHours, IOptionsMonitor<TwilioOptions> twilio, ILogger<DueSteps> log)
{
    private static readonly TimeSpan NearForPost = TimeSpan.FromDays(7);

    /// <summary>One round; returns how many steps were claimed.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        var claimed = await ClaimAsync(now, ct); // Step 1
        if (claimed.Count == 0) return 0;

        await using var scope = scopes.CreateAsyncScope();
        var look = await scope.ServiceProvider.GetRequiredService<LastLook>().TakeAsync(claimed, ct); // Step 2
        var outgoing = await IntendAsync(claimed, look, now, ct); // Step 3
        await SendAsync(outgoing, ct); // Steps 4 and 5
        Log.Round(log, claimed.Count, outgoing.Count);
        return claimed.Count;
    }

    internal async Task<IReadOnlyList<JourneyStep>> ClaimAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        return await db.Steps.FromSqlRaw("""
            update journey_step s set next_at = {1} from (
                select id from journey_step where state = 'Open' and next_at <= {0} order by next_at limit {2} for update skip locked) due
            where s.id = due.id returning s.*
            """, now, now + sending.Value.Claim, sending.Value.BatchSize).AsNoTracking().ToListAsync(ct);
    }

    private async Task<IReadOnlyList<Outgoing>> IntendAsync(IReadOnlyList<JourneyStep> claimed, Look look, DateTimeOffset now, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        // Whoever stopped a step since the claim has won: opt-out, opened, answered.
        var ids = claimed.Select(s => s.Id).ToArray();
        var steps = await db.Steps.FromSqlRaw("select * from journey_step where id = any({0}) and state = 'Open' order by id for update", ids).ToListAsync(ct);
        var patients = steps.Select(s => s.PatientId).Distinct().ToArray();
        var preferences = await db.Preferences.AsNoTracking().Where(p => patients.Contains(p.PatientId)).ToDictionaryAsync(p => p.PatientId, ct);
        var letters = steps.Where(s => s.LetterId is not null).Select(s => s.LetterId!.Value).Distinct().ToArray();
        var posted = await db.Letters.AsNoTracking().Where(l => letters.Contains(l.LetterId) && l.PostedVersion > 0).ToDictionaryAsync(l => l.LetterId, l => l.PostedVersion, ct);
        var messages = (await db.Messages.Where(m => ids.Contains(m.StepId)).ToListAsync(ct)).ToLookup(m => m.StepId);

        var quiet = quietHours.Value.ToQuietHours();
        var outgoing = new List<Outgoing>(steps.Count);
        foreach (var step in steps)
        {
            var preference = preferences.GetValueOrDefault(step.PatientId);
            Channel[] failed = [.. messages[step.Id].Where(m => m.Status == MessageStatus.Failed).Select(m => m.Channel)];
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
            if (decision is StepDecision.Send(var first) && Lane(first).Pause > TimeSpan.Zero && now - step.DueAt >= sending.Value.SwitchChannelAfter
                && Other(first, look.Contacts![step.PatientId], failed) is { } second && Lane(second).Pause == TimeSpan.Zero)
            {
                decision = new StepDecision.Send(second);
            }

            switch (decision)
            {
                case StepDecision.Send(var channel) when Lane(channel).Pause is { Ticks: > 0 } pause:
                    step.TryAgain(now + pause);
                    break;
                case StepDecision.Send(var channel):
                    outgoing.Add(Intend(db, step, channel, messages[step.Id].SingleOrDefault(m => m.Channel == channel), look, now));
                    break;
                case StepDecision.Wait(var until):
                    step.TryAgain(until);
                    break;
                case StepDecision.Close(var state, var reason):
                    Close(step, state, reason, [.. messages[step.Id]], look, outbox, now);
                    break;
            }
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return outgoing;
    }

    private Outgoing Intend(NotificationsDbContext db, JourneyStep step, Channel channel, Message? message, Look look, DateTimeOffset now)
    {
        var contact = look.Contacts![step.PatientId];
        var standing = step.AppointmentId is { } appointmentId ? look.Appointments![appointmentId] : null;
        var worded = wording.Of(step, channel, contact, standing);
        if (message is null)
        {
            message = new Message
            {
                Id = Guid.CreateVersion7(),
                StepId = step.Id,
                PatientId = step.PatientId,
                Channel = channel,
                CreatedAt = now,
                Template = worded.Template,
                Subject = worded.KeptSubject,
                Body = worded.KeptBody,
            };
            db.Messages.Add(message);
        }
        else
        {
            (message.Template, message.Subject, message.Body) = (worded.Template, worded.KeptSubject, worded.KeptBody);
        }

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
        step.BeginSending();
        return new Outgoing(attempt.Id, channel, destination, worded);
    }

    /// <summary>A message without a channel is the worst silence: post at once (A18), and a phone call where post would come too late (A23).</summary>
    private static void Close(JourneyStep step, StepState state, string reason, IReadOnlyList<Message> messages, Look look, IOutbox outbox, DateTimeOffset now)
    {
        // A channel that failed only for now (switched off, mailbox full) is no reason to post earlier: the ladder goes on.
        var failedForNow = messages.Count > 0 && messages.Any(m => m is { Status: MessageStatus.Failed, FailedForGood: false });
        step.Close(state, state == StepState.Undeliverable && failedForNow ? StopReasons.FailedForNow : reason);

        var noMessage = (state == StepState.Undeliverable && !failedForNow) || reason == StopReasons.LettersOnly;
        var appointmentReminderWithoutContact = step.Kind == JourneyKind.AppointmentReminder && messages.Count == 0;
        if (noMessage && !appointmentReminderWithoutContact)
        {
            outbox.Add(new NotificationUndeliverable
            {
                PatientId = step.PatientId,
                Channel = null,
                ContactFailed = false,
                AllChannelsFailed = true,
                LetterId = step.LetterId,
                AppointmentId = step.AppointmentId,
                OccurredAt = now,
            });
        }

        var start = step.AppointmentId is { } appointmentId && look.Appointments?.GetValueOrDefault(appointmentId) is { } standing ? standing.Appointment.Start : (DateTimeOffset?)null;
        var untold = state == StepState.Undeliverable || reason is StopReasons.LettersOnly or StopReasons.OptedOut;
        if (step.IsHospitalNews && untold && (start <= now + NearForPost || step.PreviousStart <= now + NearForPost))
        {
            outbox.Add(new RaiseTask
            {
                TaskId = step.Id,
                Code = TaskCodes.TelephonePatient,
                PatientId = step.PatientId,
                AppointmentId = step.AppointmentId,
                Note = step.Kind == JourneyKind.Moved
                    ? "The appointment was moved and no message could be sent; post would come too late. Phone the patient."
                    : "The appointment was cancelled and no message could be sent; post would come too late. Phone the patient.",
                OccurredAt = now,
            });
        }
    }

    private async Task SendAsync(IReadOnlyList<Outgoing> outgoing, CancellationToken ct)
    {
        if (outgoing.Count == 0) return;
        var committed = time.GetTimestamp();
        var answers = System.Threading.Channels.Channel.CreateUnbounded<AttemptOutcome>(new UnboundedChannelOptions { SingleReader = true });
        var recording = RecordAsync(answers.Reader);
        try
        {
            await Parallel.ForEachAsync(outgoing, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(lanes.Texts.AtOnce, lanes.Emails.AtOnce), CancellationToken = ct }, async (one, token) =>
            {
                var result = await Lane(one.Channel).RunAsync(inLane => time.GetElapsedTime(committed) > sending.Value.LeavesWithin
                    ? Task.FromResult(SendResult.Stale)
                    : one.Channel == Channel.Sms
                        ? texts.SendAsync(one.AttemptId, one.Destination, one.Worded.Body, inLane)
                        : emails.SendAsync(one.AttemptId, one.Destination, one.Worded.Subject!, one.Worded.Body, one.Worded.Html!, inLane), token);
                answers.Writer.TryWrite(AttemptOutcome.Of(one.AttemptId, result));
            });
        }
        finally
        {
            answers.Writer.Complete();
            await recording;
        }
    }

    // What is known is written even when the process is told to stop.
    private async Task RecordAsync(ChannelReader<AttemptOutcome> answers)
    {
        while (await answers.WaitToReadAsync(CancellationToken.None))
        {
            var group = new List<AttemptOutcome>();
            while (group.Count < 100 && answers.TryRead(out var answer)) group.Add(answer);
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<AttemptBook>().RecordAsync(group, CancellationToken.None);
        }
    }

    /// <summary>The other channel, if it is open to this patient: a provider that has been down for hours is as good as none.</summary>
    private static Channel? Other(Channel channel, PatientContact contact, IReadOnlyCollection<Channel> failed) =>
        ChannelChoice.Of(null, contact.Mobile is not null, contact.Email is not null, [channel, .. failed]);

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
