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
    public async Task<PatientFacts> LockAsync(Guid patientId, CancellationToken cancellationToken) =>
        (await LockAsync([patientId], cancellationToken)).Values.Single();

    /// <summary>The same for many, always in one order: two batches with common patients wait for each other instead of deadlocking.</summary>
    public async Task<IReadOnlyDictionary<Guid, PatientFacts>> LockAsync(IEnumerable<Guid> patientIds, CancellationToken cancellationToken)
    {
        var ids = patientIds.Distinct().ToArray();
        await db.Database.ExecuteSqlAsync($"insert into patient (patient_id) select id from unnest({ids}) as id order by id on conflict do nothing", cancellationToken);
        return (await db.Patients.FromSql($"select * from patient where patient_id = any({ids}) order by patient_id for update").ToListAsync(cancellationToken)).ToDictionary(patient => patient.PatientId);
    }

    /// <summary>The letter's facts, made when this is the first we hear of it.</summary>
    public async Task<LetterFacts> LetterAsync(Guid letterId, Guid patientId, CancellationToken cancellationToken) =>
        (await LettersAsync([(letterId, patientId)], cancellationToken)).Values.Single();

    /// <summary>The facts of many letters.</summary>
    public async Task<IReadOnlyDictionary<Guid, LetterFacts>> LettersAsync(IReadOnlyCollection<(Guid LetterId, Guid PatientId)> named, CancellationToken cancellationToken)
    {
        var ids = named.Select(letter => letter.LetterId).Distinct().ToArray();
        var letters = await db.Letters.Where(letter => ids.Contains(letter.LetterId)).ToDictionaryAsync(letter => letter.LetterId, cancellationToken);
        foreach (var (letterId, patientId) in named)
            if (!letters.ContainsKey(letterId))
            {
                var letter = new LetterFacts { LetterId = letterId, PatientId = patientId };
                letters.Add(letterId, letter);
                db.Letters.Add(letter);
            }

        return letters;
    }

    public Task LookAtAppointmentAsync(PatientFacts patient, Guid appointmentId, CancellationToken cancellationToken) =>
        LookAtAppointmentsAsync([(patient, appointmentId)], cancellationToken);

    /// <summary>Looks at many appointments, each once, in as many statements as one would take.</summary>
    public async Task LookAtAppointmentsAsync(IReadOnlyCollection<(PatientFacts Patient, Guid AppointmentId)> named, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        var patients = named.GroupBy(one => one.AppointmentId).ToDictionary(same => same.Key, same => same.Last().Patient);
        var ids = patients.Keys.ToArray();
        var appointments = ids.Select(id => db.Appointments.Local.FindEntry(id)?.Entity).OfType<AppointmentFacts>().ToDictionary(appointment => appointment.AppointmentId);
        Guid[] unread = [.. ids.Where(id => !appointments.ContainsKey(id))];
        if (unread.Length > 0)
            foreach (var appointment in await db.Appointments.Where(appointment => unread.Contains(appointment.AppointmentId)).ToListAsync(cancellationToken))
                appointments.Add(appointment.AppointmentId, appointment);
        if (appointments.Count == 0)
            return;

        var letters = (await db.Letters.Where(letter => letter.AppointmentId != null && ids.Contains(letter.AppointmentId.Value)).ToListAsync(cancellationToken)).ToLookup(letter => letter.AppointmentId);
        // Locked in one order, as the decision to print does.
        var deadlines = (await db.Deadlines.FromSql($"select * from deadline where appointment_id = any({ids}) order by deadline_id for update").ToListAsync(cancellationToken)).ToLookup(deadline => deadline.AppointmentId);
        var now = await clock.UtcNowAsync(cancellationToken);
        foreach (var (id, appointment) in appointments)
        {
            var letter = letters[id].Where(letter => letter.Revision == appointment.Revision).OrderBy(letter => letter.Withdrawn).ThenByDescending(letter => letter.ReadyAt).FirstOrDefault();
            Publish(rules.Look(appointment, letter, [.. deadlines[id].OrderBy(deadline => deadline.CreatedAt)], patients[id], now), now);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    public Task LookAtLetterAsync(PatientFacts patient, LetterFacts letter, CancellationToken cancellationToken) => LookAtLettersAsync([(patient, letter)], cancellationToken);

    /// <summary>Looks at many letters: those with an appointment together.</summary>
    public async Task LookAtLettersAsync(IReadOnlyCollection<(PatientFacts Patient, LetterFacts Letter)> named, CancellationToken cancellationToken)
    {
        (PatientFacts Patient, LetterFacts Letter)[] ofAppointments = [.. named.Where(one => one.Letter.AppointmentId is not null)];
        if (ofAppointments.Length > 0)
        {
            await LookAtAppointmentsAsync([.. ofAppointments.Select(one => (one.Patient, one.Letter.AppointmentId!.Value))], cancellationToken);
            await LookAtRequestedAsync(ofAppointments, cancellationToken);
        }

        foreach (var (patient, letter) in named.Where(one => one.Letter.AppointmentId is null))
        {
            await db.SaveChangesAsync(cancellationToken);
            var deadlines = await db.Deadlines.FromSql($"select * from deadline where letter_id = {letter.LetterId} and appointment_id is null order by created_at for update").ToListAsync(cancellationToken);
            var about = letter.AboutAppointmentId is { } id ? await db.Appointments.FindAsync([id], cancellationToken) : null;
            var news = letter is { AboutAppointmentId: { } told, AboutRevision: { } revision } ? await db.CancellationNews.FindAsync([told, revision], cancellationToken) : null;
            var now = await clock.UtcNowAsync(cancellationToken);
            Publish(rules.Look(letter, deadlines, patient, now, about, news), now);
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>A23: what became of the message about a cancellation. The letter that tells the same may be there already, or come later. The caller holds the patient's lock.</summary>
    public async Task TakeNewsAsync(PatientFacts patient, Guid appointmentId, int revision, Action<CancellationNews> take, CancellationToken cancellationToken)
    {
        var news = await db.CancellationNews.FindAsync([appointmentId, revision], cancellationToken);
        if (news is null)
            db.CancellationNews.Add(news = new CancellationNews(appointmentId, revision));
        take(news);
        foreach (var letter in await db.Letters.Where(letter => letter.AboutAppointmentId == appointmentId && letter.AboutRevision == revision && letter.PatientId == patient.PatientId).ToListAsync(cancellationToken))
            await LookAtLetterAsync(patient, letter, cancellationToken);
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
    private async Task LookAtRequestedAsync(IReadOnlyCollection<(PatientFacts Patient, LetterFacts Letter)> named, CancellationToken cancellationToken)
    {
        var byLetter = named.GroupBy(one => one.Letter.LetterId).ToDictionary(same => same.Key, same => same.Last());
        var ids = byLetter.Keys.ToArray();
        var requested = await db.Deadlines.FromSql($"select * from deadline where letter_id = any({ids}) and appointment_id is null and state in ('Waiting', 'Suspended') order by deadline_id for update").ToListAsync(cancellationToken);
        if (requested.Count == 0)
            return;
        var now = await clock.UtcNowAsync(cancellationToken);
        foreach (var deadline in requested)
            Publish(rules.LookAtRequested(byLetter[deadline.LetterId!.Value].Letter, deadline, byLetter[deadline.LetterId!.Value].Patient, now), now);
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
            await LookAtRequestedAsync([(patient, letter)], cancellationToken);
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
        if (outcome.Telephone is { } changed)
            outbox.Add(new RaiseTask
            {
                TaskId = TaskIds.For("moved-after-post", changed.AppointmentId!.Value, changed.Revision!.Value),
                Code = TaskCodes.TelephonePatient,
                PatientId = changed.PatientId,
                AppointmentId = changed.AppointmentId,
                Note = "The appointment was changed after its letter had gone by post, and the new letter may come too late. Telephone the patient: the letter that he or she has is not right any more.",
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
