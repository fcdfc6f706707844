using PatientHub.Appointments.Contracts;

namespace PatientHub.Letters.Tests.Support;

internal static class Some
{
    /// <summary>A booked appointment in 60 days at a Full clinic that uses the template.</summary>
    public static AppointmentState Appointment(
        Guid? patientId = null, ClinicMode mode = ClinicMode.Full, LetterSource source = LetterSource.Template, bool? invites = null, DateTimeOffset? start = null, Guid? id = null) => new()
        {
            AppointmentId = id ?? Guid.CreateVersion7(),
            PatientId = patientId ?? Guid.CreateVersion7(),
            ClinicId = Guid.CreateVersion7(),
            SiteId = Guid.CreateVersion7(),
            SourceSystem = "pas",
            SourceId = "a1",
            PasStatus = PasStatus.Booked,
            PatientRequest = PatientRequest.None,
            RequestOpen = false,
            Start = start ?? new DateTimeOffset(DateTime.UtcNow.Date.AddDays(60).AddHours(10), TimeSpan.Zero),
            Medium = AppointmentMedium.FaceToFace,
            ClinicMode = mode,
            Invites = invites ?? mode is ClinicMode.Full or ClinicMode.AcceptOnly,
            LetterSource = source,
            PostalNoticeDays = 0,
            BookedAt = DateTimeOffset.UtcNow,
            Version = 1,
            Revision = 0,
        };

    public static AppointmentBooked Booked(AppointmentState state) => new() { Appointment = state, OccurredAt = DateTimeOffset.UtcNow };

    public static AppointmentChanged Changed(AppointmentState state, bool revisionRaised = true) =>
        new() { Appointment = state, RevisionRaised = revisionRaised, OccurredAt = DateTimeOffset.UtcNow };

    /// <summary>The same appointment a day later, as the PAS moved it.</summary>
    public static AppointmentState Moved(this AppointmentState state) => state with
    {
        Start = state.Start.AddDays(1),
        Version = state.Version + 1,
        Revision = state.Revision + 1,
        BookedAt = DateTimeOffset.UtcNow,
    };
}
