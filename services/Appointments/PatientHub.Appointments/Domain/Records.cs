namespace PatientHub.Appointments.Domain;

/// <summary>A30: ids of a record that was merged away still come with the feed; they mean the survivor.</summary>
public sealed class PatientMerge(Guid fromPatientId, Guid toPatientId)
{
    public Guid FromPatientId { get; private set; } = fromPatientId;
    public Guid ToPatientId { get; private set; } = toPatientId;

    public void LeadTo(Guid patientId) => ToPatientId = patientId;
}

/// <summary>Something of a resource that could not be used: told to the sender as a warning and kept for operations (design: main flow). No values, only the element.</summary>
public sealed class IntakeWarning(string resourceType, Guid resourceId, string element, string text, DateTimeOffset at)
{
    public Guid Id { get; private set; } = Guid.CreateVersion7();
    public string ResourceType { get; private set; } = resourceType;
    public Guid ResourceId { get; private set; } = resourceId;
    public string Element { get; private set; } = element;
    public string Text { get; private set; } = text;
    public DateTimeOffset At { get; private set; } = at;
}

/// <summary>Evidence of every answer: what was decided, on which page, in which session.</summary>
public sealed class AnswerRecord(Guid appointmentId, Guid patientId, Guid sessionId, string answer, int revision, Guid? letterId, int? letterVersion, DateTimeOffset at)
{
    public Guid Id { get; private set; } = Guid.CreateVersion7();
    public Guid AppointmentId { get; private set; } = appointmentId;
    public Guid PatientId { get; private set; } = patientId;
    public Guid SessionId { get; private set; } = sessionId;
    public string Answer { get; private set; } = answer;
    public int Revision { get; private set; } = revision;
    public Guid? LetterId { get; private set; } = letterId;
    public int? LetterVersion { get; private set; } = letterVersion;
    public DateTimeOffset At { get; private set; } = at;
}

/// <summary>A patient whom Identity knows (PatientRegistered was heard).</summary>
public sealed class KnownPatient(Guid patientId)
{
    public Guid PatientId { get; private set; } = patientId;
}

/// <summary>A34: an appointment needs a patient whom Identity does not know yet; at <see cref="DueAt"/> it becomes a task.</summary>
public sealed class AwaitedPatient(Guid patientId, Guid appointmentId, DateTimeOffset dueAt)
{
    public Guid PatientId { get; private set; } = patientId;
    public Guid AppointmentId { get; private set; } = appointmentId;
    public DateTimeOffset DueAt { get; private set; } = dueAt;
}
