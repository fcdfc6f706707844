using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Session;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Pages.NotForMe;

/// <summary>
/// A32: a message reached the wrong person. By POST, without signing in, limited like signing in. After a link the token names the record and nothing is shown; else the
/// number or address is typed, and the answer is the same whether it is on record or not (A19).
/// </summary>
internal sealed class IndexModel(IdentitySignInClient identity, PageTexts texts) : HubPageModel
{
    [BindProperty] public string? Identifier { get; set; }

    /// <summary>This browser came by a permanent link and did not choose to type.</summary>
    public bool FromLink { get; private set; }

    public void OnGet(string? by) => FromLink = by != "contact" && Request.Cookies.ContainsKey(Cookies.Link);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var identifier = Clean(Identifier);
        var wrong = Pages.SignIn.IndexModel.CheckIdentifier(identifier) is { } key ? texts.Plain(key, Pages.SignIn.IndexModel.LongestIdentifier) : null;
        if (wrong is null && await identity.ReportWrongPersonAsync(identifier, linkToken: null, cancellationToken))
            return SeeOther("/not-for-me/done");
        ModelState.AddModelError("Identifier", wrong ?? texts.Plain("SignIn.Identifier.Form"));
        return Page();
    }

    public async Task<IActionResult> OnPostLinkAsync(CancellationToken cancellationToken)
    {
        // Pressed twice, or after the cookie's half hour: what was said is said, else the number has to be typed.
        if (Request.Cookies[Cookies.Link] is not { Length: > 0 } token)
            return SeeOther("/not-for-me?by=contact");
        await identity.ReportWrongPersonAsync(identifier: null, token, cancellationToken);
        return SeeOther("/not-for-me/done");
    }
}
