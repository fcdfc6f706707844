using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.Notifications.Workers;

namespace PatientHub.Notifications.Consumers;

/// <summary>
/// After any event about some patients: which journeys must begin, which steps are not wanted any more? Always decided from the whole of what is known, so the order
/// of the events does not matter and a repeated one changes nothing.
/// <list type="number">
/// <item>read the patients' current letters, future appointments and open steps;</item>
/// <item>stop what <see cref="JourneyRules"/> does not want;</item>
/// <item>insert what is missing; the unique key drops what is there.</item>
/// </list>
/// The caller holds the patients' lock (<see cref="Copies.LockPatientsAsync"/>).
/// </summary>
internal sealed class JourneyReview(NotificationsDbContext db, DatabaseClock clock, DueSignal due, IOptions<AppointmentReminderOptions> reminders, IOptions<LadderOptions> ladder)
{
    // Older letters keep what they have; nothing new begins for them.
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(60);

    public async Task RunAsync(IReadOnlyCollection<Guid> patientIds, CancellationToken ct)
    {
        var ids = patientIds.Distinct().ToArray();
        var now = await clock.UtcNowAsync(ct);

        // Step 1
        var since = now - Horizon;
        var letters = await db.Letters.AsNoTracking().Where(l => ids.Contains(l.PatientId) && l.Ladder && l.ReadyAt > since).ToListAsync(ct);
        var named = letters.Where(l => l.AppointmentId is not null).Select(l => l.AppointmentId!.Value).ToArray();
        var appointments = await db.Appointments.AsNoTracking()
            .Where(a => (ids.Contains(a.PatientId) && a.Start > now) || named.Contains(a.AppointmentId)).ToDictionaryAsync(a => a.AppointmentId, ct);
        var patients = await db.Patients.AsNoTracking().Where(p => ids.Contains(p.PatientId)).ToDictionaryAsync(p => p.PatientId, ct);
        var optedOut = (await db.Preferences.AsNoTracking().Where(p => ids.Contains(p.PatientId) && p.OptedOut).Select(p => p.PatientId).ToListAsync(ct)).ToHashSet();
        var open = await db.Steps.AsNoTracking().Where(s => ids.Contains(s.PatientId) && s.State == StepState.Open).ToListAsync(ct);
        var byId = letters.ToDictionary(l => l.LetterId);

        // Step 2
        var unwanted = open.Select(step => (step, reason: JourneyRules.StopReason(step, Facts(step), now))).Where(s => s.reason is not null).ToList();
        foreach (var same in unwanted.GroupBy(s => s.reason, s => s.step.Id))
        {
            var stopped = same.ToArray();
            await db.Steps.Where(s => stopped.Contains(s.Id) && s.State == StepState.Open)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.State, StepState.Stopped).SetProperty(s => s.Reason, same.Key), ct);
        }

        // Step 3
        var wanted = letters.SelectMany(Invitations).Concat(appointments.Values.SelectMany(Reminders))
            .Where(step => JourneyRules.StopReason(step, Facts(step), now) is null).ToList();
        await InsertAsync(wanted, ct);

        StepFacts Facts(JourneyStep step)
        {
            var letter = step.LetterId is { } letterId ? byId.GetValueOrDefault(letterId) : null;
            var appointment = step.AppointmentId is { } appointmentId ? appointments.GetValueOrDefault(appointmentId) : null;
            var patient = patients.GetValueOrDefault(step.PatientId);
            return new StepFacts
            {
                LetterEnded = letter is not null && (letter.ReadyVersion > step.LetterVersion || letter.EndedVersion >= step.LetterVersion),
                LetterOpened = letter is not null && letter.OpenedVersion >= step.LetterVersion,
                LetterPosted = letter is not null && letter.PostedVersion >= step.LetterVersion,
                Revision = appointment?.Revision,
                PasStatus = appointment?.PasStatus,
                PatientRequest = appointment is null || appointment.Revision < step.Revision ? null : appointment.PatientRequest,
                Answered = appointment is not null && appointment.Revision == step.Revision && appointment.Answered,
                Start = appointment?.Start,
                ClinicMode = appointment?.ClinicMode,
                MaySend = patient is null ? null : !patient.Deceased && !patient.Restricted && patient.Active,
                // A23: who may not be told of a move or cancellation by message may need a phone call: the sweep decides that.
                LettersOnly = !step.IsHospitalNews && (patient?.LettersOnly ?? false),
                OptedOut = !step.IsHospitalNews && optedOut.Contains(step.PatientId),
            };
        }

        IEnumerable<JourneyStep> Invitations(LetterCopy letter)
        {
            var begins = letter.ReadyAt!.Value;
            if (letter.AppointmentId is { } appointmentId)
            {
                // R1. The appointment's own event may still be on its way: it will come here again.
                if (!appointments.TryGetValue(appointmentId, out var appointment) || appointment.Revision != letter.Revision || !appointment.Invites) yield break;
                begins = appointment.BookedAt;
            }

            yield return new JourneyStep
            {
                Id = Guid.CreateVersion7(),
                Kind = JourneyKind.Invitation,
                Step = 0,
                PatientId = letter.PatientId,
                SubjectId = letter.LetterId,
                SubjectVersion = letter.ReadyVersion,
                LetterId = letter.LetterId,
                LetterVersion = letter.ReadyVersion,
                AppointmentId = letter.AppointmentId,
                Revision = letter.Revision,
                DueAt = now,
                NextAt = now,
                LetterBy = begins + ladder.Value.PostAfterBooking,
                CreatedAt = now,
            };
        }

        // A28: everyone with a booked appointment who has not opted out.
        IEnumerable<JourneyStep> Reminders(AppointmentCopy appointment)
        {
            if (appointment.PasStatus != PasStatus.Booked) yield break;
            foreach (var days in reminders.Value.DaysBefore)
            {
                var dueAt = AppointmentReminder.DueAt(appointment.Start, days);
                if (dueAt <= now) continue; // booked later than that: the invitation says it all
                var lapsesAt = dueAt + reminders.Value.LapsesAfter;
                yield return new JourneyStep
                {
                    Id = Guid.CreateVersion7(),
                    Kind = JourneyKind.AppointmentReminder,
                    Step = days,
                    PatientId = appointment.PatientId,
                    SubjectId = appointment.AppointmentId,
                    SubjectVersion = appointment.Revision,
                    AppointmentId = appointment.AppointmentId,
                    Revision = appointment.Revision,
                    DueAt = dueAt,
                    NextAt = dueAt,
                    LapsesAt = lapsesAt < appointment.Start ? lapsesAt : appointment.Start,
                    CreatedAt = now,
                };
            }
        }
    }

    /// <summary>Inserts steps, whoever else tries the same. A journey that ended only because nothing might be sent begins again (A24: the flag was taken back).</summary>
    public async Task InsertAsync(IReadOnlyCollection<JourneyStep> steps, CancellationToken ct)
    {
        if (steps.Count == 0) return;
        var rows = await db.Database.ExecuteSqlRawAsync("""
            insert into journey_step as s (id, kind, step, patient_id, subject_id, subject_version, letter_id, letter_version, appointment_id, revision,
                due_at, next_at, lapses_at, letter_by, state, previous_start, asked_by_patient, created_at)
            select id, kind, step, patient, subject, subject_version, letter, letter_version, appointment, revision, due, next, lapses, letter_by, 'Open', previous, asked, created
            from unnest(@id, @kind, @step, @patient, @subject, @subject_version, @letter, @letter_version, @appointment, @revision, @due, @next, @lapses, @letter_by, @previous, @asked, @created)
                as n (id, kind, step, patient, subject, subject_version, letter, letter_version, appointment, revision, due, next, lapses, letter_by, previous, asked, created)
            on conflict (subject_id, subject_version, kind, step) do update set state = 'Open', reason = null, next_at = excluded.next_at, claimed_until = null, held_until = null
            where s.state = 'Stopped' and s.reason = 'may-not-send'
            """,
            [
                new NpgsqlParameter("id", steps.Select(s => s.Id).ToArray()),
                new NpgsqlParameter("kind", steps.Select(s => s.Kind.ToString()).ToArray()),
                new NpgsqlParameter("step", steps.Select(s => s.Step).ToArray()),
                new NpgsqlParameter("patient", steps.Select(s => s.PatientId).ToArray()),
                new NpgsqlParameter("subject", steps.Select(s => s.SubjectId).ToArray()),
                new NpgsqlParameter("subject_version", steps.Select(s => s.SubjectVersion).ToArray()),
                new NpgsqlParameter("letter", steps.Select(s => s.LetterId).ToArray()),
                new NpgsqlParameter("letter_version", steps.Select(s => s.LetterVersion).ToArray()),
                new NpgsqlParameter("appointment", steps.Select(s => s.AppointmentId).ToArray()),
                new NpgsqlParameter("revision", steps.Select(s => s.Revision).ToArray()),
                new NpgsqlParameter("due", steps.Select(s => s.DueAt.ToUniversalTime()).ToArray()),
                new NpgsqlParameter("next", steps.Select(s => s.NextAt.ToUniversalTime()).ToArray()),
                new NpgsqlParameter("lapses", steps.Select(s => s.LapsesAt?.ToUniversalTime()).ToArray()),
                new NpgsqlParameter("letter_by", steps.Select(s => s.LetterBy?.ToUniversalTime()).ToArray()),
                new NpgsqlParameter("previous", steps.Select(s => s.PreviousStart?.ToUniversalTime()).ToArray()),
                new NpgsqlParameter("asked", steps.Select(s => s.AskedByPatient).ToArray()),
                new NpgsqlParameter("created", steps.Select(s => s.CreatedAt.ToUniversalTime()).ToArray()),
            ], ct);
        if (rows > 0) due.Signal();
    }
}
