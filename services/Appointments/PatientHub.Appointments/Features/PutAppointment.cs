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

namespace PatientHub.Appointments.Features;

/// <summary>
/// <c>PUT /fhir/Appointment/{id}</c>: the PAS's word on one appointment. Taken even if patient, clinic or site are still unknown (A34). The same resource again changes
/// nothing and publishes nothing; an older one is 412; another patient on a known appointment is refused and alarmed.
/// </summary>
internal static partial class PutAppointment
{
    public static void Map(IEndpointRouteBuilder fhir) => fhir.MapPut("/Appointment/{id}", HandleAsync);

    private static async Task<IResult> HandleAsync(
        FhirInput<FhirAppointment> input, SourceIds ids, AppointmentsDbContext db, IOutbox outbox, DatabaseClock clock, IOptions<AppointmentsOptions> options,
        ILogger<Appointment> logger, CancellationToken ct)
    {
        if (input.Refused(out var problem)) return problem;
        var mapped = FhirMapping.ToFacts(input, ids);
        if (mapped.Refused is { } refused) return refused;
        var id = ids.Appointment(input.SourceSystem, input.SourceId);
        var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
        return await Retry.OnConflictAsync(db, () => TakeAsync(id, input, mapped, ids, db, outbox, now, now + options.Value.UnknownPatientAfter, logger, ct));
    }

    private static async Task<IResult> TakeAsync(
        Guid id, FhirInput<FhirAppointment> input, Mapped<AppointmentResource> mapped, SourceIds ids, AppointmentsDbContext db, IOutbox outbox, DateTimeOffset now,
        DateTimeOffset patientNeededBy, ILogger logger, CancellationToken ct)
    {
        // One transaction from the clinic's lock on: settings that come at the same moment either see this appointment or are seen by it (R1).
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (facts, clinicReference) = mapped.Value!;
        facts = facts with { PatientId = await Patients.SurvivorAsync(db, facts.PatientId, ct) };
        var stored = await db.Appointments.SingleOrDefaultAsync(a => a.Id == id, ct);

        if (stored is not null && stored.PatientId != facts.PatientId)
        {
            // A34: never a silent swap of patients: messages and letters of the first one are already under way.
            var taskId = ids.For("patienthub", "Task", $"other-patient:{id}:{facts.PatientId}");
            await DeskTasks.RaiseOnceAsync(db, new DeskTask(taskId, TaskCodes.RecordConflict, stored.PatientId, "The PAS sent a known appointment for another patient. It was refused.", now)
            {
                Alarmed = true,
                AppointmentId = id,
            }, ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            Log.OtherPatient(logger, id);
            return FhirResult.Refused(StatusCodes.Status409Conflict, OperationOutcome.IssueType.Conflict, "Appointment.participant",
                "This appointment belongs to another patient. Nothing was changed.");
        }

        if (stored is not null && facts.SourceVersion < stored.SourceVersion) return FhirResult.Older("Appointment");

        if (stored is null && facts.Start is null)
        {
            return FhirResult.Taken(created: false, [.. mapped.Warnings,
                FhirIssue.Warning(OperationOutcome.IssueType.Incomplete, "Appointment.start", "Nothing is kept of an appointment that has no start and was never booked.")]);
        }

        var clinic = await ClinicAsync(clinicReference, input.SourceSystem, ids, db, now, ct);
        PasChange change;
        if (stored is null)
        {
            (stored, change) = Appointment.Take(id, input.SourceSystem, input.SourceId, facts, clinic, now);
            db.Add(stored);
        }
        else
        {
            change = stored.Take(facts, clinic, now);
        }

        if (change is PasChange.Cancelled { AskedByPatient: true } && stored.TaskId is { } asked && await db.Tasks.SingleOrDefaultAsync(t => t.Id == asked, ct) is { } task)
            task.Close(TaskOutcome.Done, input.SourceSystem, now);
        AppointmentEvents.Add(outbox, change, stored, clinic, now);
        if (change is not PasChange.None)
            foreach (var warning in mapped.Warnings) db.Warnings.Add(new IntakeWarning("Appointment", id, warning.Element ?? "Appointment", warning.Text, now));
        if (stored.NotToParents && stored.PasStatus == PasStatus.Booked && change is not (PasChange.None or PasChange.Silent))
        {
            // A31: one for each time and place that somebody has to tell.
            await DeskTasks.RaiseOnceAsync(db, new DeskTask(ids.For("patienthub", "Task", $"not-to-parents:{id}:{stored.Revision}"), TaskCodes.SafeRoute, stored.PatientId,
                "This appointment is not to be told through the parents. The hub neither shows nor sends it. Tell the patient by the safe route; a message or letter from before may be on its way.", now)
            { Alarmed = true, AppointmentId = id }, ct);
            Log.SafeRoute(logger, id);
        }

        if (change is PasChange.Booked) await AwaitPatientAsync(stored, patientNeededBy, db, ct);
        var created = db.Entry(stored).State == EntityState.Added;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        Log.Taken(logger, id, stored.Version, stored.Revision, change.GetType().Name);
        return FhirResult.Taken(created, mapped.Warnings);
    }

    private static async Task<Clinic> ClinicAsync(ClinicReference reference, string system, SourceIds ids, AppointmentsDbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var clinic = (await db.Clinics.FromSql($"select *, xmin from clinic where id = {reference.Id} for share").ToListAsync(ct)).SingleOrDefault();
        if (clinic is null)
        {
            clinic = new Clinic(reference.Id, system, reference.SourceId, reference.Name);
            db.Add(clinic);
        }

        if (!clinic.HasSettings)
        {
            // R1: an unknown clinic is ViewOnly and makes a task, one per clinic.
            await DeskTasks.RaiseOnceAsync(db, new DeskTask(ids.For("patienthub", "Task", $"unknown-clinic:{clinic.Id}"), TaskCodes.UnknownClinic, null,
                $"Appointments arrive for a clinic without settings ({clinic.SourceId}). It is shown without actions and invites nobody.", now), ct);
        }

        return clinic;
    }

    // A34: nothing is refused for a patient who is still unknown; but somebody must hear of it.
    private static async System.Threading.Tasks.Task AwaitPatientAsync(Appointment appointment, DateTimeOffset dueAt, AppointmentsDbContext db, CancellationToken ct)
    {
        if (await db.KnownPatients.AnyAsync(p => p.PatientId == appointment.PatientId, ct) || await db.AwaitedPatients.AnyAsync(p => p.PatientId == appointment.PatientId, ct)) return;
        db.AwaitedPatients.Add(new AwaitedPatient(appointment.PatientId, appointment.Id, dueAt));
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
