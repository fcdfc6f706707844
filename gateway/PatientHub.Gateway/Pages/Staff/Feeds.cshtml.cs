using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Staff;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>A34: systems whose changes of contacts were stopped; a supervisor lets them in again.</summary>
internal sealed class FeedsModel(DeskClient desk, DeskPatientsClient patients, CurrentStaff staff) : HubPageModel
{
    public const int Longest = 500;
    private const int LongestSource = 100;

    [BindProperty] public string? Source { get; set; }
    [BindProperty] public Guid ActId { get; set; }
    [BindProperty] public string? Why { get; set; }

    public bool IsSupervisor => staff.IsSupervisor;

    public bool Did => Request.Query["did"] == "release";

    public Part<List<StoppedFeed>> Stopped { get; private set; } = Part<List<StoppedFeed>>.Down;

    /// <summary>The form that was sent, or whose words were kept.</summary>
    public bool IsAbout(StoppedFeed feed) => feed.SourceSystem == Source;

    /// <summary>Each form's own: the one that an error leads to has the plain name.</summary>
    public string FieldOf(int number, StoppedFeed feed) => IsAbout(feed) || (number == 0 && !Stopped.Value!.Any(IsAbout)) ? nameof(Why) : $"{nameof(Why)}-{number}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        return await ShowAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        if (!IsSupervisor)
            return await ShowAsync(cancellationToken);
        // It becomes part of an address.
        if (Source is not { Length: > 0 and <= LongestSource } || ActId == Guid.Empty)
            return BadRequest();
        var why = CleanLines(Why);
        if (why.Length is 0 or > Longest)
        {
            ModelState.AddModelError(nameof(Why), why.Length == 0 ? "Write why it may go on" : $"Why it may go on must be {Longest} characters or less");
            return await ShowAsync(cancellationToken);
        }
        var intended = await desk.IntendAsync(ActId, new IntendStaffAct { Act = StaffActs.FeedReleased, Why = why }, cancellationToken);
        if (intended.Done)
            await patients.ReleaseFeedAsync(Source, ActId, cancellationToken);
        return SeeOther(intended.Done ? "/staff/feeds?did=release" : "/staff/feeds");
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellationToken)
    {
        ActId = Guid.CreateVersion7();
        if (IsSupervisor)
            Stopped = await patients.StoppedFeedsAsync(cancellationToken);
        return Page();
    }
}
