using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Pages;

/// <summary>
/// The permanent link (R4, R5). A GET changes nothing on our side, whoever calls it (A27): mail scanners open every link. The token goes into a short-lived cookie
/// of this browser, so that no later address carries it; a real and an invented token look alike. During a session one's own link leads home; any other one to a
/// page that says whose session this is.
/// </summary>
public sealed partial class LinkModel : HubPageModel
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    public async Task<IActionResult> OnGetAsync(string? token)
    {
        if (token is null || !TokenForm().IsMatch(token))
            return SeeOther("/sign-in");
        if (Request.Cookies.ContainsKey(Cookies.Session))
            await HttpContext.AuthenticateAsync(SessionAuthenticationHandler.SchemeName);
        var session = HttpContext.Features.Get<PatientSession>();
        if (session is not null && session.LinkHash == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token))))
            return SeeOther("/home");
        Response.Cookies.Append(Cookies.Link, token, Cookies.Options(Life));
        return SeeOther(session is null ? "/sign-in" : "/switch");
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{16,128}\z")]
    private static partial Regex TokenForm();
}
