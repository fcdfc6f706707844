using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Staff;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>The open tasks, most urgent first. A filter is part of the address: it names a kind or a clinic, never a patient.</summary>
internal sealed class TasksModel(DeskClient desk) : HubPageModel
{
    [BindProperty(SupportsGet = true, Name = "kind")] public string? Kind { get; set; }
    [BindProperty(SupportsGet = true, Name = "clinic")] public Guid? Clinic { get; set; }
    [BindProperty(SupportsGet = true, Name = "mine")] public bool Mine { get; set; }
    [BindProperty(SupportsGet = true, Name = "page-number")] public int Number { get; set; } = 1;

    public bool Closed => Request.Query["did"] == "close";

    public Part<DeskTaskPage> List { get; private set; } = Part<DeskTaskPage>.Down;

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        // What cannot be read filters nothing.
        ModelState.Clear();
        Kind = TaskWords.Known.Contains(Kind ?? "") ? Kind : null;
        List = await desk.ListAsync(Kind, Clinic, Mine, Math.Max(1, Number), cancellationToken);
    }

    public string PageAt(int number) => "/staff/tasks" + QueryString.Create(new KeyValuePair<string, string?>[]
    {
        new("kind", Kind ?? ""), new("clinic", Clinic?.ToString() ?? ""), new("mine", Mine ? "true" : ""), new("page-number", number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    });
}
