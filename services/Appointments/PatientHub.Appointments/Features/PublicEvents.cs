using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Features;

/// <summary>Frozen names of the events.</summary>
internal static class EventNames
{
    public const string Booked = "uk.nhs.patienthub.appointment.booked.v1";
    public const string Changed = "uk.nhs.patienthub.appointment.changed.v1";
    public const string Cancelled = "uk.nhs.patienthub.appointment.cancelled.v1";
    public const string Completed = "uk.nhs.patienthub.appointment.completed.v1";
    public const string Accepted = "uk.nhs.patienthub.appointment.accepted.v1";
    public const string RebookRequested = "uk.nhs.patienthub.appointment.rebook-requested.v1";
    public const string CancellationRequested = "uk.nhs.patienthub.appointment.cancellation-requested.v1";
    public const string RequestWithdrawn = "uk.nhs.patienthub.appointment.request-withdrawn.v1";
    public const string TaskClosed = "uk.nhs.patienthub.task.closed.v1";
}

/// <summary>What integrators see: a signal with ids, states and instants. Clinic and site are not in it (a clinic is health data); the source's own id leads to them.</summary>
internal static class PublicEvents
{
    public static PublicEvent Of(AppointmentState a, DateTimeOffset occurredAt, Guid? taskId = null, bool? revisionRaised = null) => new($"appointment/{a.AppointmentId}", new
    {
        a.AppointmentId,
        a.SourceSystem,
        a.SourceId,
        a.PasStatus,
        a.PatientRequest,
        a.RequestOpen,
        a.Start,
        a.Version,
        a.Revision,
        RevisionRaised = revisionRaised,
        TaskId = taskId,
        OccurredAt = occurredAt,
    });

    public static PublicEvent Of(TaskClosed closed) => new($"task/{closed.TaskId}", new
    {
        closed.TaskId,
        closed.Code,
        closed.Outcome,
        closed.Appointment?.AppointmentId,
        closed.Appointment?.SourceSystem,
        closed.Appointment?.SourceId,
        closed.OccurredAt,
    });
}
