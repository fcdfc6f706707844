using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>An appointment's states in words, the same on every page.</summary>
internal static class AppointmentWords
{
    public static Text How(this PageTexts texts, AppointmentMedium medium) => medium switch
    {
        AppointmentMedium.Telephone => texts["Appointments.How.Telephone"],
        AppointmentMedium.Video => texts["Appointments.How.Video"],
        _ => texts["Appointments.How.FaceToFace"],
    };

    /// <summary>A tag: words first, colour second.</summary>
    public static (Text Text, string Colour) Tag(this PageTexts texts, MyAppointment appointment, DateTimeOffset now) => (appointment.PasStatus, appointment.PatientRequest, appointment.RequestOpen) switch
    {
        (PasStatus.Cancelled, _, _) => (texts["Appointments.Tag.Cancelled"], "red"),
        (PasStatus.Fulfilled, _, _) => (texts["Appointments.Tag.Came"], "green"),
        (PasStatus.NoShow, _, _) => (texts["Appointments.Tag.NotCome"], "grey"),
        _ when appointment.Start <= now => (texts["Appointments.Tag.Past"], "grey"),
        (_, PatientRequest.RebookRequested, true) => (texts["Appointments.Tag.RebookAsked"], "yellow"),
        (_, PatientRequest.CancellationRequested, true) => (texts["Appointments.Tag.CancelAsked"], "yellow"),
        (_, PatientRequest.Accepted, _) => (texts["Appointments.Tag.Accepted"], "green"),
        _ when Words.NeedsAnswer(appointment) => (texts["Appointments.Tag.NeedsAnswer"], "blue"),
        _ => (texts["Appointments.Tag.Booked"], "white"),
    };
}
