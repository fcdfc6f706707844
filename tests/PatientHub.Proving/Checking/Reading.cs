using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace PatientHub.Proving.Checking;

/// <summary>Reads the books. Everything is read as it lies there: no service is asked, so no service can talk itself out.</summary>
public sealed partial class Reading(HubAccess hub) : IDisposable
{
    private readonly HttpClient _simulators = new() { BaseAddress = hub.Simulators };
    private readonly HttpClient _broker = BrokerConsole.Open(hub.Broker, hub.BrokerManagement);

    public async Task<HubBooks> ReadAsync() => new()
    {
        ReadAt = DateTimeOffset.UtcNow,
        // What came of something is read before what it came of (session, then code; message or print, then intent): something new between two readings never looks as if it came from nowhere.
        Sessions = await RowsAsync("identitydb", "select id, patient_id, started_at from session", r => new SessionRow(r.GetGuid(0), r.GetGuid(1), At(r, 2))),
        Taken = await TakenMessagesAsync(),
        Printed = await PrintedAsync(),
        Appointments = await RowsAsync("appointmentsdb",
            """
            select id, source_id, patient_id, version, revision, pas_status, patient_request, request_open, task_id, start, announced, promised, booked_at from appointment
            """,
            r => new AppointmentRow(r.GetGuid(0), r.GetString(1), r.GetGuid(2), r.GetInt32(3), r.GetInt32(4), r.GetString(5), r.GetString(6), r.GetBoolean(7), Id(r, 8), At(r, 9), r.GetBoolean(10), r.GetBoolean(11), At(r, 12))),
        Answers = await RowsAsync("appointmentsdb", "select appointment_id, answer, revision, at from answer", r => new AnswerRow(r.GetGuid(0), DecisionOf(r.GetString(1)), r.GetInt32(2), At(r, 3))),
        Tasks = await RowsAsync("appointmentsdb", "select id, code, appointment_id, status, alarmed, letter_id from task", r => new TaskRow(r.GetGuid(0), r.GetString(1), Id(r, 2), r.GetString(3), r.GetBoolean(4), Id(r, 5))),
        Copies =
        [
            .. await RowsAsync("lettersdb", "select appointment_id, version, revision, pas_status from appointment_copy", r => Copy("letters", r)),
            .. await RowsAsync("notificationsdb", "select appointment_id, version, revision, pas_status from appointment", r => Copy("notifications", r)),
            .. await RowsAsync("postaldb", "select appointment_id, version, revision, pas_status from appointment", r => Copy("postal", r)),
        ],
        LetterVersions = await RowsAsync("lettersdb", "select letter_id, version, appointment_id, revision, opened_at, posted_at, ended_at from letter_version",
            r => new LetterVersionRow(r.GetGuid(0), r.GetInt32(1), Id(r, 2), Number(r, 3), When(r, 4), When(r, 5), When(r, 6))),
        Steps = await RowsAsync("notificationsdb", "select id, kind, step, patient_id, letter_id, letter_version, appointment_id, revision, state, next_at from journey_step",
            r => new StepRow(r.GetGuid(0), r.GetString(1), r.GetInt32(2), r.GetGuid(3), Id(r, 4), Number(r, 5), Id(r, 6), Number(r, 7), r.GetString(8), At(r, 9))),
        Attempts = await RowsAsync("notificationsdb", "select a.id, a.message_id, array(select t.step_id from proving_told.attempt_step t where t.attempt_id = a.id), a.code_id, a.channel, a.state, a.created_at, a.check_at from attempt a",
            r => new AttemptRow(r.GetGuid(0), Id(r, 1), r.GetFieldValue<Guid[]>(2), Id(r, 3), r.GetString(4), r.GetString(5), At(r, 6), When(r, 7))),
        OptOuts = await RowsAsync("notificationsdb", "select patient_id, opted_out, changed_at from preference", r => new OptOutRow(r.GetGuid(0), r.GetBoolean(1), At(r, 2))),
        Deadlines = await RowsAsync("postaldb",
            """
            select deadline_id, patient_id, appointment_id, revision, letter_id, letter_version, state, reason, due_at, held, last_safe_at, created_at, batch_id, posted_at, alarmed_at from deadline
            """,
            r => new DeadlineRow(r.GetGuid(0), r.GetGuid(1), Id(r, 2), Number(r, 3), Id(r, 4), Number(r, 5), r.GetString(6), r.GetString(7), At(r, 8), r.GetBoolean(9), When(r, 10), At(r, 11), Id(r, 12), When(r, 13), When(r, 14))),
        Batches = await RowsAsync("postaldb", "select batch_id, name, state, created_at from batch", r => new BatchRow(r.GetGuid(0), r.GetString(1), r.GetString(2), At(r, 3))),
        PostPatients = await RowsAsync("postaldb", "select patient_id, opted_out or also_post or (version > 0 and (not has_contact or letters_only)) from patient", r => new PostPatientRow(r.GetGuid(0), r.GetBoolean(1))),
        Outboxes = await OutboxesAsync(),
        Queues = await QueuesAsync(),
        Patients = await RowsAsync("identitydb", "select id, source_id, link_token from patient", r => new PatientRow(r.GetGuid(0), r.GetString(1), r.GetString(2))),
    };

    /// <summary>Rows of every outbox that wait, and those that were parked.</summary>
    public async Task<IReadOnlyList<OutboxRow>> OutboxesAsync()
    {
        var all = new List<OutboxRow>();
        foreach (var database in hub.Databases.Keys.Order(StringComparer.Ordinal))
            all.AddRange(await RowsAsync(database, "select count(*) filter (where parked_at is null), count(*) filter (where parked_at is not null) from outbox_message", r => new OutboxRow(database, r.GetInt64(0), r.GetInt64(1))));
        return all;
    }

