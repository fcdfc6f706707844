using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Session;
using PatientHub.Gateway.Texts;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Pages.SignIn;

/// <summary>The code (R14, R15). One field; a new code is one button (A13).</summary>
internal sealed class CodeModel(IdentitySignInClient identity, SignInFlow flow, PageTexts texts, TimeProvider time) : HubPageModel
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
            ModelState.AddModelError("Code", texts.Plain(code.Length == 0 ? "SignIn.Code.Missing" : "SignIn.Code.Form"));
            return Page();
        }
        var result = await identity.VerifyAsync(Attempt.AttemptId, code, cancellationToken);
        if (await flow.NextAsync(HttpContext, Attempt, result, cancellationToken) is { } next)
            return SeeOther(next);
        ModelState.AddModelError("Code", texts.Plain(result.Outcome == SignInOutcome.CodeDead ? "SignIn.Code.Dead" : "SignIn.Code.Wrong"));
        return Page();
    }
}
