using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Calendar;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// A16: after 24 months the words of messages are removed for good, and what was known of their appointments and letters.
/// <list type="number">
/// <item>Appointments that are too old, a page at a time. Appointments is asked: one that is still there is at somebody's desk, and its messages stay with it.</item>
/// <item>Letters whose appointment is not known, or that have none, by the day on which they were ready; then messages of which neither is known.</item>
/// <item>Evidence of sending (step, message without its words, attempts, the providers' reports: ids, channel, state and times) has a retention of its own.</item>
/// </list>
/// Each page is one transaction, and starting again where it stopped changes nothing.
/// </summary>
internal sealed partial class Retention(IServiceScopeFactory scopes, NpgsqlDataSource database, IOptions<SendingOptions> options, IMeterFactory meters, ILogger<Retention> logger) : IRetention
{
    private const int Page = 500;
    private const int EvidencePage = 5_000;
    private readonly Counter<long> _removed = meters.Create("PatientHub.Notifications").CreateCounter<long>("patienthub.notifications.removed", "{row}", "Rows and words removed by retention (A16), by kind");

    // A step is about its letter or its appointment, and has an index by that.
    private const string OfSubjects = "m.id in (select told.message_id from message_step told join journey_step s on s.id = told.step_id where s.subject_id = any(@ids))";

    // One message may tell of several steps: its words stay as long as one of them is open, or is about something that is kept.
    private const string StillTells = """
        exists (select from message_step told join journey_step s on s.id = told.step_id where told.message_id = m.id and (s.state in ('Open', 'Sending')
            or exists (select from appointment a where a.appointment_id = s.appointment_id and a.appointment_id <> all(@ids))
            or exists (select from letter l where l.letter_id = s.letter_id and l.letter_id <> all(@ids))))
        """;

    /// <summary>Everything that is old at this instant. Returns how many messages have lost their words.</summary>
    public async Task<int> RunOnceAsync(DateTimeOffset now, CancellationToken ct)
    {
        var oldest = TwentyFourMonths.OldestStart(now);
        var words = await AppointmentsAsync(oldest, ct) + await LettersAsync(oldest, ct) + await WipeAsync("m.created_at < @oldest", [], oldest, ct);
        // A person has read it, or its number was nobody's; what nobody has looked at yet stays.
        await RemoveAsync("text from a patient", $"delete from text_from_patient where id in (select id from text_from_patient where received_at < @oldest and done_at is not null limit {EvidencePage})", oldest, ct);
        await EvidenceAsync(LondonTime.ToInstant(LondonTime.DateOf(now).AddMonths(-options.Value.EvidenceKeptMonths), TimeOnly.MinValue), ct);
        return words;
    }

    private async Task<int> AppointmentsAsync(DateTimeOffset oldest, CancellationToken ct)
    {
        var (words, after) = (0, Guid.Empty);
        while (await IdsAsync($"""
            select a.appointment_id from appointment a where a.start < @oldest and a.appointment_id > @after
                and not exists (select from journey_step s where s.patient_id = a.patient_id and s.state = 'Open' and s.appointment_id = a.appointment_id)
            order by a.appointment_id limit {Page}
            """, oldest, after, ct) is { Count: > 0 } page)
        {
            await using var scope = scopes.CreateAsyncScope();
            var there = (await scope.ServiceProvider.GetRequiredService<AppointmentsStanding>().GetAsync(page, ct)).Select(standing => standing.Appointment.AppointmentId).ToHashSet();
            Guid[] free = [.. page.Where(id => !there.Contains(id))];
            var letters = await IdsAsync("select letter_id from letter where appointment_id = any(@ids)", oldest, Guid.Empty, ct, free);
            words += await WipeAsync(OfSubjects, [.. free, .. letters], oldest, ct, "delete from letter where letter_id = any(@ids)", "delete from appointment where appointment_id = any(@ids) and start < @oldest");
            after = page[^1];
        }

        return words;
    }

    private async Task<int> LettersAsync(DateTimeOffset oldest, CancellationToken ct)
    {
        var (words, after) = (0, Guid.Empty);
        while (await IdsAsync($"""
            select l.letter_id from letter l where l.ready_at < @oldest and l.letter_id > @after and not exists (select from appointment a where a.appointment_id = l.appointment_id)
                and not exists (select from journey_step s where s.patient_id = l.patient_id and s.state = 'Open' and s.letter_id = l.letter_id)
            order by l.letter_id limit {Page}
            """, oldest, after, ct) is { Count: > 0 } page)
        {
            words += await WipeAsync(OfSubjects, [.. page], oldest, ct, "delete from letter where letter_id = any(@ids) and ready_at < @oldest");
            after = page[^1];
        }

        return words;
    }

    /// <summary>The words go; that there was a message, to whom, when and what became of it is evidence. With them, in one transaction, go the copies.</summary>
    private async Task<int> WipeAsync(string which, Guid[] ids, DateTimeOffset oldest, CancellationToken ct, params string[] copies)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var words = await ExecuteAsync($"update message m set subject = null, body = '' where m.body <> '' and {which} and not {StillTells}");
        foreach (var copy in copies)
            Count("copy", await ExecuteAsync(copy));
        await transaction.CommitAsync(ct);
        Count("words", words);
        return words;

        async Task<int> ExecuteAsync(string statement)
        {
            await using var command = new NpgsqlCommand(statement, connection, transaction) { Parameters = { new("ids", ids), new("oldest", oldest) } };
            return await command.ExecuteNonQueryAsync(ct);
        }
    }

    private async Task EvidenceAsync(DateTimeOffset before, CancellationToken ct)
    {
        foreach (var statement in (string[])[
            $"delete from provider_report where event_id in (select event_id from provider_report where received_at < @oldest limit {EvidencePage})",
            $"delete from attempt where id in (select id from attempt where created_at < @oldest and check_at is null and redact_at is null limit {EvidencePage})",
            $"delete from message where id in (select m.id from message m where m.created_at < @oldest and m.body = '' and not exists (select from attempt a where a.message_id = m.id) limit {EvidencePage})",
            $"delete from message_step where step_id in (select told.step_id from message_step told where not exists (select from message m where m.id = told.message_id) limit {EvidencePage}) and not exists (select from message m where m.id = message_id)",
            $"delete from journey_step where id in (select s.id from journey_step s where s.created_at < @oldest and s.state not in ('Open', 'Sending') and not exists (select from message_step told where told.step_id = s.id) limit {EvidencePage})"])
            await RemoveAsync("evidence", statement, before, ct);
    }

    /// <summary>One page after the other, until there is none.</summary>
    private async Task RemoveAsync(string kind, string statement, DateTimeOffset oldest, CancellationToken ct)
    {
        int gone;
        do
        {
            await using var command = database.CreateCommand(statement);
            command.Parameters.AddWithValue("oldest", oldest);
            Count(kind, gone = await command.ExecuteNonQueryAsync(ct));
        }
        while (gone >= EvidencePage);
    }

    private async Task<List<Guid>> IdsAsync(string query, DateTimeOffset oldest, Guid after, CancellationToken ct, params Guid[] of)
    {
        await using var command = database.CreateCommand(query);
        command.Parameters.AddWithValue("oldest", oldest);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("ids", of);
        var ids = new List<Guid>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) ids.Add(rows.GetGuid(0));
        return ids;
    }

    private void Count(string kind, int count)
    {
        if (count == 0) return;
        _removed.Add(count, new KeyValuePair<string, object?>("kind", kind));
        Log.Removed(logger, count, kind);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Retention removed {Count}: {Kind} (A16)")]
        public static partial void Removed(ILogger logger, int count, string kind);
    }
}
