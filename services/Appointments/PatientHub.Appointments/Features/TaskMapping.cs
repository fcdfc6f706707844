using Hl7.Fhir.Model;
using PatientHub.Appointments.Domain;
using FhirTask = Hl7.Fhir.Model.Task;

namespace PatientHub.Appointments.Features;

/// <summary>A desk task as FHIR R4 Task. <c>businessStatus</c> carries the outcome: done, kept or not-reached.</summary>
internal static class TaskMapping
{
    public const string CodeSystem = "https://patienthub.example/CodeSystem/task-code";
    public const string OutcomeSystem = "https://patienthub.example/CodeSystem/task-outcome";
    public const string ClientSystem = "https://patienthub.example/client";
    public const string PatientSystem = "https://patienthub.example/patient";
    public const string AppointmentSystem = "https://patienthub.example/appointment";
    public const string LetterSystem = "https://patienthub.example/letter";

    /// <param name="task">The task.</param>
    /// <param name="appointment">Its appointment, so that the desk finds it in the PAS by the PAS's own id.</param>
    public static FhirTask ToFhir(DeskTask task, Domain.Appointment? appointment)
    {
        var fhir = new FhirTask
        {
            Id = task.Id.ToString(),
            Meta = new Meta { VersionId = task.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            Status = task.Status switch
            {
                DeskTaskStatus.Requested => FhirTask.TaskStatus.Requested,
                DeskTaskStatus.InProgress => FhirTask.TaskStatus.InProgress,
                DeskTaskStatus.Completed => FhirTask.TaskStatus.Completed,
                _ => FhirTask.TaskStatus.Cancelled,
            },
            Intent = FhirTask.TaskIntent.Order,
            Priority = task.Alarmed ? RequestPriority.Urgent : RequestPriority.Routine,
            Code = new CodeableConcept(CodeSystem, task.Code),
            Description = task.Note,
            AuthoredOnElement = new FhirDateTime(task.RaisedAt),
            Restriction = new FhirTask.RestrictionComponent { Period = new Period { End = task.CallBackBy.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) } },
        };
        if (task.PatientId is { } patient) fhir.For = Logical("Patient", PatientSystem, patient);
        if (appointment is not null) fhir.Focus = new ResourceReference($"Appointment/{appointment.SourceId}") { Type = "Appointment", Identifier = new Identifier(AppointmentSystem, appointment.Id.ToString()) };
        else if (task.LetterId is { } letter) fhir.Focus = Logical("DocumentReference", LetterSystem, letter);
        if (task.ClaimedBy is { } owner) fhir.Owner = new ResourceReference { Identifier = new Identifier(ClientSystem, owner) };
        if (task.Outcome is { } outcome) fhir.BusinessStatus = new CodeableConcept(OutcomeSystem, Code(outcome));
        if (task.ClosedAt is { } closed) fhir.ExecutionPeriod = new Period { EndElement = new FhirDateTime(closed) };
        AddInput(fhir, "unsuitable-times", task.UnsuitableTimes);
        AddInput(fhir, "how-to-reach", task.HowToReach);
        AddInput(fhir, "reason", task.Reason);
        return fhir;
    }

    public static string Code(TaskOutcome outcome) => outcome switch
    {
        TaskOutcome.Done => "done",
        TaskOutcome.Kept => "kept",
        TaskOutcome.NotNeeded => "not-needed",
        _ => "not-reached",
    };

    public static TaskOutcome? Outcome(FhirTask task) => Outcome(task.BusinessStatus?.Coding.FirstOrDefault(c => c.System is null or OutcomeSystem)?.Code);

    public static TaskOutcome? Outcome(string? code) => code switch
    {
        "done" => TaskOutcome.Done,
        "kept" => TaskOutcome.Kept,
        "not-reached" => TaskOutcome.NotReached,
        "not-needed" => TaskOutcome.NotNeeded,
        _ => null,
    };

    private static ResourceReference Logical(string type, string system, Guid id) => new() { Type = type, Identifier = new Identifier(system, id.ToString()) };

    private static void AddInput(FhirTask fhir, string name, string? words)
    {
        if (string.IsNullOrWhiteSpace(words)) return;
        fhir.Input.Add(new FhirTask.ParameterComponent { Type = new CodeableConcept(CodeSystem, name), Value = new FhirString(words) });
    }
}
