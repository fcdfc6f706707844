using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Contracts;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>
/// What every consumer does after it has taken its fact: look again. Facts of one patient are taken one after the other (the patient's row is locked for the
/// transaction), and deadlines are read with their rows locked, so that the worker's decision to print and a patient's opening never both win.
/// </summary>
internal sealed class PatientPost(PostalDbContext db, PostRules rules, DatabaseClock clock, IOutbox outbox)
{
    /// <summary>Locks the patient until the transaction ends; makes the row when this is the first we hear of them.</summary>
    public async Task<PatientFacts> LockAsync(Guid patientId, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"insert into patient (patient_id) values ({patientId}) on conflict do nothing", cancellationToken);
        return (await db.Patients.FromSql($"select * from patient where patient_id = {patientId} for update").ToListAsync(cancellationToken)).Single();
    }

    /// <summary>The letter's facts, made when this is the first we hear of it.</summary>
    public async Task<LetterFacts> LetterAsync(Guid letterId, Guid patientId, CancellationToken cancellationToken)
    {
        var letter = await db.Letters.FindAsync([letterId], cancellationToken);
        if (letter is null)
            db.Letters.Add(letter = new LetterFacts { LetterId = letterId, PatientId = patientId });
        return letter;
    }

    public async Task LookAtAppointmentAsync(PatientFacts patient, Guid appointmentId, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        if (await db.Appointments.FindAsync([appointmentId], cancellationToken) is { } appointment)
        {
            var letters = await db.Letters.Where(letter => letter.AppointmentId == appointmentId).ToListAsync(cancellationToken);
            var deadlines = await db.Deadlines.FromSql($"select * from deadline where appointment_id = {appointmentId} order by created_at for update").ToListAsync(cancellationToken);
            var letter = letters.Where(letter => letter.Revision == appointment.Revision)
                .OrderBy(letter => letter.Withdrawn).ThenByDescending(letter => letter.ReadyAt).FirstOrDefault();
            Publish(rules.Look(appointment, letter, deadlines, patient, await clock.UtcNowAsync(cancellationToken)), await clock.UtcNowAsync(cancellationToken));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task LookAtLetterAsync(PatientFacts patient, LetterFacts letter, CancellationToken cancellationToken)
    {
        if (letter.AppointmentId is { } appointmentId)
        {
            await LookAtAppointmentAsync(patient, appointmentId, cancellationToken);
            await LookAtRequestedAsync(patient, letter, cancellationToken);
            return;
        }

        await db.SaveChangesAsync(cancellationToken);
        var deadlines = await db.Deadlines.FromSql($"select * from deadline where letter_id = {letter.LetterId} and appointment_id is null order by created_at for update").ToListAsync(cancellationToken);
        Publish(rules.Look(letter, deadlines, patient, await clock.UtcNowAsync(cancellationToken)), await clock.UtcNowAsync(cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>
    /// A17: the patient wants this letter on paper. Returns all deadlines of the letter as they are then. The caller holds the patient's lock.
    /// </summary>
    public async Task<IReadOnlyList<Deadline>> RequestAsync(PatientFacts patient, LetterStanding letter, CancellationToken cancellationToken)
    {
        var deadlines = await db.Deadlines.FromSql($"select * from deadline where letter_id = {letter.LetterId} order by created_at for update").ToListAsync(cancellationToken);
        var appointment = letter.AppointmentId is { } id ? await db.Appointments.FindAsync([id], cancellationToken) : null;
        var now = await clock.UtcNowAsync(cancellationToken);
        var outcome = RequestedPost.Decide(letter.LetterId, letter.LetterVersion, deadlines, appointment, patient, now);
        Publish(outcome, now);
        await db.SaveChangesAsync(cancellationToken);
        return outcome.Created is { } created ? [.. deadlines, created] : deadlines;
    }

    /// <summary>An appointment's letter may have gone into the post beside its ladder.</summary>
    private async Task LookAtRequestedAsync(PatientFacts patient, LetterFacts letter, CancellationToken cancellationToken)
    {
        var now = await clock.UtcNowAsync(cancellationToken);
        foreach (var requested in await db.Deadlines.FromSql($"select * from deadline where letter_id = {letter.LetterId} and appointment_id is null and state in ('Waiting', 'Suspended') for update").ToListAsync(cancellationToken))
            Publish(rules.LookAtRequested(letter, requested, patient, now), now);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>A fact about the patient touches everything that is open, or could be.</summary>
    public async Task LookAtAllAsync(PatientFacts patient, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        var now = await clock.UtcNowAsync(cancellationToken);
        foreach (var appointmentId in await db.Appointments.Where(appointment => appointment.PatientId == patient.PatientId && appointment.Start > now)
            .Select(appointment => appointment.AppointmentId).ToListAsync(cancellationToken))
            await LookAtAppointmentAsync(patient, appointmentId, cancellationToken);
        foreach (var letter in await db.Letters.Where(letter => letter.PatientId == patient.PatientId && letter.AppointmentId == null).ToListAsync(cancellationToken))
            await LookAtLetterAsync(patient, letter, cancellationToken);
        foreach (var letter in await db.Letters.Where(letter => letter.PatientId == patient.PatientId && letter.AppointmentId != null
            && db.Deadlines.Any(open => open.LetterId == letter.LetterId && open.AppointmentId == null && (open.State == DeadlineState.Waiting || open.State == DeadlineState.Suspended))).ToListAsync(cancellationToken))
            await LookAtRequestedAsync(patient, letter, cancellationToken);
    }

    /// <summary>Everything that waits for this patient is due now.</summary>
    public async Task BringAllForwardAsync(PatientFacts patient, DueReason reason, CancellationToken cancellationToken)
    {
        var now = await clock.UtcNowAsync(cancellationToken);
        var waiting = await db.Deadlines.FromSql($"select * from deadline where patient_id = {patient.PatientId} and state = 'Waiting' for update").ToListAsync(cancellationToken);
        Publish(new PostOutcome(null, [.. waiting.Where(deadline => deadline.BringForward(now, reason))], []), now);
        await db.SaveChangesAsync(cancellationToken);
    }

    private void Publish(PostOutcome outcome, DateTimeOffset now)
    {
        if (outcome.Created is not null)
            db.Deadlines.Add(outcome.Created);
        foreach (var deadline in outcome.Touched)
            outbox.Add(new LetterPostScheduled
            {
                LetterId = deadline.LetterId,
                LetterVersion = deadline.LetterVersion,
                PatientId = deadline.PatientId,
                AppointmentId = deadline.AppointmentId,
                Revision = deadline.Revision,
                DueAt = deadline.State == DeadlineState.Waiting ? deadline.DueAt : null,
                OccurredAt = now,
            });
        foreach (var deadline in outcome.NeedsAccessibleFormat)
            outbox.Add(new RaiseTask
            {
                TaskId = TaskIds.For(deadline.DeadlineId, TaskCodes.AccessibleFormat),
                Code = TaskCodes.AccessibleFormat,
                PatientId = deadline.PatientId,
                AppointmentId = deadline.AppointmentId,
                LetterId = deadline.LetterId,
                Note = "This patient needs the letter in another format (braille, audio, easy read or BSL). Plain print was not sent.",
                OccurredAt = now,
            });
    }
}
