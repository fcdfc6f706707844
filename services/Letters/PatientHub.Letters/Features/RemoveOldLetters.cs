using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Npgsql;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Letters.Clients;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Letters.Features;

/// <summary>
/// A16: after 24 months letters are removed for good, with their versions, texts and enclosures, and with what was known of their appointments.
/// <list type="number">
/// <item>A page of letters whose last day is over.</item>
/// <item>Appointments is asked: an appointment that is still there after 24 months is at somebody's desk, and its letters stay with it. No reply: nothing is removed this time.</item>
/// <item>The rows go in one statement, but not of a letter that somebody still waits for, and files that no letter and no clinic has any more.</item>
/// </list>
/// A letter that was to be posted and was neither posted nor opened stays, and is a person's task: that is a promise that was not kept (A29).
/// </summary>
public sealed partial class RemoveOldLetters(IServiceScopeFactory scopes, NpgsqlDataSource database, IMeterFactory meters, ILogger<RemoveOldLetters> logger) : IRetention
{
    private const int Batch = AppointmentsClient.MaxIds;
    private readonly Counter<long> _removed = meters.Create("PatientHub.Letters").CreateCounter<long>("patienthub.letters.removed", "{letter}", "Letters removed after 24 months (A16)");

    // Another replica, or this one after a restart, raises the same task again, which changes nothing.
    private readonly ConcurrentDictionary<Guid, bool> _alarmed = [];

    // Booked still, as far as the PAS has said, or without an appointment: whoever was treated or cancelled waits for nothing.
    private const string StillWaitedFor = """
        exists (select from letter_version v where v.letter_id = l.letter_id and v.version = l.current_version and v.ladder and v.opened_at is null and v.posted_at is null and v.ended_at is null)
        and not exists (select from appointment_copy a where a.appointment_id = l.appointment_id and a.pas_status <> 'Booked')
        """;

    // A document that came as "entered in error" has no version and no last day; its row only keeps older ones out (A34).
    private const string IsOld = "(case when current_version > 0 then shown_until < @today else source_version < @oldest end)";

    /// <summary>Everything that is old at this instant. Returns how many letters are gone.</summary>
    public async Task<int> RunOnceAsync(DateTimeOffset now, CancellationToken ct)
    {
        await AlarmAsync(now, ct);
        var gone = 0;
        await foreach (var page in PagesAsync("letter", "letter_id", IsOld, now, ct))   // Step 1
            gone += await RemoveAsync(await WithoutAppointmentAsync(page, ct), now, ct);   // Steps 2, 3

        await RemoveBesidesAsync(now, ct);
        if (gone == 0) return 0;
        _removed.Add(gone);
        Log.Removed(logger, gone);
        return gone;
    }

