using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Pages;

/// <summary>Signing out: by POST only.</summary>
internal sealed class SignOutModel(SigningOut signingOut) : HubPageModel
{
    public IActionResult OnGet() => SeeOther("/");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await signingOut.EndAsync(HttpContext, cancellationToken);
        Cookies.Remove(Response, Cookies.Link);
        Response.Headers["Clear-Site-Data"] = "\"cache\", \"cookies\", \"storage\"";
        return SeeOther("/signed-out");
    }
}
