using System.Globalization;
using PatientHub.Simulators.Pas;

namespace PatientHub.Simulators.Pages;

/// <summary>Times on the page: London's clock, to the second, because a code lives for 150 of them.</summary>
public static class PhoneTime
{
    /// <summary>`23 Nov 19:12:05`.</summary>
    public static string Of(DateTimeOffset instant) => LondonDates.ToLondon(instant).ToString("d MMM HH:mm:ss", CultureInfo.GetCultureInfo("en-GB"));
}
