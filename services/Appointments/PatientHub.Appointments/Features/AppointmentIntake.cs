using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;
using PatientHub.Messaging;
using Appointment = PatientHub.Appointments.Domain.Appointment;
using FhirAppointment = Hl7.Fhir.Model.Appointment;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Appointments.Features;

/// <summary>An Appointment of the PAS in our words, with what could not be used of it.</summary>
internal sealed record AppointmentArrival(Guid Id, string SourceSystem, string SourceId, PasFacts Facts, ClinicReference Clinic, IReadOnlyList<FhirIssue> Warnings)
{
    /// <summary>The arrival that a resource is, or the answer to a resource that cannot be taken.</summary>
    public static (AppointmentArrival? Arrival, FhirResult? Refused) Of(FhirInput<FhirAppointment> input, SourceIds ids)
    {
        if (input.Refused(out var problem)) return (null, problem);
        var mapped = FhirMapping.ToFacts(input, ids);
        if (mapped.Refused is not null) return (null, mapped.Refused);
        var (facts, clinic) = mapped.Value!;
        return (new AppointmentArrival(ids.Appointment(input.SourceSystem, input.SourceId), input.SourceSystem, input.SourceId, facts, clinic, mapped.Warnings), null);
    }
}

/// <summary>
/// Takes Appointments of the PAS, one or a hundred, by the same rules:
/// <list type="number">
/// <item>In one transaction, what is known of their patients, clinics and of themselves is read, for all at once. The clinics' rows stay locked: settings that come at the same moment either see these
/// appointments or are seen by them (R1).</item>
/// <item>Each is decided by itself and without another question to the database (A34).</item>
/// <item>What came of it is saved, for all at once.</item>
/// </list>
/// </summary>
internal sealed partial class AppointmentIntake(
    AppointmentsDbContext db, IOutbox outbox, SourceIds ids, DatabaseClock clock, IOptions<AppointmentsOptions> options, ILogger<Appointment> logger)
{
    /// <summary>Takes all of them, whose ids differ, or none.</summary>
    /// <returns>The answers, in the order of the arrivals.</returns>
    /// <exception cref="DbUpdateException">Somebody was faster with one of them.</exception>
    public async Task<IReadOnlyList<FhirResult>> TakeAsync(IReadOnlyList<AppointmentArrival> arrivals, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var round = await ReadAsync(arrivals, ct);                               // Step 1
        FhirResult[] answers = [.. arrivals.Select(a => Decide(a, round))];      // Step 2
        await RaiseAsync(round, ct);                                             // Step 3
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        foreach (var (appointment, change) in round.Taken) Log.Taken(logger, appointment.Id, appointment.Version, appointment.Revision, change);
        return answers;
    }

    private async Task<Round> ReadAsync(IReadOnlyList<AppointmentArrival> arrivals, CancellationToken ct)
    {
        var (now, patients) = await Patients.ReadAsync(db, clock, [.. arrivals.Select(a => a.Facts.PatientId).Distinct()], ct);
        Guid[] known = [.. arrivals.Select(a => a.Id)];
        Guid[] clinics = [.. arrivals.Select(a => a.Clinic.Id).Distinct()];
        return new Round(
            FhirMapping.Micro(now), patients,
            await db.Appointments.Where(a => known.Contains(a.Id)).ToDictionaryAsync(a => a.Id, ct),
            await db.Clinics.FromSql($"select *, xmin from clinic where id = any({clinics}) order by id for share").ToDictionaryAsync(c => c.Id, ct));
    }

    private FhirResult Decide(AppointmentArrival arrival, Round round)
    {
        var patient = round.Patients[arrival.Facts.PatientId];
        var facts = arrival.Facts with { PatientId = patient.PatientId };
        var stored = round.Stored.GetValueOrDefault(arrival.Id);
        if (stored is not null && stored.PatientId != facts.PatientId)
        {
            // A34: never a silent swap of patients: messages and letters of the first one are already under way.
            round.Tasks.Add(new DeskTask(ids.For("patienthub", "Task", $"other-patient:{arrival.Id}:{facts.PatientId}"), TaskCodes.RecordConflict, stored.PatientId,
                "The PAS sent a known appointment for another patient. It was refused.", round.Now)
            { Alarmed = true, AppointmentId = arrival.Id });
            Log.OtherPatient(logger, arrival.Id);
            return FhirResult.Refused(StatusCodes.Status409Conflict, OperationOutcome.IssueType.Conflict, "Appointment.participant", "This appointment belongs to another patient. Nothing was changed.");
        }

        if (stored is not null && facts.SourceVersion < stored.SourceVersion) return FhirResult.Older("Appointment");

        if (stored is null && facts.Start is null)
        {
            return FhirResult.Taken(created: false, [.. arrival.Warnings,
                FhirIssue.Warning(OperationOutcome.IssueType.Incomplete, "Appointment.start", "Nothing is kept of an appointment that has no start and was never booked.")]);
        }

        var created = stored is null;
        var clinic = ClinicOf(arrival, round);
        PasChange change;
        if (stored is null)
        {
            (stored, change) = Appointment.Take(arrival.Id, arrival.SourceSystem, arrival.SourceId, facts, clinic, round.Now);
            db.Add(stored);
        }
        else
        {
            change = stored.Take(facts, clinic, round.Now);
        }

        Follow(arrival, stored, change, clinic, patient, round);
        return FhirResult.Taken(created, arrival.Warnings);
    }

    private Clinic ClinicOf(AppointmentArrival arrival, Round round)
    {
        if (!round.Clinics.TryGetValue(arrival.Clinic.Id, out var clinic))
        {
            round.Clinics.Add(arrival.Clinic.Id, clinic = new Clinic(arrival.Clinic.Id, arrival.SourceSystem, arrival.Clinic.SourceId, arrival.Clinic.Name));
            db.Add(clinic);
        }

        if (!clinic.HasSettings)
        {
            // R1: an unknown clinic is ViewOnly and makes a task, one per clinic.
            round.Tasks.Add(new DeskTask(ids.For("patienthub", "Task", $"unknown-clinic:{clinic.Id}"), TaskCodes.UnknownClinic, null,
                $"Appointments arrive for a clinic without settings ({clinic.SourceId}). It is shown without actions and invites nobody.", round.Now));
        }

        return clinic;
    }

    private void Follow(AppointmentArrival arrival, Appointment appointment, PasChange change, Clinic clinic, PatientNow patient, Round round)
    {
        round.Taken.Add((appointment, change.GetType().Name));
        if (change is PasChange.Cancelled { AskedByPatient: true } && appointment.TaskId is { } asked) round.Done.Add((asked, arrival.SourceSystem));
        AppointmentEvents.Add(outbox, change, appointment, clinic, round.Now);
        if (change is not PasChange.None)
            foreach (var warning in arrival.Warnings) db.Warnings.Add(new IntakeWarning("Appointment", appointment.Id, warning.Element ?? "Appointment", warning.Text, round.Now));
        if (appointment.NotToParents && appointment.PasStatus == PasStatus.Booked && change is not (PasChange.None or PasChange.Silent))
        {
            // A31: one for each time and place that somebody has to tell.
            round.Tasks.Add(new DeskTask(ids.For("patienthub", "Task", $"not-to-parents:{appointment.Id}:{appointment.Revision}"), TaskCodes.SafeRoute, appointment.PatientId,
                "This appointment is not to be told through the parents. The hub neither shows nor sends it. Tell the patient by the safe route; a message or letter from before may be on its way.", round.Now)
            { Alarmed = true, AppointmentId = appointment.Id });
            Log.SafeRoute(logger, appointment.Id);
        }

        // A34: nothing is refused for a patient who is still unknown; but somebody must hear of it.
        if (change is PasChange.Booked && !patient.IsHeardOf && round.Awaited.Add(patient.PatientId))
            db.AwaitedPatients.Add(new AwaitedPatient(patient.PatientId, appointment.Id, round.Now + options.Value.UnknownPatientAfter));
    }

    private async Task RaiseAsync(Round round, CancellationToken ct)
    {
        await DeskTasks.RaiseOnceAsync(db, round.Tasks, ct);
        if (round.Done.Count == 0) return;
        Guid[] asked = [.. round.Done.Select(d => d.TaskId)];
        var open = await db.Tasks.Where(t => asked.Contains(t.Id)).ToDictionaryAsync(t => t.Id, ct);
        foreach (var (id, by) in round.Done) open.GetValueOrDefault(id)?.Close(TaskOutcome.Done, by, round.Now);
    }

    /// <summary>What was read for the arrivals, and what has come of them until now.</summary>
    private sealed record Round(DateTimeOffset Now, IReadOnlyDictionary<Guid, PatientNow> Patients, IReadOnlyDictionary<Guid, Appointment> Stored, Dictionary<Guid, Clinic> Clinics)
    {
        public List<DeskTask> Tasks { get; } = [];
        public List<(Guid TaskId, string By)> Done { get; } = [];
        public HashSet<Guid> Awaited { get; } = [];
        public List<(Appointment Appointment, string Change)> Taken { get; } = [];
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Appointment {AppointmentId} taken: version {Version}, revision {Revision}, {Change}.")]
        public static partial void Taken(ILogger logger, Guid appointmentId, int version, int revision, string change);

        [LoggerMessage(3, LogLevel.Error, "Alarm: appointment {AppointmentId} has to be told by the safe route.")]
        public static partial void SafeRoute(ILogger logger, Guid appointmentId);

        [LoggerMessage(2, LogLevel.Error, "Appointment {AppointmentId} was sent for another patient and refused.")]
        public static partial void OtherPatient(ILogger logger, Guid appointmentId);
    }
}
