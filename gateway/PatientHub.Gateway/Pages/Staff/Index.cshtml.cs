using Microsoft.AspNetCore.Mvc;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>The desk's front door leads to its tasks.</summary>
internal sealed class IndexModel : HubPageModel
{
    public IActionResult OnGet() => SeeOther("/staff/tasks");
}
