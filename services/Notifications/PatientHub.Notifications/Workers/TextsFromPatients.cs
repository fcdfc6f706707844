using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.Notifications.Templates;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// Texts that patients send, and numbers of which the provider says that they once sent STOP.
/// <list type="number">
/// <item>The webhook writes a row and answers; a repeated text finds its row there.</item>
/// <item>Identity says whose number it is. STOP counts as no mobile on all those records, START takes it back (R14).</item>
/// <item>STOP and no other way to reach the patient: the pending letters go now (A18).</item>
/// <item>Anything else: a task for a person, and one answer by text, at most one a day and number.</item>
/// </list>
/// The number is forgotten when this is done.
/// </summary>
internal sealed partial class TextsFromPatients(
    IServiceScopeFactory scopes, NpgsqlDataSource database, DatabaseClock clock, Wording wording, ProviderLanes lanes, ITextProvider texts, IOptions<TwilioOptions> twilio, NotificationMetrics metrics,
    ILogger<TextsFromPatients> log)
{
    private const int LongestBody = 1600;
    private static readonly TimeSpan AnswersApart = TimeSpan.FromDays(1);

    /// <summary>Step 1. False when it is known already, or no number that could be anybody's.</summary>
    public async Task<bool> TakeAsync(string id, string number, TextKind kind, string? body, CancellationToken ct)
    {
        if (!E164().IsMatch(number)) return false;
        var now = await clock.UtcNowAsync(ct);
        await using var insert = database.CreateCommand("""
            insert into text_from_patient (id, kind, number, number_key, body, received_at) values (@id, @kind, @number, @key, @body, @now) on conflict do nothing
            """);
        insert.Parameters.AddWithValue("id", id);
        insert.Parameters.AddWithValue("kind", kind.ToString());
        insert.Parameters.AddWithValue("number", number);
        insert.Parameters.AddWithValue("key", KeyOf(number));
        insert.Parameters.AddWithValue("body", kind == TextKind.Reply && body is not null ? Shortened(body) : DBNull.Value);
        insert.Parameters.AddWithValue("now", now);
        return await insert.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>A provider refused because the number's owner once sent STOP: that holds for every patient who has it.</summary>
    public Task NoteStoppedAsync(Guid attemptId, string number, CancellationToken ct) => TakeAsync($"21610:{attemptId}", number, TextKind.Stop, null, ct);

    /// <summary>Steps 2 to 4 for one text; returns how many there were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        var now = await clock.UtcNowAsync(ct);
        if (await db.TextsFromPatients.AsNoTracking().Where(t => t.DoneAt == null).OrderBy(t => t.ReceivedAt).FirstOrDefaultAsync(ct) is not { } next) return 0;

        // Step 2. Saying it twice changes nothing, so no lock is held meanwhile.
        bool? stopped = next.Kind switch { TextKind.Stop => true, TextKind.Start => false, _ => null };
        var owners = await scope.ServiceProvider.GetRequiredService<IdentityContacts>().TextedAsync(new NumberTexted { Mobile = next.Number!, Stopped = stopped }, ct);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var text = (await db.TextsFromPatients.FromSqlRaw("select * from text_from_patient where id = {0} and done_at is null for update skip locked", next.Id).AsTracking().ToListAsync(ct)).SingleOrDefault();
        if (text is null) return 1; // another replica has it
        var number = text.Number!;
        (text.Number, text.DoneAt) = (null, now);
        metrics.Text(text.Kind, owners.Count > 0);

        if (text.Kind == TextKind.Stop)
        {
            foreach (var owner in owners) Stop(owner, outbox, now); // Step 3
        }
        else if (text.Kind == TextKind.Reply && owners.Count > 0)
        {
            await ReplyAsync(text, owners, db, outbox, now, ct); // Step 4
        }

        var answers = text.Kind == TextKind.Reply && owners.Any(o => o.MaySend) && !await db.TextsFromPatients.AnyAsync(t => t.NumberKey == text.NumberKey && t.AnsweredAt > now - AnswersApart, ct);
        var attempt = new Attempt { Id = Guid.CreateVersion7(), Channel = Channel.Sms, CreatedAt = now };
        if (answers)
        {
            text.AnsweredAt = now;
            db.Attempts.Add(attempt);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        Log.Taken(log, text.Kind, owners.Count);
        if (answers) await AnswerAsync(attempt.Id, number, owners[0].Language, ct);
        return 1;
    }

    private static void Stop(NumberOwner owner, IOutbox outbox, DateTimeOffset now) => outbox.Add(new NotificationUndeliverable
    {
        PatientId = owner.PatientId,
        Channel = Channel.Sms,
        ContactFailed = false, // Identity has marked the number itself, on every record
        AllChannelsFailed = !owner.HasAnotherContact,
        OccurredAt = now,
    });

    // Of several patients on one number the one who was written to last is most likely meant.
    private static async Task ReplyAsync(TextFromPatient text, IReadOnlyList<NumberOwner> owners, NotificationsDbContext db, IOutbox outbox, DateTimeOffset now, CancellationToken ct)
    {
        var ids = owners.Select(o => o.PatientId).ToArray();
        var last = await db.Messages.Where(m => ids.Contains(m.PatientId) && m.Channel == Channel.Sms && m.SentAt != null).OrderByDescending(m => m.SentAt).Select(m => (Guid?)m.PatientId).FirstOrDefaultAsync(ct);
        text.PatientId = last ?? ids[0];
        outbox.Add(new RaiseTask
        {
            TaskId = TaskIds.ForContent($"text:{text.Id}"),
            Code = TaskCodes.TelephonePatient,
            PatientId = text.PatientId,
            Note = owners.Count == 1
                ? "The patient has answered one of our texts. Read the answer under the patient's texts and phone if need be."
                : "Somebody has answered one of our texts, from a number that several patients share. Read the answer under the patient's texts and phone if need be.",
            OccurredAt = now,
        });
    }

    // Once, whatever comes of it: who waits for an answer has a telephone number in every message.
    private async Task AnswerAsync(Guid attemptId, string number, string language, CancellationToken ct)
    {
        var worded = wording.OfTextReply(language);
        var result = await lanes.Texts.RunAsync(inLane => texts.SendAsync(attemptId, number, worded.Body, TextPurpose.Message, inLane), ct);
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AttemptBook>().RecordAsync([AttemptOutcome.Of(attemptId, result)], ct);
    }

    private byte[] KeyOf(string number) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(twilio.Value.AuthToken), Encoding.UTF8.GetBytes(number));

    private static string Shortened(string body)
    {
        var clean = body.Replace("\0", "", StringComparison.Ordinal);
        return clean.Length <= LongestBody ? clean : clean[..LongestBody];
    }

    [GeneratedRegex(@"^\+[1-9]\d{6,14}$")]
    private static partial Regex E164();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "A text came from a number ({Kind}) that {Count} patients have")]
        public static partial void Taken(ILogger logger, TextKind kind, int count);
    }
}
