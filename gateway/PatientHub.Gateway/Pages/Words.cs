using System.Globalization;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;

namespace PatientHub.Gateway.Pages;

/// <summary>The hub's words for states: plain, complete, the same on every page.</summary>
internal static class Words
{
    /// <summary>What a link to a file says of it: kind and size.</summary>
    public static string File(string kind, long? bytes) => bytes is not > 0 ? kind
        : bytes < 1024 * 1024 ? string.Create(CultureInfo.InvariantCulture, $"{kind}, {Math.Max(1, bytes.Value / 1024)} kB")
        : string.Create(CultureInfo.InvariantCulture, $"{kind}, {bytes.Value / (1024d * 1024d):0.#} MB");

    /// <summary>Accepted, asked for another time or asked to cancel: then there is nothing to answer.</summary>
    public static bool NeedsAnswer(MyAppointment appointment) => appointment is { CanAccept: true, PatientRequest: PatientRequest.None };
}
