using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// The one place where attempts, messages and steps move on, with the events that follow. Answers, callbacks and look-ups all come here, in any order and any number.
/// <list type="number">
/// <item>lock the steps, then the attempts, always in this order;</item>
/// <item>move each attempt forward; whoever comes late or twice finds nothing to move;</item>
/// <item>first acceptance of an invitation: T0, InvitationSent, the two reminders (R6);</item>
/// <item>failure: the step opens again, so that the sweep tries the other channel at once (A18);</item>
/// <item>rows and events in one transaction.</item>
/// </list>
/// </summary>
internal sealed partial class AttemptBook(
    NotificationsDbContext db, IOutbox outbox, DatabaseClock clock, DueSignal due, NotificationMetrics metrics,
    IOptions<LadderOptions> ladder, IOptions<SendingOptions> sending, ILogger<AttemptBook> log)
{
    /// <summary>Records outcomes; returns the ids of attempts that do not exist.</summary>
    public async Task<IReadOnlyCollection<Guid>> RecordAsync(IReadOnlyCollection<AttemptOutcome> outcomes, CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        var ids = outcomes.Select(o => o.AttemptId).Distinct().ToArray();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        // Step 1
        var steps = await db.Steps.FromSqlRaw("""
            select s.* from journey_step s where s.id in (select t.step_id from message_step t join attempt a on a.message_id = t.message_id where a.id = any({0})) order by s.id for update
            """, ids).ToDictionaryAsync(s => s.Id, ct);
        var attempts = await db.Attempts.FromSqlRaw("select * from attempt where id = any({0}) order by id for update", ids).ToDictionaryAsync(a => a.Id, ct);
        var messageIds = attempts.Values.Where(a => a.MessageId is not null).Select(a => a.MessageId!.Value).ToArray();
        var messages = await db.Messages.Where(m => messageIds.Contains(m.Id)).ToDictionaryAsync(m => m.Id, ct);

        var told = (await db.MessageSteps.AsNoTracking().Where(t => messageIds.Contains(t.MessageId)).ToListAsync(ct)).ToLookup(t => t.MessageId, t => t.StepId);

        var refused = outcomes.Where(o => o.Refused).Select(o => attempts.GetValueOrDefault(o.AttemptId)?.MessageId).OfType<Guid>().Select(id => messages[id]).DistinctBy(m => (m.PatientId, m.Channel)).ToList();
        if (refused.Count > 0) await RefuseAsync(refused, now, ct);
        foreach (var outcome in outcomes)
        {
            if (!attempts.TryGetValue(outcome.AttemptId, out var attempt)) continue;
            var message = attempt.MessageId is { } messageId ? messages[messageId] : null;
            Move(attempt, outcome, message, message is null ? [] : [.. told[message.Id].Where(steps.ContainsKey).Select(id => steps[id])], now); // Steps 2 to 4
        }

        await InsertReportsAsync([.. outcomes.Where(o => o.Report is not null && attempts.ContainsKey(o.AttemptId)).Select(o => o.Report!)], ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct); // Step 5
        if (steps.Values.Any(s => s.State == StepState.Open)) due.Signal();
        return [.. ids.Where(id => !attempts.ContainsKey(id))];
    }

    /// <summary>
    /// What is known of a text moves the attempt that has it, whichever it was meant for: of two attempts with the same words, one may have found the other's text when it asked the
    /// provider. Which of them keeps it makes no difference to the patient; the other one has no text yet, and finds that out when its time comes.
    /// </summary>
    public async Task<IReadOnlyCollection<AttemptOutcome>> ToOwnersAsync(IReadOnlyCollection<AttemptOutcome> outcomes, CancellationToken ct)
    {
        var texts = outcomes.Select(o => o.ProviderId).OfType<string>().Distinct().ToArray();
        var owners = await db.Attempts.AsNoTracking().Where(a => a.Channel == Channel.Sms && a.ProviderId != null && texts.Contains(a.ProviderId)).ToDictionaryAsync(a => a.ProviderId!, a => a.Id, ct);
        // A report names its attempt; whoever only asked may have found another one's.
        foreach (var outcome in outcomes.OrderBy(o => o.Report is null))
            if (outcome.ProviderId is { } text) owners.TryAdd(text, outcome.AttemptId);
        return [.. outcomes.Select(o => o.ProviderId is { } text ? o with { AttemptId = owners[text] } : o)];
    }

    private void Move(Attempt attempt, AttemptOutcome outcome, Message? message, IReadOnlyList<JourneyStep> steps, DateTimeOffset now)
    {
        if (outcome.State is AttemptState.Accepted or AttemptState.Delivered || outcome.WasTaken) Accept(attempt, outcome, message, steps, now);
        switch (outcome.State)
        {
            case AttemptState.Delivered when attempt.Deliver(now):
                if (message is null) break;
                message.Status = MessageStatus.Delivered;
                outbox.Add(new NotificationDelivered { MessageId = message.Id, PatientId = message.PatientId, Channel = message.Channel, OccurredAt = now });
                foreach (var step in steps)
                    if (step is { Kind: JourneyKind.Cancelled, AppointmentId: { } appointmentId, Revision: { } revision })
                        outbox.Add(new CancellationTold { PatientId = step.PatientId, AppointmentId = appointmentId, Revision = revision, OccurredAt = now });
                break;

            case AttemptState.Failed when attempt.Fail(outcome.ErrorCode, now):
                Fail(attempt, outcome, message, steps, now);
                break;

            case AttemptState.NotAccepted when attempt.NotAccept(outcome.ErrorCode, now):
                foreach (var step in steps) step.TryAgain(now + (outcome.RetryAfter ?? sending.Value.RetryAfter));
                Log.NotAccepted(log, attempt.Id, attempt.Channel, outcome.ErrorCode ?? "none");
                break;

            case AttemptState.Unclear:
                var patience = attempt.Channel == Channel.Sms ? sending.Value.UnclearSettle : sending.Value.UnclearGiveUp;
                if (attempt.BecomeUnclear(attempt.CodeId is null ? now + patience : null)) Log.Unclear(log, attempt.Id, attempt.Channel, outcome.ErrorCode ?? "none");
                break;
        }

        metrics.Attempt(attempt.Channel, attempt.CodeId is not null, outcome.State);
        // A code's copy at the provider is of no use once its fate is known.
        if (attempt is { RedactAt: not null, State: AttemptState.Delivered or AttemptState.Failed }) attempt.RedactAt = now;
    }

    private void Accept(Attempt attempt, AttemptOutcome outcome, Message? message, IReadOnlyList<JourneyStep> steps, DateTimeOffset now)
    {
        if (!attempt.Accept(outcome.ProviderId, now) || message is null) return;
        message.Status = MessageStatus.Sent;
        message.SentAt = now;
        foreach (var step in steps) Accept(step, now);
    }

    // A digest is the invitation to each of its letters.
    private void Accept(JourneyStep step, DateTimeOffset now)
    {
        if (!step.Accept(now) || step is not { Kind: JourneyKind.Invitation, Step: 0, LetterId: { } letterId, LetterVersion: { } letterVersion }) return;

        // Step 3. T0 is the provider's first acceptance (A1, A2).
        outbox.Add(new InvitationSent
        {
            LetterId = letterId,
            LetterVersion = letterVersion,
            PatientId = step.PatientId,
            AppointmentId = step.AppointmentId,
            Revision = step.Revision,
            OccurredAt = now,
        });
        db.Steps.Add(Reminder(step, 1, now, ladder.Value.FirstReminderAfter));
        db.Steps.Add(Reminder(step, 2, now, ladder.Value.SecondReminderAfter));
    }

    // R14, A18: as a dead contact. With no other way left, what waits is posted now.
    private async Task RefuseAsync(IReadOnlyList<Message> messages, DateTimeOffset now, CancellationToken ct)
    {
        var ids = messages.Select(m => m.PatientId).ToArray();
        var patients = await db.Patients.AsNoTracking().Where(p => ids.Contains(p.PatientId)).ToDictionaryAsync(p => p.PatientId, ct);
        foreach (var message in messages)
        {
            var other = patients.GetValueOrDefault(message.PatientId) is { } flags && (message.Channel == Channel.Email ? flags.HasMobile : flags.HasEmail);
            outbox.Add(new NotificationUndeliverable { PatientId = message.PatientId, Channel = message.Channel, ContactFailed = true, AllChannelsFailed = !other, SentAt = message.SentAt ?? message.CreatedAt, OccurredAt = now });
        }
    }

    // Step 4
    private void Fail(Attempt attempt, AttemptOutcome outcome, Message? message, IReadOnlyList<JourneyStep> steps, DateTimeOffset now)
    {
        Log.Failed(log, attempt.Id, attempt.Channel, attempt.ErrorCode ?? "none", outcome.ForGood);
        if (message is null) return;
        foreach (var step in steps.Where(_ => outcome.ForGood))
        {
            outbox.Add(new NotificationUndeliverable
            {
                PatientId = message.PatientId,
                Channel = attempt.Channel,
                ContactFailed = outcome.ContactFailed,
                AllChannelsFailed = false, // the sweep finds out whether another one is left
                LetterId = step.LetterId,
                AppointmentId = step.AppointmentId,
                Revision = step.Revision,
                SentAt = attempt.CreatedAt,
                OccurredAt = now,
            });
        }

        message.Status = MessageStatus.Failed;
        message.FailedForGood = outcome.ForGood;
        foreach (var step in steps) step.TryAgain(now);
    }

    private JourneyStep Reminder(JourneyStep invitation, int number, DateTimeOffset t0, TimeSpan after) => new()
    {
        Id = Guid.CreateVersion7(),
        Kind = JourneyKind.Invitation,
        Step = number,
        PatientId = invitation.PatientId,
        SubjectId = invitation.SubjectId,
        SubjectVersion = invitation.SubjectVersion,
        LetterId = invitation.LetterId,
        LetterVersion = invitation.LetterVersion,
        AppointmentId = invitation.AppointmentId,
        Revision = invitation.Revision,
        DueAt = t0 + after,
        NextAt = t0 + after,
        LapsesAt = t0 + ladder.Value.PostAfterInvitation is var letterAt && invitation.LetterBy < letterAt ? invitation.LetterBy : letterAt,
        CreatedAt = t0,
    };

    private Task InsertReportsAsync(IReadOnlyCollection<ProviderReport> reports, CancellationToken ct) => reports.Count == 0
        ? Task.CompletedTask
        : db.Database.ExecuteSqlRawAsync("""
            insert into provider_report (event_id, attempt_id, status, error_code, received_at)
            select * from unnest(@ids, @attempts, @statuses, @errors, @received) on conflict do nothing
            """,
            [
                new NpgsqlParameter("ids", reports.Select(r => r.EventId).ToArray()),
                new NpgsqlParameter("attempts", reports.Select(r => r.AttemptId).ToArray()),
                new NpgsqlParameter("statuses", reports.Select(r => r.Status).ToArray()),
                new NpgsqlParameter("errors", reports.Select(r => r.ErrorCode).ToArray()),
                new NpgsqlParameter("received", reports.Select(r => r.ReceivedAt).ToArray()),
            ], ct);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Attempt {AttemptId} by {Channel} failed with {ErrorCode}; for good: {ForGood}")]
        public static partial void Failed(ILogger logger, Guid attemptId, Channel channel, string errorCode, bool forGood);

        [LoggerMessage(LogLevel.Warning, "Attempt {AttemptId} by {Channel} was not taken ({ErrorCode}); another will follow")]
        public static partial void NotAccepted(ILogger logger, Guid attemptId, Channel channel, string errorCode);

        [LoggerMessage(LogLevel.Warning, "The fate of attempt {AttemptId} by {Channel} is unclear ({ErrorCode})")]
        public static partial void Unclear(ILogger logger, Guid attemptId, Channel channel, string errorCode);
    }
}
