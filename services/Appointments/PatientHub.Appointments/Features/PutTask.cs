using System.Security.Claims;
using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using FhirTask = Hl7.Fhir.Model.Task;

namespace PatientHub.Appointments.Features;

/// <summary>
/// <c>PUT /fhir/Task/{id}</c> with <c>If-Match: W/"{version}"</c>: status in-progress claims the task, status completed with businessStatus done, kept or not-reached
/// closes it (A9, A10). Nothing else of the body is read. 412 when someone else was faster, 409 when someone else has it.
/// </summary>
internal static partial class PutTask
{
    public static void Map(IEndpointRouteBuilder fhir) => fhir.MapPut("/Task/{id}", HandleAsync);

    private static async Task<IResult> HandleAsync(
        FhirInput<FhirTask> input, HttpRequest request, ClaimsPrincipal user, AppointmentsDbContext db, IOutbox outbox, DatabaseClock clock, ILogger<DeskTask> logger, CancellationToken ct)
    {
        if (input.Refused(out var problem)) return problem;
        if (!Guid.TryParse(input.SourceId, out var id) || await db.Tasks.SingleOrDefaultAsync(t => t.Id == id, ct) is not { } task) return FhirResult.NotFound("Task");
        if (request.GetTypedHeaders().IfMatch is not [var match, ..])
            return FhirResult.Refused(StatusCodes.Status428PreconditionRequired, OperationOutcome.IssueType.Required, "If-Match", "Send If-Match with the ETag that was read.");
        if (match.Tag.Value?.Trim('"') != $"{task.Version}") return Faster();

        var by = user.ClientId();
        var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
        var appointment = await db.Appointments.SingleOrDefaultAsync(a => a.Id == task.AppointmentId, ct);
        switch (input.Resource.Status)
        {
            case FhirTask.TaskStatus.InProgress when task.Claim(by, now):
                break;
            case FhirTask.TaskStatus.Completed when TaskMapping.Outcome(input.Resource) is { } outcome && task.Close(outcome, by, now):
                await DeskTasks.ClosedAsync(db, outbox, task, outcome, appointment, now, ct);
                break;
            case FhirTask.TaskStatus.Completed when task.IsOpen && TaskMapping.Outcome(input.Resource) is null:
                return FhirResult.Refused(StatusCodes.Status422UnprocessableEntity, OperationOutcome.IssueType.Required, "Task.businessStatus", "Close with done, kept, not-reached or not-needed.");
            case FhirTask.TaskStatus.InProgress or FhirTask.TaskStatus.Completed when task.IsOpen:
                return FhirResult.Refused(StatusCodes.Status409Conflict, OperationOutcome.IssueType.BusinessRule, "Task.owner", "Somebody else has claimed this task.");
            case FhirTask.TaskStatus.InProgress or FhirTask.TaskStatus.Completed:
                return FhirResult.Refused(StatusCodes.Status409Conflict, OperationOutcome.IssueType.BusinessRule, "Task.status", "This task is closed.");
            default:
                return FhirResult.Refused(StatusCodes.Status422UnprocessableEntity, OperationOutcome.IssueType.Value, "Task.status", "Only in-progress (claim) and completed (close) can be sent.");
        }

        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Faster();
        }

        Log.Moved(logger, id, task.Code, task.Status);
        return new FhirResult(StatusCodes.Status200OK, TaskMapping.ToFhir(task, appointment)) { ETag = $"{task.Version}" };
    }

    private static FhirResult Faster() => FhirResult.Refused(
        StatusCodes.Status412PreconditionFailed, OperationOutcome.IssueType.Conflict, "Task.meta.versionId", "Someone changed this task meanwhile. Read it again.");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Task {TaskId} ({Code}) is {Status}.")]
        public static partial void Moved(ILogger logger, Guid taskId, string code, DeskTaskStatus status);
    }
}
