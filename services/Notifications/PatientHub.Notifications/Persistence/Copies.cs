using Microsoft.EntityFrameworkCore;
using Npgsql;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;

namespace PatientHub.Notifications.Persistence;

/// <summary>Writes the copies that events keep up to date: one statement for any number of events, and an older version never replaces a newer one.</summary>
internal static class Copies
{
    /// <summary>
    /// Everything about one patient happens one after the other until the transaction ends. Without it two events that arrive together (appointment and letter) would
    /// not see each other's row, and neither would start the journey.
    /// </summary>
    public static Task LockPatientsAsync(this NotificationsDbContext db, IEnumerable<Guid> patientIds, CancellationToken ct)
    {
        // Sorted, so that two batches cannot wait for each other.
        var keys = patientIds.Distinct().Select(id => BitConverter.ToInt64(id.ToByteArray(), 8)).Distinct().Order().ToArray();
        return db.Database.ExecuteSqlRawAsync("select pg_advisory_xact_lock(k) from unnest({0}) k", [keys], ct);
    }

    public static Task UpsertAppointmentsAsync(this NotificationsDbContext db, IReadOnlyCollection<AppointmentState> states, CancellationToken ct)
    {
        var newest = states.GroupBy(s => s.AppointmentId).Select(same => same.MaxBy(s => s.Version)!).ToArray();
        return db.Database.ExecuteSqlRawAsync("""
            insert into appointment as a (appointment_id, patient_id, version, revision, pas_status, patient_request, request_open, answered, start, clinic_mode, invites, booked_at)
            select * from unnest(@ids, @patients, @versions, @revisions, @statuses, @requests, @open, @answered, @starts, @modes, @invites, @booked)
            on conflict (appointment_id) do update set patient_id = excluded.patient_id, version = excluded.version, revision = excluded.revision,
                pas_status = excluded.pas_status, patient_request = excluded.patient_request, request_open = excluded.request_open, answered = excluded.answered, start = excluded.start,
                clinic_mode = excluded.clinic_mode, invites = excluded.invites, booked_at = excluded.booked_at
            where a.version < excluded.version
            """,
            [
                new NpgsqlParameter("ids", newest.Select(s => s.AppointmentId).ToArray()),
                new NpgsqlParameter("patients", newest.Select(s => s.PatientId).ToArray()),
                new NpgsqlParameter("versions", newest.Select(s => s.Version).ToArray()),
                new NpgsqlParameter("revisions", newest.Select(s => s.Revision).ToArray()),
                new NpgsqlParameter("statuses", newest.Select(s => s.PasStatus.ToString()).ToArray()),
                new NpgsqlParameter("requests", newest.Select(s => s.PatientRequest.ToString()).ToArray()),
                new NpgsqlParameter("open", newest.Select(s => s.RequestOpen).ToArray()),
                new NpgsqlParameter("answered", newest.Select(s => s.Answered).ToArray()),
                new NpgsqlParameter("starts", newest.Select(s => s.Start.ToUniversalTime()).ToArray()),
                new NpgsqlParameter("modes", newest.Select(s => s.ClinicMode.ToString()).ToArray()),
                new NpgsqlParameter("invites", newest.Select(s => s.Invites).ToArray()),
                new NpgsqlParameter("booked", newest.Select(s => s.BookedAt.ToUniversalTime()).ToArray()),
            ], ct);
    }

