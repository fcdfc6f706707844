using System.Security.Claims;

namespace PatientHub.ServiceDefaults.Auth;

/// <summary>Who acts at the desk: what every act of staff is recorded with.</summary>
/// <param name="Id">The hospital's own id of the person (<c>sub</c> of its sign-in).</param>
/// <param name="Name">Name as colleagues read it.</param>
public sealed record StaffMember(string Id, string Name)
{
    /// <summary>Claim with the name.</summary>
    public const string NameClaim = "staff_name";
}

/// <summary>Reads PatientHub's claims.</summary>
public static class PrincipalExtensions
{
    /// <summary>The signed-in patient. Only behind <see cref="Policies.Patient"/>.</summary>
    /// <param name="user">The caller.</param>
    /// <exception cref="InvalidOperationException">The route lacks the policy.</exception>
    public static Guid PatientId(this ClaimsPrincipal user) => Required(user, "sub");

    /// <summary>The patient's session. Only behind <see cref="Policies.Patient"/>.</summary>
    /// <param name="user">The caller.</param>
    /// <exception cref="InvalidOperationException">The route lacks the policy.</exception>
    public static Guid SessionId(this ClaimsPrincipal user) => Required(user, "sid");

    /// <summary>The source system that a machine client feeds from (fixed per client, design section 2): claim <c>source_system</c>, else the client's id.</summary>
    /// <param name="user">The caller.</param>
    /// <exception cref="InvalidOperationException">The token names neither.</exception>
    public static string SourceSystem(this ClaimsPrincipal user) =>
        user.FindFirst("source_system")?.Value ?? user.ClientId();

    /// <summary>The machine client's id.</summary>
    /// <param name="user">The caller.</param>
    /// <exception cref="InvalidOperationException">The token names none.</exception>
    public static string ClientId(this ClaimsPrincipal user) =>
        user.FindFirst("client_id")?.Value ?? throw new InvalidOperationException("The token has no client_id: the route lacks a machine policy.");

    /// <summary>The member of staff. Only behind <see cref="Policies.Staff"/>.</summary>
    /// <param name="user">The caller.</param>
    /// <exception cref="InvalidOperationException">The route lacks the policy.</exception>
    public static StaffMember Staff(this ClaimsPrincipal user) => user.IsStaff()
        ? new StaffMember(user.FindFirst("sub")!.Value, user.FindFirst(StaffMember.NameClaim)!.Value)
        : throw new InvalidOperationException("The token names no member of staff: the route lacks the staff policy.");

    internal static bool IsStaff(this ClaimsPrincipal user) =>
        user.HasScope(Scopes.Desk) && !string.IsNullOrEmpty(user.FindFirst("sub")?.Value) && !string.IsNullOrEmpty(user.FindFirst(StaffMember.NameClaim)?.Value);

    /// <summary>True when the token has this scope (a space-separated claim, RFC 9068, or one claim each).</summary>
    /// <param name="user">The caller.</param>
    /// <param name="scope">One of <see cref="Scopes"/>.</param>
    public static bool HasScope(this ClaimsPrincipal user, string scope)
    {
        foreach (var claim in user.FindAll("scope"))
            if (claim.Value.Split(' ').Contains(scope, StringComparer.Ordinal))
                return true;
        return false;
    }

    private static Guid Required(ClaimsPrincipal user, string claim) =>
        Guid.TryParse(user.FindFirst(claim)?.Value, out var id) ? id : throw new InvalidOperationException($"The token has no {claim}: the route lacks the patient policy.");
}
