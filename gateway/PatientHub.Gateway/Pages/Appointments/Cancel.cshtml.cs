using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>"Ask to cancel" (R23, A21): a request until the hospital has confirmed it.</summary>
internal sealed class CancelModel(AppointmentsClient client) : AppointmentPageModel(client)
{
    public const int Longest = 400;

    public static readonly IReadOnlyList<(string Value, string Text)> Reasons =
    [
        ("better", "I am better and do not need it"),
        ("elsewhere", "I am treated somewhere else"),
        ("ill", "I am too ill to come"),
        ("travel", "I cannot get there"),
        ("other", "Another reason"),
    ];

    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public string? Details { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        await LoadAsync(cancellationToken) ?? (Appointment.CanChange ? Page() : SeeOther($"/appointments/{Id}"));

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var details = CleanLines(Details);
        var reason = Reasons.FirstOrDefault(offered => offered.Value == Reason).Text;
        if (!string.IsNullOrEmpty(Reason) && reason is null)
            ModelState.AddModelError("Reason", "Select one of the reasons, or none");
        if (details.Length > Longest)
            ModelState.AddModelError("Details", $"What else we should know must be {Longest} characters or less");
        if (!ModelState.IsValid)
            return await LoadAsync(cancellationToken) ?? Page();
        var words = string.Join(": ", new[] { reason, details }.Where(part => !string.IsNullOrEmpty(part)));
        var body = new RequestCancellation { Revision = Revision, Version = Version, Reason = words.Length == 0 ? null : words };
        return After("cancel", await Client.CancelAsync(Id, body, cancellationToken));
    }
}
