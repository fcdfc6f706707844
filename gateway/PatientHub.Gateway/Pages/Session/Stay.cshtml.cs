using Microsoft.AspNetCore.Mvc;

namespace PatientHub.Gateway.Pages.Session;

/// <summary>"Stay signed in": the request itself begins the idle time anew (A20). 204 to the script, the home page to a plain form.</summary>
internal sealed class StayModel : HubPageModel
{
    public IActionResult OnGet() => SeeOther("/home");

    public IActionResult OnPost() => Request.Headers.ContainsKey("X-Requested-With") ? StatusCode(StatusCodes.Status204NoContent) : SeeOther("/home");
}
