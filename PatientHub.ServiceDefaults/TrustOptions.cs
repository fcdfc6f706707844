using System.ComponentModel.DataAnnotations;

namespace PatientHub.ServiceDefaults;

/// <summary>The hospital trust whose hub this is (one per deployment).</summary>
public sealed class TrustOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Trust";

    /// <summary>Full name, for pages and letters.</summary>
    [Required]
    public string Name { get; set; } = "Leeds Teaching Hospitals NHS Trust";

    /// <summary>Short name, for messages (R2).</summary>
    [Required]
    public string ShortName { get; set; } = "Leeds Hospitals";

    /// <summary>Alphanumeric sender of texts, at most 11 characters (R2).</summary>
    [Required, StringLength(11, MinimumLength = 3)]
    public string SenderId { get; set; } = "LeedsHosp";

    /// <summary>The booking service's telephone number (R27).</summary>
    [Required]
    public string BookingPhone { get; set; } = "0113 518 1823";

    /// <summary>Opening hours of the booking service, as patients read them.</summary>
    [Required]
    public string BookingHours { get; set; } = "Monday to Friday, 8am to 6pm";

    /// <summary>Return address and heading of letters, lines separated by <c>|</c>.</summary>
    [Required]
    public string PostalAddress { get; set; } = "St James's University Hospital|Beckett Street|Leeds|LS9 7TF";

    /// <summary>Address that emails come from.</summary>
    [Required, EmailAddress]
    public string EmailFrom { get; set; } = "patienthub@leedshospitals.example";
}
