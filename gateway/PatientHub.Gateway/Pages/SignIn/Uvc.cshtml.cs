using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Session;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Pages.SignIn;

/// <summary>Several records match: the User Verification Code decides (R17, A14).</summary>
internal sealed class UvcModel(IdentitySignInClient identity, SignInFlow flow, PageTexts texts) : HubPageModel
{
    [BindProperty] public string? Uvc { get; set; }

    public string Typed { get; private set; } = "";

    public bool SentAgain { get; private set; }

    public IActionResult OnGet(string? sent)
    {
        SentAgain = sent == "again";
        return AttemptCookie.Read(Request) is null ? SeeOther("/sign-in") : Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        if (AttemptCookie.Read(Request) is not { } attempt)
            return SeeOther("/sign-in/ended");
        Typed = Clean(Uvc);
        var uvc = new string([.. Typed.Where(char.IsAsciiLetterOrDigit)]).ToUpperInvariant();
        if (uvc.Length != 6)
        {
            Typed = Typed.Length > 20 ? "" : Typed;
            ModelState.AddModelError("Uvc", texts.Plain(uvc.Length == 0 ? "SignIn.Uvc.Missing" : "SignIn.Uvc.Form"));
            return Page();
        }
        var result = await identity.VerifyUvcAsync(attempt.AttemptId, uvc, cancellationToken);
        if (await flow.NextAsync(HttpContext, attempt, result, cancellationToken) is { } next)
            return SeeOther(next);
        ModelState.AddModelError("Uvc", texts.Plain("SignIn.Uvc.Wrong"));
        return Page();
    }

    public async Task<IActionResult> OnPostSendAsync(CancellationToken cancellationToken)
    {
        if (AttemptCookie.Read(Request) is not { } attempt)
            return SeeOther("/sign-in/ended");
        var result = await identity.SendUvcAsync(attempt.AttemptId, cancellationToken);
        var next = await flow.NextAsync(HttpContext, attempt, result, cancellationToken);
        return SeeOther(next is null or "/sign-in/code?sent=again" ? "/sign-in/uvc?sent=again" : next);
    }
}
