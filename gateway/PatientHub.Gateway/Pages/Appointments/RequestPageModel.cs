using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>What the two requests to the booking centre share: only while they are offered (R21), and how to reach the patient.</summary>
internal abstract class RequestPageModel(AppointmentsClient client, PageTexts texts) : AppointmentPageModel(client)
{
    [BindProperty] public string? ReachBy { get; set; }
    [BindProperty] public string? HowToReach { get; set; }

    public IReadOnlyList<(string Value, string Text)> Ways => [.. Reach.Ways.Select(way => (way, texts.Plain($"Appointments.Reach.By.{way}")))];

    protected PageTexts Texts => texts;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        await LoadAsync(cancellationToken) ?? (Appointment.CanChange ? Page() : SeeOther($"/appointments/{Id}"));

    /// <summary>What the desk reads; errors are in ModelState.</summary>
    protected string? ReadReach()
    {
        var when = CleanLines(HowToReach);
        if (!Reach.IsKnown(ReachBy))
            ModelState.AddModelError("ReachBy", texts.Plain("Appointments.Reach.By.Wrong"));
        if (when.Length > Reach.Longest)
            ModelState.AddModelError("HowToReach", texts.Plain("Appointments.Reach.When.Long"));
        return Reach.Words(ReachBy, when);
    }
}
