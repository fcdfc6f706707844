using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Calendar;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.Gateway.Pages;

/// <summary>The hub's words for states: plain, complete, the same on every page.</summary>
internal static class Words
{
    public static string How(AppointmentMedium medium) => medium switch
    {
        AppointmentMedium.Telephone => "By phone: we call you",
        AppointmentMedium.Video => "By video",
        _ => "Face to face, at the hospital",
    };

    /// <summary>A tag: words first, colour second.</summary>
    public static (string Text, string Colour) Tag(MyAppointment appointment) => (appointment.PasStatus, appointment.PatientRequest, appointment.RequestOpen) switch
    {
        (PasStatus.Cancelled, _, _) => ("Cancelled", "red"),
        (PasStatus.Fulfilled, _, _) => ("You came", "green"),
        (PasStatus.NoShow, _, _) => ("You did not come", "grey"),
        (_, PatientRequest.RebookRequested, true) => ("You asked for another time", "yellow"),
        (_, PatientRequest.CancellationRequested, true) => ("You asked to cancel", "yellow"),
        (_, PatientRequest.Accepted, _) => ("Accepted", "green"),
        _ when NeedsAnswer(appointment) => ("Needs your answer", "blue"),
        _ => ("Booked", "white"),
    };

    /// <summary>Accepted, asked for another time or asked to cancel: then there is nothing to answer.</summary>
    public static bool NeedsAnswer(MyAppointment appointment) => appointment is { CanAccept: true, PatientRequest: PatientRequest.None };

    /// <summary>" for Monday 14 December 2026 at 10:30am"; nothing when the letter has no appointment or it is not known just now.</summary>
    public static string ForAppointment(MyLetter letter, MyAppointments? appointments) =>
        letter.AppointmentId is { } id && appointments?.Upcoming.Concat(appointments.Past).FirstOrDefault(appointment => appointment.AppointmentId == id) is { } found
            ? " for " + LondonTime.FormatDateAtTime(found.Start)
            : "";

    public static string On(DateTimeOffset? instant) => instant is { } at ? " on " + LondonTime.FormatDate(at) : "";
}
