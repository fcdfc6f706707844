using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>"Ask for another time" (R22).</summary>
internal sealed class RebookModel(AppointmentsClient client, PageTexts texts) : RequestPageModel(client, texts)
{
    public const int Longest = 500;

    [BindProperty] public string? UnsuitableTimes { get; set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var times = CleanLines(UnsuitableTimes);
        if (times.Length > Longest)
            ModelState.AddModelError("UnsuitableTimes", Texts.Plain("Appointments.Rebook.Times.Long"));
        var reach = ReadReach();
        if (!ModelState.IsValid)
            return await LoadAsync(cancellationToken) ?? Page();
        var body = new RequestRebook { Revision = Revision, Version = Version, UnsuitableTimes = times.Length == 0 ? null : times, HowToReach = reach };
        return After("rebook", await Client.RebookAsync(Id, body, cancellationToken));
    }
}
