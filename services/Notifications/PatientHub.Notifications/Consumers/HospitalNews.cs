using PatientHub.Appointments.Contracts;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Consumers;

/// <summary>A23, A9: one message per revision (A9: per task), of use until the appointment would have begun.</summary>
internal static class HospitalNews
{
    public static JourneyStep Step(JourneyKind kind, AppointmentState state, DateTimeOffset now, DateTimeOffset? previousStart = null, bool askedByPatient = false,
        Guid? subjectId = null) => new()
        {
            Id = Guid.CreateVersion7(),
            Kind = kind,
            Step = 0,
            PatientId = state.PatientId,
            SubjectId = subjectId ?? state.AppointmentId,
            SubjectVersion = state.Revision,
            AppointmentId = state.AppointmentId,
            Revision = state.Revision,
            DueAt = now,
            NextAt = now,
            LapsesAt = state.Start,
            PreviousStart = previousStart,
            AskedByPatient = askedByPatient,
            CreatedAt = now,
        };
}
