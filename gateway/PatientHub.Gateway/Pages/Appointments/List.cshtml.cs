using Microsoft.AspNetCore.Mvc;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>The home page lists them.</summary>
internal sealed class ListModel : HubPageModel
{
    public IActionResult OnGet() => SeeOther("/home");
}