    public static Task UpsertPatientsAsync(this NotificationsDbContext db, IReadOnlyCollection<PatientState> states, CancellationToken ct)
    {
        var newest = states.GroupBy(s => s.PatientId).Select(same => same.MaxBy(s => s.Version)!).ToArray();
        return db.Database.ExecuteSqlRawAsync("""
            insert into patient as p (patient_id, version, has_mobile, has_email, letters_only, deceased, restricted, active)
            select * from unnest(@ids, @versions, @mobile, @email, @letters, @deceased, @restricted, @active)
            on conflict (patient_id) do update set version = excluded.version, has_mobile = excluded.has_mobile, has_email = excluded.has_email,
                letters_only = excluded.letters_only, deceased = excluded.deceased, restricted = excluded.restricted, active = excluded.active
            where p.version < excluded.version
            """,
            [
                new NpgsqlParameter("ids", newest.Select(s => s.PatientId).ToArray()),
                new NpgsqlParameter("versions", newest.Select(s => s.Version).ToArray()),
                new NpgsqlParameter("mobile", newest.Select(s => s.HasMobile).ToArray()),
                new NpgsqlParameter("email", newest.Select(s => s.HasEmail).ToArray()),
                new NpgsqlParameter("letters", newest.Select(s => s.LettersOnly).ToArray()),
                new NpgsqlParameter("deceased", newest.Select(s => s.Deceased).ToArray()),
                new NpgsqlParameter("restricted", newest.Select(s => s.Restricted).ToArray()),
                new NpgsqlParameter("active", newest.Select(s => s.Active).ToArray()),
            ], ct);
    }

    public static async Task UpsertLettersAsync(this NotificationsDbContext db, IReadOnlyCollection<LetterFact> facts, CancellationToken ct)
    {
        // One row per letter and statement: a batch may hold several facts of one letter.
        foreach (var round in Rounds(facts))
        {
            await db.Database.ExecuteSqlRawAsync("""
                insert into letter as l (letter_id, patient_id, appointment_id, revision, ready_version, ladder, ended_version, opened_version, posted_version, ready_at)
                select * from unnest(@ids, @patients, @appointments, @revisions, @ready, @ladder, @ended, @opened, @posted, @ready_at)
                on conflict (letter_id) do update set
                    patient_id = excluded.patient_id,
                    appointment_id = coalesce(excluded.appointment_id, l.appointment_id),
                    revision = case when excluded.ready_version > l.ready_version then excluded.revision else coalesce(l.revision, excluded.revision) end,
                    ladder = case when excluded.ready_version > l.ready_version then excluded.ladder else l.ladder end,
                    ready_at = case when excluded.ready_version > l.ready_version then excluded.ready_at else l.ready_at end,
                    ready_version = greatest(l.ready_version, excluded.ready_version),
                    ended_version = greatest(l.ended_version, excluded.ended_version),
                    opened_version = greatest(l.opened_version, excluded.opened_version),
                    posted_version = greatest(l.posted_version, excluded.posted_version)
                """,
                [
                    new NpgsqlParameter("ids", round.Select(f => f.LetterId).ToArray()),
                    new NpgsqlParameter("patients", round.Select(f => f.PatientId).ToArray()),
                    new NpgsqlParameter("appointments", round.Select(f => f.AppointmentId).ToArray()),
                    new NpgsqlParameter("revisions", round.Select(f => f.Revision).ToArray()),
                    new NpgsqlParameter("ready", round.Select(f => f.ReadyVersion).ToArray()),
                    new NpgsqlParameter("ladder", round.Select(f => f.Ladder).ToArray()),
                    new NpgsqlParameter("ended", round.Select(f => f.EndedVersion).ToArray()),
                    new NpgsqlParameter("opened", round.Select(f => f.OpenedVersion).ToArray()),
                    new NpgsqlParameter("posted", round.Select(f => f.PostedVersion).ToArray()),
                    new NpgsqlParameter("ready_at", round.Select(f => f.ReadyAt?.ToUniversalTime()).ToArray()),
                ], ct);
        }
    }

    private static IEnumerable<LetterFact[]> Rounds(IReadOnlyCollection<LetterFact> facts) =>
        facts.GroupBy(f => f.LetterId)
            .SelectMany(same => same.Select((fact, round) => (fact, round)))
            .GroupBy(numbered => numbered.round, numbered => numbered.fact)
            .OrderBy(round => round.Key)
            .Select(round => round.ToArray());
}

/// <summary>What one event says about a letter; the numbers it does not speak of are 0.</summary>
internal sealed record LetterFact(Guid LetterId, Guid PatientId)
{
    public Guid? AppointmentId { get; init; }
    public int? Revision { get; init; }
    public int ReadyVersion { get; init; }
    public bool Ladder { get; init; }
    public int EndedVersion { get; init; }
    public int OpenedVersion { get; init; }
    public int PostedVersion { get; init; }
    public DateTimeOffset? ReadyAt { get; init; }
}
