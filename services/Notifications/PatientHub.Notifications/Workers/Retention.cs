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

    private const string StillTells = """
        exists (select from message_step link join journey_step s on s.id = link.step_id where link.message_id = m.id and (s.state in ('Open', 'Sending')
            or exists (select from appointment a where a.appointment_id = s.appointment_id) or exists (select from letter l where l.letter_id = s.letter_id)))
        """;

    /// <summary>Everything that is old at this instant. Returns how many messages have lost their words.</summary>
    public async Task<int> RunOnceAsync(DateTimeOffset now, CancellationToken ct)
    {
        var oldest = TwentyFourMonths.OldestStart(now);
        var words = await AppointmentsAsync(oldest, ct) + await LettersAsync(oldest, ct) + await UnknownAsync(oldest, ct);
        // A person has read it, or its number was nobody's; what nobody has looked at yet stays.
        await RemoveAsync("text from a patient", $"delete from text_from_patient where id in (select id from text_from_patient where received_at < @oldest and done_at is not null limit {EvidencePage})", oldest, ct);
        await EvidenceAsync(LondonTime.ToInstant(LondonTime.DateOf(now).AddMonths(-options.Value.EvidenceKeptMonths), TimeOnly.MinValue), ct);
        return words;
    }

    private async Task<int> AppointmentsAsync(DateTimeOffset oldest, CancellationToken ct)
    {
        var words = 0;
        await foreach (var page in PagesAsync("appointment", "appointment_id", "start < @oldest", oldest, ct))
        {
            await using var scope = scopes.CreateAsyncScope();
            var there = (await scope.ServiceProvider.GetRequiredService<AppointmentsStanding>().GetAsync(page, ct)).Select(standing => standing.Appointment.AppointmentId).ToHashSet();
            var free = await IdsAsync("""
                select a.appointment_id from appointment a where a.appointment_id = any(@ids)
                    and not exists (select from journey_step s where s.patient_id = a.patient_id and s.state = 'Open' and s.appointment_id = a.appointment_id)
                """, [.. page.Where(id => !there.Contains(id))], ct);
            var letters = await IdsAsync("select letter_id from letter where appointment_id = any(@ids)", free, ct);
            words += await WipeAsync([.. free, .. letters], oldest, ct, "delete from letter where letter_id = any(@ids)", "delete from appointment where appointment_id = any(@ids) and start < @oldest");
        }

        return words;
    }

    private async Task<int> LettersAsync(DateTimeOffset oldest, CancellationToken ct)
    {
        var words = 0;
        await foreach (var page in PagesAsync("letter", "letter_id", "ready_at < @oldest", oldest, ct))
        {
            var alone = await IdsAsync("""
                select l.letter_id from letter l where l.letter_id = any(@ids) and not exists (select from appointment a where a.appointment_id = l.appointment_id)
                    and not exists (select from journey_step s where s.patient_id = l.patient_id and s.state = 'Open' and s.letter_id = l.letter_id)
                """, page, ct);
            if (alone.Length > 0) words += await WipeAsync(alone, oldest, ct, "delete from letter where letter_id = any(@ids) and ready_at < @oldest");
        }

        return words;
    }

    /// <summary>
    /// Copies go; and with them, in one transaction, the words of the messages that told of nothing else. That there was a message, to whom, when and what became of it is evidence. One message may tell of
    /// several steps: its words stay as long as one of them is open, or is about something of which there still is a copy.
    /// </summary>
    /// <param name="ids">A step is about its letter or its appointment (or a patient's request), and has an index by that.</param>
    private async Task<int> WipeAsync(Guid[] ids, DateTimeOffset oldest, CancellationToken ct, params string[] copies)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var gone = 0;
        foreach (var copy in copies) gone += await ExecuteAsync(copy);
        var words = await ExecuteAsync($"""
            with told as (select distinct link.message_id as id from journey_step s join message_step link on link.step_id = s.id where s.subject_id = any(@ids))
            update message m set subject = null, body = '' from told where m.id = told.id and m.body <> '' and not {StillTells}
            """);
        await transaction.CommitAsync(ct);
        Count("copy", gone);
        Count("words", words);
        return words;

        async Task<int> ExecuteAsync(string statement)
        {
            await using var command = new NpgsqlCommand(statement, connection, transaction) { Parameters = { new("ids", ids), new("oldest", oldest) } };
            return await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Words of messages about nothing of which there is a copy. Most that are old themselves are about an appointment that was booked long before its day, and stay for now.</summary>
    private async Task<int> UnknownAsync(DateTimeOffset oldest, CancellationToken ct)
    {
        var words = 0;
        await foreach (var page in PagesAsync("message", "id", "created_at < @oldest and body <> ''", oldest, ct))
        {
            await using var command = database.CreateCommand($"update message m set subject = null, body = '' where m.id = any(@ids) and m.body <> '' and not {StillTells}");
            command.Parameters.AddWithValue("ids", page);
            var wiped = await command.ExecuteNonQueryAsync(ct);
            Count("words", wiped);
            words += wiped;
        }

        return words;
    }

    private async Task EvidenceAsync(DateTimeOffset before, CancellationToken ct)
    {
        foreach (var statement in (string[])[
            $"delete from provider_report where event_id in (select event_id from provider_report where received_at < @oldest limit {EvidencePage})",
            $"delete from attempt where id in (select id from attempt where created_at < @oldest and check_at is null and redact_at is null limit {EvidencePage})",
            $"""
            with gone as (select m.id from message m where m.created_at < @oldest and m.body = '' and not exists (select from attempt a where a.message_id = m.id) limit {EvidencePage}),
                 links as (delete from message_step link using gone where link.message_id = gone.id)
            delete from message m using gone where m.id = gone.id
            """,
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

    private IAsyncEnumerable<Guid[]> PagesAsync(string table, string id, string condition, DateTimeOffset oldest, CancellationToken ct) =>
        LargeTable.PagesAsync(database, table, id, condition, parameters => parameters.AddWithValue("oldest", oldest), Page, ct);

    private async Task<Guid[]> IdsAsync(string query, Guid[] of, CancellationToken ct)
    {
        await using var command = database.CreateCommand(query);
        command.Parameters.AddWithValue("ids", of);
        var ids = new List<Guid>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) ids.Add(rows.GetGuid(0));
        return [.. ids];
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
