using System.Globalization;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Texts;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>What several of the letters' pages say.</summary>
internal static class LetterWords
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>"PDF, 42 kB": the type and, when it is known, the size of a download.</summary>
    public static string File(this PageTexts texts, long? bytes) => bytes switch
    {
        not > 0 => texts.Plain("Letters.File"),
        < (long)Megabyte => texts.Plain("Letters.File.Small", Math.Max(1, bytes.Value / 1024)),
        _ => texts.Plain("Letters.File.Large", (bytes.Value / Megabyte).ToString("0.#", CultureInfo.InvariantCulture)),
    };

    /// <summary>The letter's appointment, when it has one and the list knows it: many letters have the same title.</summary>
    public static MyAppointment? AppointmentOf(MyLetter letter, MyAppointments? appointments) => letter.AppointmentId is { } id
        ? appointments?.Upcoming.Concat(appointments.Past).FirstOrDefault(appointment => appointment.AppointmentId == id)
        : null;
}
