using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;

namespace PatientHub.Letters.Domain;

/// <summary>All that a template letter may say. No patient: name, address and NHS number are put around the text at the moment of printing.</summary>
public sealed record LetterFacts
{
    public required DateTimeOffset Start { get; init; }
    public required AppointmentMedium Medium { get; init; }
    public required string ClinicName { get; init; }
    public required string ClinicPhone { get; init; }
    public string? ClinicPhoneHours { get; init; }
    public string? SiteName { get; init; }
    public required IReadOnlyList<string> SiteAddress { get; init; }
    public string? Preparation { get; init; }

    /// <summary>Only then the letter says that it can be accepted in the hub (R1, A7).</summary>
    public required bool OffersAccept { get; init; }

    /// <summary>Only then the letter names the hub's rebook and cancel; else the telephone alone (R1, A10).</summary>
    public required bool OffersChanges { get; init; }

    public DateTimeOffset? ChangeUntil { get; init; }
    public required string TrustName { get; init; }
    public required string BookingPhone { get; init; }
    public required string HubAddress { get; init; }

    internal Dictionary<string, object?> ToModel() => new()
    {
        ["date"] = LondonTime.FormatDate(Start),
        ["time"] = LondonTime.FormatTime(Start),
        ["faceToFace"] = Medium == AppointmentMedium.FaceToFace,
        ["telephone"] = Medium == AppointmentMedium.Telephone,
        ["video"] = Medium == AppointmentMedium.Video,
        ["clinicName"] = ClinicName,
        ["clinicPhone"] = ClinicPhone,
        ["clinicPhoneHours"] = ClinicPhoneHours ?? "",
        ["siteName"] = SiteName ?? "",
        ["siteAddress"] = SiteAddress.ToArray(),
        ["preparation"] = (Preparation ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        ["offersAccept"] = OffersAccept,
        ["offersChanges"] = OffersChanges,
        ["changeUntil"] = ChangeUntil is { } until ? LondonTime.FormatTimeOnDate(until) : "",
        ["trustName"] = TrustName,
        ["bookingPhone"] = BookingPhone,
        ["hubAddress"] = HubAddress,
    };
}

/// <summary>All that a letter may say that tells of no appointment (A31).</summary>
public sealed record TrustFacts(string TrustName, string BookingPhone, string HubAddress)
{
    internal Dictionary<string, object?> ToModel() => new() { ["trustName"] = TrustName, ["bookingPhone"] = BookingPhone, ["hubAddress"] = HubAddress };
}