    /// <summary>Every queue with what lies in it, unacknowledged messages too. After a restart quorum queues report 0 until they have a leader: those are waited for.</summary>
    public async Task<IReadOnlyList<QueueRow>> QueuesAsync()
    {
        for (var tries = 0; ; tries++)
        {
            var queues = (await _broker.GetFromJsonAsync<List<JsonElement>>("/api/queues"))!;
            if (queues.TrueForAll(q => !q.TryGetProperty("state", out var state) || state.GetString() is "running") || tries == 100)
            {
                var rows = new List<QueueRow>();
                foreach (var queue in queues)
                {
                    var row = new QueueRow(queue.GetProperty("name").GetString()!, queue.TryGetProperty("messages", out var messages) ? messages.GetInt64() : 0);
                    rows.Add(row.Messages > 0 && row.Name.EndsWith("_error", StringComparison.Ordinal) ? row with { Fault = await FaultAsync(row.Name) } : row);
                }

                return rows;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    /// <summary>What MassTransit wrote on the first message of an error queue; the message stays where it is.</summary>
    private async Task<string?> FaultAsync(string queue)
    {
        using var answer = await _broker.PostAsJsonAsync($"/api/queues/%2F/{queue}/get", new { count = 1, ackmode = "ack_requeue_true", encoding = "auto" });
        if (!answer.IsSuccessStatusCode) return null;
        var taken = (await answer.Content.ReadFromJsonAsync<List<JsonElement>>())!;
        if (taken.Count == 0 || !taken[0].GetProperty("properties").TryGetProperty("headers", out var headers)) return null;
        string Header(string name) => headers.TryGetProperty(name, out var value) ? value.ToString() : "?";
        return $"{Header("MT-Fault-ExceptionType")}: {Header("MT-Fault-Message")} {string.Join(" | ", Header("MT-Fault-StackTrace").Split('\n', StringSplitOptions.TrimEntries).Take(6))}";
    }

    /// <summary>Runs a query against a service's database.</summary>
    public async Task<IReadOnlyList<T>> RowsAsync<T>(string database, string sql, Func<NpgsqlDataReader, T> row)
    {
        await using var connection = new NpgsqlConnection(hub.Databases[database] + ";Pooling=false;Timezone=UTC");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(row(reader));
        return rows;
    }

    public void Dispose()
    {
        _simulators.Dispose();
        _broker.Dispose();
    }

    /// <summary>Every text and email that a provider has taken.</summary>
    public async Task<IReadOnlyList<TakenMessage>> TakenMessagesAsync() =>
    [
        .. (await _simulators.GetFromJsonAsync<List<JsonElement>>("/api/messages"))!.Select(m => new TakenMessage(
            m.GetProperty("id").GetString()!, m.GetProperty("channel").GetString()!, m.GetProperty("to").GetString()!, m.GetProperty("body").GetString()!,
            m.GetProperty("createdAt").GetDateTimeOffset(), Reference(m), m.TryGetProperty("code", out var code) ? code.GetString() : null,
            m.TryGetProperty("lost", out var lost) && lost.GetBoolean())),
    ];

    private async Task<IReadOnlyList<PrintedLetter>> PrintedAsync()
    {
        var printed = new List<PrintedLetter>();
        foreach (var batch in (await _simulators.GetFromJsonAsync<List<JsonElement>>("/api/print"))!)
        {
            foreach (var letter in batch.GetProperty("letters").EnumerateArray())
            {
                var name = FileName().Match(letter.GetProperty("file").GetString()!);
                printed.Add(new PrintedLetter(batch.GetProperty("name").GetString()!, Guid.Parse(name.Groups["letter"].Value), int.Parse(name.Groups["version"].Value, System.Globalization.CultureInfo.InvariantCulture),
                    letter.GetProperty("intact").GetBoolean() && letter.GetProperty("manifest").EnumerateObject().Any()));
            }
        }

        return printed;
    }

    private static Guid? Reference(JsonElement message)
    {
        var text = message.TryGetProperty("references", out var references) && references.TryGetProperty("attempt_id", out var argument) ? argument.GetString()
            : message.TryGetProperty("statusCallback", out var callback) ? callback.GetString()?.Split('/')[^1].Split('?')[0] : null;
        return Guid.TryParse(text, out var id) ? id : null;
    }

    /// <summary>The ledger's word for what Appointments has on record; a word that we do not know is a fault of ours, not a decision.</summary>
    private static string DecisionOf(string answer) => answer switch
    {
        "accepted" => "accept",
        "rebook-requested" => "rebook",
        "cancellation-requested" => "cancel",
        "request-withdrawn" => "withdraw",
        _ => throw new InvalidOperationException($"Appointments has an answer '{answer}' that the checker does not know."),
    };

    private static CopyRow Copy(string service, NpgsqlDataReader r) => new(service, r.GetGuid(0), r.GetInt32(1), r.GetInt32(2), r.GetString(3));

    private static Guid? Id(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : r.GetGuid(column);

    private static int? Number(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : r.GetInt32(column);

    private static DateTimeOffset At(NpgsqlDataReader r, int column) => r.GetFieldValue<DateTimeOffset>(column);

    private static DateTimeOffset? When(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : At(r, column);

    [GeneratedRegex(@"(?<letter>[0-9a-f-]{36})-v(?<version>\d+)\.pdf$")]
    private static partial Regex FileName();
}
