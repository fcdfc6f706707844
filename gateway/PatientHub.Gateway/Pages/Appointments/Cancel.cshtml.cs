using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>"Ask to cancel" (R23, A21): a request until the hospital has confirmed it.</summary>
internal sealed class CancelModel(AppointmentsClient client, PageTexts texts) : RequestPageModel(client, texts)
{
    public const int Longest = 400;

    // As the desk reads them, in English whatever language the page was in.
    private static readonly Dictionary<string, string> ForTheDesk = new()
    {
        ["better"] = "I am better and do not need it",
        ["elsewhere"] = "I am treated somewhere else",
        ["ill"] = "I am too ill to come",
        ["travel"] = "I cannot get there",
        ["another"] = "Another reason",
    };

    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public string? Details { get; set; }

    public IReadOnlyList<(string Value, string Text)> Reasons => [.. ForTheDesk.Keys.Select(reason => (reason, Texts.Plain($"Appointments.Cancel.Reason.{reason}")))];

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var details = CleanLines(Details);
        var reason = ForTheDesk.GetValueOrDefault(Reason ?? "");
        if (!string.IsNullOrEmpty(Reason) && reason is null)
            ModelState.AddModelError("Reason", Texts.Plain("Appointments.Cancel.Reason.Wrong"));
        if (details.Length > Longest)
            ModelState.AddModelError("Details", Texts.Plain("Appointments.Cancel.Details.Long"));
        var reach = ReadReach();
        if (!ModelState.IsValid)
            return await LoadAsync(cancellationToken) ?? Page();
        var words = string.Join(": ", new[] { reason, details }.Where(part => !string.IsNullOrEmpty(part)));
        var body = new RequestCancellation { Revision = Revision, Version = Version, Reason = words.Length == 0 ? null : words, HowToReach = reach };
        return After("cancel", await Client.CancelAsync(Id, body, cancellationToken));
    }
}
