using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>"Ask for another time" (R22).</summary>
internal sealed class RebookModel(AppointmentsClient client) : AppointmentPageModel(client)
{
    public const int Longest = 500;

    [BindProperty] public string? UnsuitableTimes { get; set; }
    [BindProperty] public string? HowToReach { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        await LoadAsync(cancellationToken) ?? (Appointment.CanChange ? Page() : SeeOther($"/appointments/{Id}"));

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var (times, reach) = (CleanLines(UnsuitableTimes), CleanLines(HowToReach));
        if (times.Length > Longest)
            ModelState.AddModelError("UnsuitableTimes", $"The times that do not suit you must be {Longest} characters or less");
        if (reach.Length > Longest)
            ModelState.AddModelError("HowToReach", $"How and when we can reach you must be {Longest} characters or less");
        if (!ModelState.IsValid)
            return await LoadAsync(cancellationToken) ?? Page();
        var body = new RequestRebook { Revision = Revision, Version = Version, UnsuitableTimes = times.Length == 0 ? null : times, HowToReach = reach.Length == 0 ? null : reach };
        return After("rebook", await Client.RebookAsync(Id, body, cancellationToken));
    }
}
