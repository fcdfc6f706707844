using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>Getting there (R25): address, map, the way in words, a link that plans the journey, parking and access.</summary>
internal sealed class GettingThereModel(AppointmentsClient client) : AppointmentPageModel(client)
{
    public bool IsAtAPlace => Appointment.Medium == AppointmentMedium.FaceToFace;

    /// <summary>Where the browser shows the map by itself; a PDF it opens.</summary>
    public bool IsPicture => Appointment.SiteMap?.ContentType.StartsWith("image/", StringComparison.Ordinal) == true;

    /// <summary>"PNG, 42 kB": what a link to a file says of it.</summary>
    public string Kind => Appointment.SiteMap is { } map ? Words.File(MapFiles.Name(map.ContentType), map.Bytes) : "";

    /// <summary>
    /// A plain link: nothing of it is loaded before the patient follows it, and it names the hospital's place alone. The postcode (the address's last line) leads drivers to the
    /// gate; coordinates are the middle of the site.
    /// </summary>
    public string DirectionsLink => "https://www.google.com/maps/dir/?api=1&destination=" + Uri.EscapeDataString(string.Join(", ", Appointment.SiteAddress.Prepend(Appointment.SiteName).Where(line => !string.IsNullOrWhiteSpace(line))));

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) => await LoadAsync(cancellationToken) ?? Page();
}
