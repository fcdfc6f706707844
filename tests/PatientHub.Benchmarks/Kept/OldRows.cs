using System.Security.Cryptography;
using System.Text;
using Npgsql;
using PatientHub.Letters;

namespace PatientHub.Benchmarks.Kept;

/// <summary>
/// What a service has after thirty months in which nothing was removed: a fifth of it is over 24 months old. Rows lie as they came in, their keys are spread over the whole
/// index as keyed hashes are, and each patient has five. Sizes are those of life: a letter's text as the shipped template makes it, every twentieth letter a PDF of 80 kB,
/// messages of 150 characters, two reports of the provider for each.
/// </summary>
internal static class OldRows
{
    private const int PdfBytes = 80_000;

    // How long ago row i of $1 came in.
    private const string Came = "(now() - interval '30 months' * (1 - i::float / $1))";

    public static Guid Patient(int number) => new(MD5.HashData(Encoding.ASCII.GetBytes($"patient{number}")), bigEndian: true);

    public static int Patients(int rows) => Math.Max(1, rows / 5);

    public static Task FillAsync(NpgsqlDataSource database, string service, int rows) => service switch
    {
        "letters" => LettersAsync(database, rows),
        "notifications" => NotificationsAsync(database, rows),
        _ => AppointmentsAsync(database, rows),
    };

    private static async Task LettersAsync(NpgsqlDataSource database, int rows)
    {
        await LoadAsync(database, rows, [], """
            insert into letter (letter_id, patient_id, appointment_id, origin, status, current_version, title, letter_date, shown_until, source_version, source_hash)
            select {letter}, {patient}, {appointment}, case when i % 20 = 0 then 'Pas' else 'Template' end, 'Current', 1, 'Your appointment at the eye clinic', {came}::date, ({came} + interval '24 months')::date,
                case when i % 20 = 0 then {came} end, case when i % 20 = 0 then decode(md5(i::text) || md5((i + 1)::text), 'hex') end
            from {rows}
            """, """
            insert into letter_version (letter_id, version, appointment_id, revision, title, letter_date, phone, ladder, created_at, announced_at, opened_at, posted_at, pdf_bytes, withdrawn)
            select {letter}, 1, {appointment}, 0, 'Your appointment at the eye clinic', {came}::date, '01632 960 123', true, {came}, {came},
                case when i % 10 < 7 then {came} + interval '2 days' end, case when i % 10 >= 7 then {came} + interval '4 days' end, case when i % 20 = 0 then 80000 end, false
            from {rows}
            """, """
            insert into appointment_copy (appointment_id, patient_id, clinic_id, version, revision, pas_status, start, clinic_mode, invites, letter_source, booked_at)
            select {appointment}, {patient}, {clinic}, 1, 0, 'Fulfilled', {came}, 'Full', true, 'Template', {came} - interval '30 days' from {rows}
            """);
        using var shipped = new StreamReader(typeof(LettersHosting).Assembly.GetManifestResourceStream("templates/standard.hbs")!);
        await LoadAsync(database, rows, [await shipped.ReadToEndAsync(), RandomNumberGenerator.GetBytes(PdfBytes)], """
            insert into enclosure_file (file_id, title, pdf, pdf_bytes, created_at) select md5('file' || i)::uuid, 'How to prepare', $3, 80000, now() from generate_series(1, 20) i
            """, """
            insert into letter_body (letter_id, version, html, pdf)
            select {letter}, 1, case when i % 20 <> 0 then $2 || i end, case when i % 20 = 0 then $3 end from {rows}
            """, """
            insert into letter_enclosure (letter_id, version, number, file_id, of_clinic) select {letter}, 1, 1, md5('file' || (1 + i % 20))::uuid, false from {rows} where i % 10 = 0
            """);
    }

    private static async Task NotificationsAsync(NpgsqlDataSource database, int rows)
    {
        // An invitation and a reminder before the appointment: two rows are one appointment.
        const string pair = "md5('appointment' || (i + 1) / 2)::uuid";
        await LoadAsync(database, rows, [], $$"""
            insert into appointment (appointment_id, patient_id, version, revision, pas_status, patient_request, request_open, start, clinic_mode, invites, booked_at, answered)
            select {{pair}}, {patient}, 1, 0, 'Fulfilled', 'None', false, {came}, 'Full', true, {came} - interval '30 days', false from {rows} where i % 2 = 1
            """, $$"""
            insert into letter (letter_id, patient_id, appointment_id, revision, ready_version, ladder, ended_version, opened_version, posted_version, ready_at)
            select {letter}, {patient}, {{pair}}, 0, 1, true, 0, 1, 0, {came} - interval '29 days' from {rows} where i % 2 = 1
            """, $$"""
            insert into journey_step (id, kind, step, patient_id, subject_id, subject_version, letter_id, letter_version, appointment_id, revision, due_at, next_at, state, accepted_at, asked_by_patient, created_at)
            select {step}, case when i % 2 = 1 then 'Invitation' else 'AppointmentReminder' end, 0, {patient}, case when i % 2 = 1 then {letter} else {{pair}} end, 1, case when i % 2 = 1 then {letter} end,
                case when i % 2 = 1 then 1 end, {{pair}}, 0, {came}, {came}, 'Sent', {came}, false, {came} - interval '20 days' from {rows}
            """, """
            insert into message_step (step_id, channel, message_id) select {step}, 'Sms', {message} from {rows}
            """, """
            insert into attempt (id, message_id, channel, state, provider_id, fingerprint, created_at, accepted_at, ended_at)
            select md5('attempt' || i)::uuid, {message}, 'Sms', 'Delivered', 'SM' || md5(i::text), decode(md5(i::text) || md5((i + 1)::text), 'hex'), {came} - interval '20 days', {came} - interval '20 days', {came} - interval '20 days' from {rows}
            """, """
            insert into provider_report (event_id, attempt_id, status, received_at)
            select 'twilio:' || md5(i::text) || ':' || status, md5('attempt' || i)::uuid, status, {came} - interval '20 days' from {rows}, (values ('sent'), ('delivered')) as reports (status)
            """);
        await LoadAsync(database, rows, ["St Example's Hospital: there is a letter about an appointment. To read it, use the address that you have had before or call 01632 960 123. Do not reply. "], """
            insert into message (id, patient_id, channel, template, body, status, sent_at, failed_for_good, created_at)
            select {message}, {patient}, 'Sms', 'invitation.en.v1', $2 || i, 'Delivered', {came} - interval '20 days', false, {came} - interval '20 days' from {rows}
            """);
    }

