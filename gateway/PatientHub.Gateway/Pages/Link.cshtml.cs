using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Pages;

/// <summary>
/// The permanent link (R4, R5). A GET changes nothing on our side, whoever calls it (A27): mail scanners open every link. The token goes into a short-lived cookie
/// of this browser, so that no later address carries it; a real and an invented token look alike.
/// </summary>
public sealed partial class LinkModel : PageModel
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    public IActionResult OnGet(string? token)
    {
        if (token is not null && TokenForm().IsMatch(token))
            Response.Cookies.Append(Cookies.Link, token, Cookies.Options(Life));
        Response.Headers.Location = "/sign-in";
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{16,128}\z")]
    private static partial Regex TokenForm();
}
