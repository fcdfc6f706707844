using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Pages.SignIn;

/// <summary>"Send a new code" without typing mobile and date of birth again (A13).</summary>
internal sealed class NewCodeModel(IdentitySignInClient identity, SignInFlow flow) : HubPageModel
{
    public IActionResult OnGet() => SeeOther("/sign-in/code");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (AttemptCookie.Read(Request) is not { } attempt)
            return SeeOther("/sign-in/ended");
        var result = await identity.SendNewCodeAsync(attempt.AttemptId, cancellationToken);
        return SeeOther(await flow.NextAsync(HttpContext, attempt, result, cancellationToken) ?? "/sign-in/code");
    }
}
