using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using PatientHub.Simulators.Staff;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace PatientHub.Simulators.Pages;

/// <summary>Where a browser arrives for signing in; OpenIddict has checked the request already and makes the code.</summary>
public sealed class StaffSignInModel : PageModel
{
    /// <summary>The request's own parameters, sent again with the choice.</summary>
    public IReadOnlyList<(string Name, string Value)> Asked { get; private set; } = [];

    public void OnGet() => Asked = [.. Request.Query.Select(parameter => (parameter.Key, parameter.Value.ToString()))];

    public IActionResult OnPost(string staff)
    {
        if (HospitalStaff.All.FirstOrDefault(person => person.Id == staff) is not { } person || HttpContext.GetOpenIddictServerRequest() is not { } request)
            return BadRequest();
        var identity = new ClaimsIdentity("hospital", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, person.Id).SetClaim(Claims.Name, person.Name);
        identity.SetClaims("roles", [.. person.Roles]);
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(static _ => [Destinations.IdentityToken]);
        return SignIn(new ClaimsPrincipal(identity), OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
