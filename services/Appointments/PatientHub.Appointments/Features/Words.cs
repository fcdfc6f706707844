using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Appointments.Features;

/// <summary>The patient's own words for the desk: plain text, at most 500 characters.</summary>
internal static class Words
{
    public const int Max = 500;

    public static bool AreTaken(string? words) => words is null || (words.Length <= Max && !words.Contains('\0', StringComparison.Ordinal));

    public static IResult Refused() => Problems.Of(StatusCodes.Status400BadRequest, "too-long", $"Write at most {Max} characters of plain text.");
}
