using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Session;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Pages.SignIn;

/// <summary>The code (R14, R15). One field; a new code is one button (A13).</summary>
internal sealed class CodeModel(IdentitySignInClient identity, SignInFlow flow, TimeProvider time) : HubPageModel
{
    [BindProperty] public string? Code { get; set; }

    public AttemptCookie? Attempt { get; private set; }

    public bool SentAgain { get; private set; }

    public bool IsOver => Attempt is null || time.GetUtcNow() >= Attempt.CodeExpiresAt;

    public int SecondsLeft => Attempt is null ? 0 : (int)Math.Clamp((Attempt.CodeExpiresAt - time.GetUtcNow()).TotalSeconds, 0, 600);

    public IActionResult OnGet(string? sent)
    {
        Attempt = AttemptCookie.Read(Request);
        SentAgain = sent == "again";
        return Attempt is null ? SeeOther("/sign-in") : Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        if ((Attempt = AttemptCookie.Read(Request)) is null)
            return SeeOther("/sign-in/ended");
        var code = new string([.. Clean(Code).Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '‐' or '–'))]);
        if (code.Length != 6 || !code.All(char.IsAsciiDigit))
        {
            ModelState.AddModelError("Code", code.Length == 0 ? "Enter the code we sent you" : "The code has 6 numbers, like 123456");
            return Page();
        }
        var result = await identity.VerifyAsync(Attempt.AttemptId, code, cancellationToken);
        if (await flow.NextAsync(HttpContext, Attempt, result, cancellationToken) is { } next)
            return SeeOther(next);
        ModelState.AddModelError("Code", result.Outcome == SignInOutcome.CodeDead
            ? "This code does not work any more. Select ‘Send a new code’"
            : "That is not the code we sent. Check it and type it again. Only the newest code works");
        return Page();
    }
}