    private async Task<Guid[]> WithoutAppointmentAsync(Guid[] letters, CancellationToken ct)
    {
        await using var read = database.CreateCommand("select letter_id, appointment_id from letter where letter_id = any(@letters)");
        read.Parameters.AddWithValue("letters", letters);
        var page = new List<(Guid LetterId, Guid? AppointmentId)>();
        await using (var rows = await read.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct)) page.Add((rows.GetGuid(0), rows.IsDBNull(1) ? null : rows.GetGuid(1)));
        var asked = page.Select(l => l.AppointmentId).OfType<Guid>().Distinct().ToArray();
        await using var scope = scopes.CreateAsyncScope();
        var there = asked.Length == 0 ? [] : await scope.ServiceProvider.GetRequiredService<AppointmentsClient>().StandingAsync(asked, ct);
        return [.. page.Where(l => l.AppointmentId is not { } id || !there.ContainsKey(id)).Select(l => l.LetterId)];
    }

    private async Task<int> RemoveAsync(Guid[] letters, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var enclosed = new NpgsqlCommand("select distinct file_id from letter_enclosure where letter_id = any(@letters)", connection, transaction) { Parameters = { new("letters", letters) } };
        var files = new List<Guid>();
        await using (var rows = await enclosed.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct)) files.Add(rows.GetGuid(0));

        // What has changed since the page was read is left alone; versions, texts and enclosures go with their letter (foreign keys).
        await using var remove = At(now, new NpgsqlCommand($"""
            delete from letter where letter_id in (
                select l.letter_id from letter l where l.letter_id = any(@letters) and {IsOld} and not ({StillWaitedFor}) order by l.letter_id for update skip locked)
            """, connection, transaction));
        remove.Parameters.AddWithValue("letters", letters);
        var gone = await remove.ExecuteNonQueryAsync(ct);

        await using var unused = new NpgsqlCommand("""
            delete from enclosure_file f where f.file_id = any(@files)
                and not exists (select from letter_enclosure e where e.file_id = f.file_id) and not exists (select from clinic_enclosure c where c.file_id = f.file_id)
            """, connection, transaction)
        { Parameters = { new("files", files.ToArray()) } };
        await unused.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return gone;
    }

    /// <summary>What was known of appointments that have no letter any more, and what of documents could not be used.</summary>
    private async Task RemoveBesidesAsync(DateTimeOffset now, CancellationToken ct)
    {
        await foreach (var page in PagesAsync("appointment_copy", "appointment_id", "start < @oldest and letter_due_at is null", now, ct))
        {
            await using var remove = Command("""
                delete from appointment_copy a where a.appointment_id = any(@page) and a.start < @oldest and a.letter_due_at is null
                    and not exists (select from letter l where l.appointment_id = a.appointment_id)
                """, now);
            remove.Parameters.AddWithValue("page", page);
            await remove.ExecuteNonQueryAsync(ct);
        }

        foreach (var statement in (string[])[
            $"delete from notice where notice_id in (select notice_id from notice where due_at is null and wanted_at < @oldest limit {Batch})",
            $"delete from feed_issue where feed_issue_id in (select feed_issue_id from feed_issue where occurred_at < @oldest limit {Batch})"])
        {
            int gone;
            do
            {
                await using var remove = Command(statement, now);
                gone = await remove.ExecuteNonQueryAsync(ct);
            }
            while (gone == Batch);
        }
    }

    private async Task AlarmAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var read = Command($"select l.letter_id, l.patient_id, l.appointment_id from letter l where {IsOld} and l.status <> 'Withdrawn' and {StillWaitedFor} limit {Batch}", now);
        var kept = new List<RaiseTask>();
        await using (var rows = await read.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                kept.Add(new RaiseTask
                {
                    TaskId = TaskIds.For("letter-never-posted", rows.GetGuid(0)),
                    Code = TaskCodes.Undeliverable,
                    Alarmed = true,
                    PatientId = rows.GetGuid(1),
                    AppointmentId = rows.IsDBNull(2) ? null : rows.GetGuid(2),
                    LetterId = rows.GetGuid(0),
                    Note = "A letter of over 24 months ago was neither posted nor opened. It is kept until it is posted or withdrawn.",
                    OccurredAt = now,
                });
        kept.RemoveAll(task => _alarmed.ContainsKey(task.LetterId!.Value));
        if (kept.Count == 0) return;

        await using var scope = scopes.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        foreach (var task in kept) outbox.Add(task);
        await scope.ServiceProvider.GetRequiredService<LettersDbContext>().SaveChangesAsync(ct);
        foreach (var task in kept) _alarmed[task.LetterId!.Value] = true;
        Log.Kept(logger, kept.Count);
    }

    private IAsyncEnumerable<Guid[]> PagesAsync(string table, string id, string condition, DateTimeOffset now, CancellationToken ct) =>
        LargeTable.PagesAsync(database, table, id, condition, parameters => AddInstants(parameters, now), Batch, ct);

    private NpgsqlCommand Command(string text, DateTimeOffset now) => At(now, database.CreateCommand(text));

    private static NpgsqlCommand At(DateTimeOffset now, NpgsqlCommand command)
    {
        AddInstants(command.Parameters, now);
        return command;
    }

    private static void AddInstants(NpgsqlParameterCollection parameters, DateTimeOffset now)
    {
        parameters.AddWithValue("today", LondonTime.DateOf(now));
        parameters.AddWithValue("oldest", TwentyFourMonths.OldestStart(now));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} letters were removed after 24 months (A16).")]
        public static partial void Removed(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Error, "{Count} letters of over 24 months ago were never posted and are kept (A16, A29).")]
        public static partial void Kept(ILogger logger, int count);
    }
}
