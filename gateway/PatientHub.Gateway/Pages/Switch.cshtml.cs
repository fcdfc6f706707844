using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Pages;

/// <summary>A link was opened while somebody else is signed in here: the page says so, and only a POST switches ("for the right person").</summary>
internal sealed class SwitchModel(SigningOut signingOut) : HubPageModel
{
    public PatientSession? SignedIn { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        await HttpContext.AuthenticateAsync(SessionAuthenticationHandler.SchemeName);
        SignedIn = HttpContext.Features.Get<PatientSession>();
        return SignedIn is null ? SeeOther("/sign-in") : Page();
    }

    /// <summary>The link's cookie stays: it leads the next sign-in to its record.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await signingOut.EndAsync(HttpContext, cancellationToken);
        Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return SeeOther("/sign-in");
    }
}
