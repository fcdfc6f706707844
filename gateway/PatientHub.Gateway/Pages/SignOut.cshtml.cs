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
        // The choice of a language says nothing about a patient and outlives him: with one, our cookies are removed by name alone.
        Response.Headers["Clear-Site-Data"] = Request.Cookies.ContainsKey(Cookies.Language) ? "\"cache\", \"storage\"" : "\"cache\", \"cookies\", \"storage\"";
        return SeeOther("/signed-out");
    }
}
