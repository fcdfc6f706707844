using System.Text.Json;
using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Fhir;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using Patient = PatientHub.Identity.Domain.Patient;

namespace PatientHub.Identity.Features.Intake;

/// <summary>
/// <c>PUT /fhir/Patient/{id}</c>: creates or updates a patient; JSON or XML; the same resource twice changes nothing and publishes nothing.
/// <code>
/// 1 lock       one message at a time per patient, for the length of the transaction
/// 2 version    older than what is stored -> 412 (A34)
/// 3 quarantine probably another person -> kept aside, task, nothing applied (A30)
/// 4 mass       unusually many changed contacts stop the source (A34)
/// 5 apply      record, merges (A30), warnings for operations, tasks, events, ended sessions: one commit
/// </code>
/// </summary>
public static class PutPatientFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/fhir/Patient/{id}", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.FhirWrite));

    private static async Task<IResult> HandleAsync(
        FhirInput<Hl7.Fhir.Model.Patient> input, IdentityDbContext db, SourceIds ids, PatientEvents events, PatientMerges merges, MassChangeStop stop, DatabaseClock clock, CancellationToken ct)
    {
        if (input.Refused(out var problem)) return problem;
        var id = ids.Patient(input.SourceSystem, input.SourceId);
        var merging = input.Resource.Link.Count > 0 || await PatientMerges.ConcernAsync(db, id, ct);

        // Step 1
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (merging) await PatientLock.TakeForMergesAsync(db, ct);
        await PatientLock.TakeAsync(db, id, ct);
        // A34's "arrival" is the order in which messages are taken, so it is read behind the lock; on this connection, because waiting ones hold theirs.
        var now = await db.Database.SqlQuery<DateTimeOffset>($"select clock_timestamp() as \"Value\"").SingleAsync(ct) + clock.Offset;
        var version = input.LastUpdated ?? now;
        var (details, warnings) = PatientReader.Read(input.Resource, now, source => ids.Patient(input.SourceSystem, source));
        var patient = await db.Patients.AsTracking().SingleOrDefaultAsync(p => p.Id == id, ct);
        var created = patient is null;
        if (patient is null)
        {
            patient = Patient.Register(id, input.SourceSystem, input.SourceId, details, version, now);
            db.Patients.Add(patient);
            events.Registered(patient, details, now);
        }
        else
        {
            // Step 2
            if (version < patient.RecordVersion) return FhirResult.Older("Patient");

            // Step 3
            if (QuarantineRule.Reason(patient, details) is { } reason)
            {
                await QuarantineAsync(db, events, patient.Id, reason, details, version, now, ct);
                await db.SaveChangesAsync(ct);
                await transaction.CommitAsync(ct);
                return FhirResult.Taken(created: false, FhirIssue.Warning(OperationOutcome.IssueType.Conflict, "Patient",
                    "This looks like another person's record under a known id. It is kept in quarantine and was not applied; a task asks for a decision."));
            }

            // Step 4
            if (patient.ContactsWouldChange(details))
            {
                if (await stop.StandsAsync(input.SourceSystem, ct) || await stop.CountAsync(input.SourceSystem, now, ct))
                {
                    // What stopped it is kept; nothing of this record is applied, unless it says that nothing may be sent.
                    if (!details.Deceased && !details.Restricted)
                    {
                        await db.SaveChangesAsync(ct);
                        await transaction.CommitAsync(ct);
                        return FhirResult.Refused(StatusCodes.Status409Conflict, OperationOutcome.IssueType.BusinessRule, "Patient.telecom",
                            "This system has changed unusually many contacts. Further changes of contacts are refused until a supervisor of the hub lets them in; send this again then.");
                    }

                    details = patient.WithKnownContacts(details);
                    warnings = [.. warnings, FhirIssue.Warning(OperationOutcome.IssueType.BusinessRule, "Patient.telecom", "The contacts were not applied: this system has changed unusually many. Send this again when a supervisor has let them in.")];
                }
            }

            var change = patient.Apply(details, version, now);
            if (change.Anything) await events.ChangedAsync(patient, change, now, ct);
            // An accepted message is newer than whatever waits in quarantine: the source itself has decided.
            await db.QuarantinedRecords.Where(q => q.PatientId == id && q.RecordVersion <= version).ExecuteDeleteAsync(ct);
        }

        // Step 5
        await ReplaceWarningsAsync(db, id, warnings, now, created, ct);
        await db.SaveChangesAsync(ct);
        if (merging) await merges.ApplyAsync(patient, now, ct);
        await transaction.CommitAsync(ct);
        return FhirResult.Taken(created, warnings);
    }

    private static async System.Threading.Tasks.Task ReplaceWarningsAsync(
        IdentityDbContext db, Guid patientId, IReadOnlyList<FhirIssue> warnings, DateTimeOffset now, bool created, CancellationToken ct)
    {
        var known = created ? [] : await db.IntakeWarnings.AsTracking().Where(w => w.PatientId == patientId).OrderBy(w => w.Number).ToListAsync(ct);
        if (known.Select(w => (w.Element, w.Text)).SequenceEqual(warnings.Select(w => (w.Element ?? "Patient", w.Text)))) return;
        db.IntakeWarnings.RemoveRange(known);
        await db.SaveChangesAsync(ct);
        db.IntakeWarnings.AddRange(warnings.Select((w, i) => new IntakeWarning { PatientId = patientId, Number = i + 1, Element = w.Element ?? "Patient", Text = w.Text, ReceivedAt = now }));
    }

    private static async System.Threading.Tasks.Task QuarantineAsync(
        IdentityDbContext db, PatientEvents events, Guid patientId, string reason, PatientDetails details, DateTimeOffset version, DateTimeOffset now, CancellationToken ct)
    {
        var json = JsonSerializer.Serialize(details, JsonSerializerOptions.Web);
        // The same content again is the same cause: one task (its id follows from what was sent).
        var taskId = TaskIds.ForContent($"{patientId:N}{reason}{json}");
        var known = await db.QuarantinedRecords.AsTracking().SingleOrDefaultAsync(q => q.PatientId == patientId, ct);
        if (known?.TaskId == taskId) return;
        if (known is null)
        {
            db.QuarantinedRecords.Add(new QuarantinedRecord { PatientId = patientId, Reason = reason, RecordVersion = version, ReceivedAt = now, TaskId = taskId, Details = json });
        }
        else
        {
            (known.Reason, known.RecordVersion, known.ReceivedAt, known.TaskId, known.Details) = (reason, version, now, taskId, json);
        }

        events.Task(taskId, TaskCodes.RecordConflict, patientId, alarmed: true, reason == QuarantineRule.NewNhsNumber
            ? "The PAS sent this record with another NHS number. It is in quarantine and was not applied."
            : "The PAS sent this record with another surname and another date of birth. It is in quarantine and was not applied.", now);
    }
}
