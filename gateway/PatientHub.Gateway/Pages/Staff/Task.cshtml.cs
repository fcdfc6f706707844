using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Staff;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>One task: what to do, who has it, the calls (A9), and how it ended.</summary>
internal sealed class TaskModel(DeskClient desk, DeskPatientsClient patients, CurrentStaff staff) : HubPageModel
{
    public const int Longest = 500;

    [FromRoute(Name = "id")] public Guid Id { get; set; }
    [BindProperty] public int Version { get; set; }
    [BindProperty] public Guid CallId { get; set; }
    [BindProperty] public string? CallNote { get; set; }
    [BindProperty] public string? Outcome { get; set; }
    [BindProperty] public string? ClosingNote { get; set; }

    public DeskTaskDetails Details { get; private set; } = null!;

    /// <summary>Only for whoever has claimed the task: who works on it needs the contacts, who looks at the list does not.</summary>
    public Part<StaffPatient>? Patient { get; private set; }

    public bool IsSupervisor => staff.IsSupervisor;

    public IReadOnlyList<(string Value, string Text)> Outcomes => [.. Details.Outcomes.Select(outcome => (outcome, TaskWords.Outcome(outcome, Details.Task.Code)))];

    public string? Did => Request.Query["did"].ToString() switch
    {
        "claim" => "The task is yours.",
        "release" => "The task is open to all again.",
        "call" => "The call is noted.",
        "decide" => "It is decided. Close the task if nothing else has to be done.",
        _ => null,
    };

    public string? Refusal => Request.Query["why"].ToString() is { Length: > 0 } why ? TaskWords.Refusal(why, Details.Task is { Mine: false } ? Details.Task.ClaimedBy : null) : null;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        CallId = Guid.CreateVersion7();
        return await LoadAsync(cancellationToken) ?? Page();
    }

    public async Task<IActionResult> OnPostClaimAsync(CancellationToken cancellationToken) => After("claim", await desk.ClaimAsync(Id, Version, cancellationToken));

    public async Task<IActionResult> OnPostReleaseAsync(CancellationToken cancellationToken) => After("release", await desk.ReleaseAsync(Id, Version, cancellationToken));

    public async Task<IActionResult> OnPostCallAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var note = CleanLines(CallNote);
        if (note.Length > Longest)
            ModelState.AddModelError(nameof(CallNote), $"What came of it must be {Longest} characters or less");
        if (CallId == Guid.Empty)
            return BadRequest();
        if (!ModelState.IsValid)
            return await LoadAsync(cancellationToken) ?? Page();
        return After("call", await desk.NoteCallAsync(Id, new NoteCall { CallId = CallId, Note = note.Length == 0 ? null : note }, cancellationToken));
    }

    public async Task<IActionResult> OnPostCloseAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var note = CleanLines(ClosingNote);
        if (!TaskWords.IsOutcome(Outcome))
            ModelState.AddModelError(nameof(Outcome), "Choose how it ended");
        if (note.Length > Longest)
            ModelState.AddModelError(nameof(ClosingNote), $"What colleagues should know must be {Longest} characters or less");
        if (!ModelState.IsValid)
        {
            CallId = Guid.CreateVersion7();
            return await LoadAsync(cancellationToken) ?? Page();
        }
        var outcome = await desk.CloseAsync(Id, new CloseDeskTask { Version = Version, Outcome = Outcome!, Note = note.Length == 0 ? null : note }, cancellationToken);
        return outcome.Done ? SeeOther("/staff/tasks?did=close") : After("close", outcome);
    }

    private IActionResult After(string did, Outcome outcome) => outcome switch
    {
        { Done: true } => SeeOther($"/staff/tasks/{Id}?did={did}"),
        { Code: Clients.Outcome.NotFound } => NotFound(),
        _ => SeeOther($"/staff/tasks/{Id}?why={Uri.EscapeDataString(outcome.Code!)}"),
    };

    private async Task<IActionResult?> LoadAsync(CancellationToken cancellationToken)
    {
        var part = await desk.TaskAsync(Id, cancellationToken);
        if (part.IsDown)
            throw new HttpRequestException("The tasks are down.", null, System.Net.HttpStatusCode.ServiceUnavailable);
        if (part.Value is not { } details)
            return NotFound();
        Details = details;
        if (details is { Task: { Mine: true, Status: "in-progress", PatientId: { } patientId } } && !staff.IsPrefetch)
            Patient = await patients.ReadAsync(patientId, cancellationToken);
        return null;
    }
}
