using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Staff;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>Ends the desk's session, here and for every copy of the cookie.</summary>
internal sealed class SignOutModel : HubPageModel
{
    public IActionResult OnGet() => SeeOther("/staff/signed-out");

    public async Task<IActionResult> OnPostAsync()
    {
        await StaffHosting.SignOutAsync(HttpContext);
        return SeeOther("/staff/signed-out");
    }
}
