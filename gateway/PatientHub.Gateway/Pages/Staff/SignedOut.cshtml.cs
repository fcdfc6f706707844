using Microsoft.AspNetCore.Mvc.RazorPages;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>Why nobody is signed in at the desk.</summary>
internal sealed class SignedOutModel : PageModel
{
    public string Heading => Why switch
    {
        "unsent" => "You were away too long",
        "failed" => "You are not signed in",
        _ => "You are signed out",
    };

    public string Text => Why switch
    {
        "unsent" => "You are signed out, and what you had just pressed was not sent. Sign in and do it again.",
        "failed" => "Signing in did not work. Try again. If it still does not work, tell the hospital's service desk.",
        _ => "Close the browser if you share this computer.",
    };

    private string Why => Request.Query["why"].ToString();
}
