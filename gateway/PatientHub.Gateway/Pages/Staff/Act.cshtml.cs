using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Staff;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>
/// One act at a patient's record, confirmed with a reason. First the trail says who is about to do what, and why; then the service that owns it does it and confirms to the trail in its own transaction.
/// Pressed twice it is the same act.
/// </summary>
internal sealed class ActModel(DeskClient desk, DeskPatientsClient patients, DeskMessagesClient messages, DeskPostClient post) : HubPageModel
{
    public const int Longest = 500;

    [FromRoute(Name = "id")] public Guid Id { get; set; }
    [FromRoute(Name = "act")] public string? Act { get; set; }
    [BindProperty] public Guid ActId { get; set; }
    [BindProperty] public string? Why { get; set; }

    public ActWords Words { get; private set; } = null!;

    public string? Refusal { get; private set; }

    public string Back => $"/staff/patients/{Id}?task={Task}";

    private Guid? Task => Guid.TryParse(Request.Query["task"], out var task) ? task : null;

    private Guid? Letter => Guid.TryParse(Request.Query["letter"], out var letter) ? letter : null;

    public IActionResult OnGet()
    {
        ModelState.Clear();
        ActId = Guid.CreateVersion7();
        return IsKnown() ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        if (!IsKnown())
            return NotFound();
        if (ActId == Guid.Empty)
            return BadRequest();
        var why = CleanLines(Why);
        if (why.Length == 0)
            ModelState.AddModelError(nameof(Why), "Write why you are doing this");
        else if (why.Length > Longest)
            ModelState.AddModelError(nameof(Why), $"Why you are doing this must be {Longest} characters or less");
        if (!ModelState.IsValid)
            return Page();
        var intended = await desk.IntendAsync(ActId, new IntendStaffAct { Act = Words.Act, PatientId = Id, TaskId = Task, LetterId = Letter, Why = why }, cancellationToken);
        var done = intended.Done ? await DoAsync(cancellationToken) : intended;
        if (done.Done)
            return SeeOther($"/staff/patients/{Id}?did={Words.Act}&task={Task}");
        Refusal = done.Code == "not-sent-to" ? "Nothing may be sent to this patient." : "That was not possible. Look at the patient again.";
        ActId = Guid.CreateVersion7();
        return Page();
    }

    private bool IsKnown()
    {
        if (ActWords.Of(Act) is not { } words || (words.Act == StaffActs.PostNow && Letter is null))
            return false;
        Words = words;
        return true;
    }

    private Task<Outcome> DoAsync(CancellationToken cancellationToken) => Words.Act switch
    {
        StaffActs.OptOut or StaffActs.OptIn => messages.OptAsync(Id, ActId, Words.Act == StaffActs.OptOut, cancellationToken),
        StaffActs.PostNow => post.PostNowAsync(Id, Letter!.Value, ActId, cancellationToken),
        _ => patients.ActAsync(Id, ActId, Words.Act, cancellationToken),
    };
}
