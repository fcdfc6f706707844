using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Pages.Session;

/// <summary>
/// What was typed and not sent when the script leads to the signed-out page: kept without making the session longer. The form's token is looked at in
/// <see cref="KeptAnswers"/>, because there is no session any more that it could be compared with.
/// </summary>
[IgnoreAntiforgeryToken]
internal sealed class KeepModel(KeptAnswers kept) : HubPageModel
{
    public IActionResult OnGet() => SeeOther("/home");

    public async Task<IActionResult> OnPostAsync() =>
        await KeptAnswers.FormOfAsync(Request) is { } form && form[KeptAnswers.PathField].ToString() is ['/', ..] path && Url.IsLocalUrl(path) && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-')
        && await kept.KeepAsync(HttpContext, path)
            ? StatusCode(StatusCodes.Status204NoContent)
            : BadRequest();
}