    private static Task AppointmentsAsync(NpgsqlDataSource database, int rows) => LoadAsync(database, rows, [],
        """
        insert into clinic (id, source_system, source_id, name, feed_phone, has_settings, mode, letter_source, postal_notice_days, desk_configured)
        select md5('clinic' || i)::uuid, 'pas', 'C' || i, 'Eye clinic', '01632 960 123', true, 'Full', 'Template', 3, true from generate_series(0, 99) i
        """, """
        insert into appointment (id, source_system, source_id, source_version, patient_id, clinic_id, pas_status, start, medium, booked_at, booked_in_source, announced, promised, patient_request,
            request_open, request_agreed, moved_since_request, withdrawn, version, revision)
        select {appointment}, 'pas', 'appointment-' || i, {came}, {patient}, {clinic}, 'Fulfilled', {came}, 'FaceToFace', {came} - interval '30 days', {came} - interval '30 days', true, true, 'Accepted',
            false, false, false, false, 3, 0 from {rows}
        """, """
        insert into appointment_letter (appointment_id, letter_id, letter_version, revision, opened_at, post_due_at, post_revision, post_heard_at)
        select {appointment}, {letter}, 1, 0, {came} - interval '29 days', {came} - interval '26 days', 0, {came} - interval '30 days' from {rows}
        """, """
        insert into answer (id, appointment_id, patient_id, session_id, answer, revision, letter_id, letter_version, at)
        select md5('answer' || i)::uuid, {appointment}, {patient}, md5('session' || i)::uuid, 'Accepted', 0, {letter}, 1, {came} - interval '28 days' from {rows}
        """, """
        insert into task (id, code, status, alarmed, patient_id, appointment_id, note, unsuitable_times, raised_at, call_back_by, claimed_by, claimed_by_name, claimed_at, outcome, closed_at, version)
        select md5('task' || i)::uuid, 'rebook', 'Completed', false, {patient}, {appointment}, 'Asked for another time. Cannot come on Mondays.', 'Mondays, and the week after Easter', {came} - interval '20 days', {came}::date, 'staff',
            'Priya Shah', {came} - interval '19 days', 'Rebooked', {came} - interval '19 days', 2 from {rows} where i % 10 = 0
        """, """
        insert into staff_act (id, staff_id, staff_name, act, patient_id, task_id, at, done_at)
        select md5('act' || i)::uuid, 'staff', 'Priya Shah', 'task.closed', {patient}, md5('task' || i)::uuid, {came} - interval '19 days', {came} - interval '19 days' from {rows} where i % 10 = 0
        """);

    /// <summary>Rows first, then statistics, and everything on disk: what is measured then has the service's own schema and the usual settings.</summary>
    private static async Task LoadAsync(NpgsqlDataSource database, int rows, object[] more, params string[] inserts)
    {
        await using var connection = await database.OpenConnectionAsync();
        await ExecuteAsync("set synchronous_commit = off");
        // Foreign keys of rows that are right are not looked up one by one.
        await ExecuteAsync("set session_replication_role = replica");
        foreach (var insert in inserts)
            await ExecuteAsync(insert
                .Replace("{rows}", "generate_series(1, $1) i", StringComparison.Ordinal).Replace("{came}", Came, StringComparison.Ordinal)
                .Replace("{letter}", "md5('letter' || i)::uuid", StringComparison.Ordinal).Replace("{appointment}", "md5('appointment' || i)::uuid", StringComparison.Ordinal)
                .Replace("{patient}", $"md5('patient' || i % {Patients(rows)})::uuid", StringComparison.Ordinal).Replace("{clinic}", "md5('clinic' || i % 100)::uuid", StringComparison.Ordinal)
                .Replace("{step}", "md5('step' || i)::uuid", StringComparison.Ordinal).Replace("{message}", "md5('message' || i)::uuid", StringComparison.Ordinal), [rows, .. more]);
        await ExecuteAsync("reset all");
        await ExecuteAsync("vacuum analyze");
        await ExecuteAsync("checkpoint");

        async Task ExecuteAsync(string sql, params object[] values)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            foreach (var value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            await command.ExecuteNonQueryAsync();
        }
    }
}
