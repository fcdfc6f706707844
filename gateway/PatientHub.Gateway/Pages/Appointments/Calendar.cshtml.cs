using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>The calendar entry (R24), made by Appointments.</summary>
internal sealed class CalendarModel(AppointmentsClient client) : HubPageModel
{
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await client.CalendarAsync(id, cancellationToken) is not { } file)
            return NotFound();
        Response.RegisterForDispose(file);
        return File(await file.Content.ReadAsStreamAsync(cancellationToken), "text/calendar; charset=utf-8", "hospital-appointment.ics");
    }
}
