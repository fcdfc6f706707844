using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Pages.SignIn;

/// <summary>The back-off (A12): how long, and what then. Never a lockout.</summary>
internal sealed class WaitModel(TimeProvider time) : HubPageModel
{
    /// <summary>The minute after the wait ends, so that it is true when it is read; null when it is over.</summary>
    public DateTimeOffset? Until { get; private set; }

    public int SecondsLeft { get; private set; }

    public IActionResult OnGet()
    {
        if (AttemptCookie.Read(Request) is not { } attempt)
            return SeeOther("/sign-in");
        var now = time.GetUtcNow();
        if (attempt.WaitUntil > now)
        {
            SecondsLeft = (int)Math.Ceiling((attempt.WaitUntil.Value - now).TotalSeconds);
            Until = attempt.WaitUntil.Value.AddSeconds(59);
        }
        return Page();
    }
}
