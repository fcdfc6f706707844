using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Staff;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>A30: a record that looks like another person's under a known number. A person decides, with a reason.</summary>
internal sealed class QuarantineModel(DeskClient desk, DeskPatientsClient patients, CurrentStaff staff) : HubPageModel
{
    public const int Longest = 500;

    [FromRoute(Name = "id")] public Guid Id { get; set; }
    [BindProperty] public Guid ActId { get; set; }
    [BindProperty] public Guid TaskId { get; set; }
    [BindProperty] public string? Decision { get; set; }
    [BindProperty] public string? Why { get; set; }

    public StaffQuarantine? Record { get; private set; }

    public bool Changed => Request.Query["why"] == "changed";

    public IReadOnlyList<(string Value, string Text)> Decisions => [("same", "Yes, the same person: apply what was sent"), ("other", "No, another person: throw away what was sent")];

    public string Back => Guid.TryParse(Request.Query["task"], out var task) ? $"/staff/tasks/{task}" : "/staff/tasks";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        return staff.IsPrefetch ? StatusCode(StatusCodes.Status204NoContent) : await ShowAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        if (ActId == Guid.Empty || TaskId == Guid.Empty)
            return BadRequest();
        var why = CleanLines(Why);
        if (Decision is not ("same" or "other"))
            ModelState.AddModelError(nameof(Decision), "Choose whether it is the same person");
        if (why.Length is 0 or > Longest)
            ModelState.AddModelError(nameof(Why), why.Length == 0 ? "Write how you know" : $"How you know must be {Longest} characters or less");
        if (!ModelState.IsValid)
            return await ShowAsync(cancellationToken);
        var apply = Decision == "same";
        var act = new IntendStaffAct { Act = apply ? StaffActs.RecordApplied : StaffActs.RecordRejected, PatientId = Id, TaskId = TaskId, Why = why };
        var intended = await desk.IntendAsync(ActId, act, cancellationToken);
        var decided = intended.Done ? await patients.DecideAsync(Id, new DecideQuarantine { ActId = ActId, TaskId = TaskId, Apply = apply }, cancellationToken) : intended;
        return SeeOther(decided.Done ? $"/staff/tasks/{TaskId}?did=decide" : $"/staff/patients/{Id}/quarantine?why=changed");
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellationToken)
    {
        ActId = Guid.CreateVersion7();
        var part = await patients.QuarantineAsync(Id, cancellationToken);
        if (part.IsDown)
            throw new HttpRequestException("Identity is down.", null, System.Net.HttpStatusCode.ServiceUnavailable);
        Record = part.Value;
        return Page();
    }
}
