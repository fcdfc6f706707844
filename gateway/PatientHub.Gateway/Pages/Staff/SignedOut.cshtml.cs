using Microsoft.AspNetCore.Mvc.RazorPages;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>Why nobody is signed in at the desk.</summary>
internal sealed class SignedOutModel(KeptAnswers kept) : PageModel
{
    public string Heading => Why switch
    {
        "unsent" or "kept" => "You were away too long",
        "failed" => "You are not signed in",
        _ => "You are signed out",
    };

    public string Text => Why switch
    {
        "unsent" => "You are signed out, and what you had just pressed was not sent. Sign in and do it again.",
        "kept" => "You are signed out. What you typed has not been sent. It is kept for 15 minutes: sign in again, check it and send it.",
        "failed" => "Signing in did not work. Try again. If it still does not work, tell the hospital's service desk.",
        _ => "Close the browser if you share this computer.",
    };

    /// <summary>Where signing in leads: to the page on which something was typed.</summary>
    public string Next { get; private set; } = "/staff/tasks";

    public async Task OnGetAsync() => Next = (Why == "kept" ? await kept.PathAtDeskAsync(Request) : null) ?? Next;

    private string Why => Request.Query["why"].ToString();
}
