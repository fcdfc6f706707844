using Microsoft.AspNetCore.Authorization;

namespace PatientHub.ServiceDefaults.Auth;

/// <summary>Scopes of machine tokens and the patient's scope.</summary>
public static class Scopes
{
    /// <summary>A signed-in patient.</summary>
    public const string Patient = "patient";
    /// <summary>The PAS feed.</summary>
    public const string FhirWrite = "fhir.write";
    /// <summary>The booking centre's tasks.</summary>
    public const string Tasks = "tasks";
    /// <summary>Trust administrator.</summary>
    public const string TrustAdmin = "trust.admin";
    /// <summary>Signing in, the gateway's alone.</summary>
    public const string SignIn = "sign-in";
    /// <summary>Ending sessions, the gateway's alone.</summary>
    public const string Session = "session";
    /// <summary>Contacts at the moment of sending, Notifications' alone.</summary>
    public const string ContactsRead = "contacts.read";
    /// <summary>Addresses at the moment of printing, PostalFallback's alone.</summary>
    public const string AddressesRead = "addresses.read";
    /// <summary>Picking up a sign-in code, Notifications' alone.</summary>
    public const string CodesCollect = "codes.collect";
    /// <summary>The last look before sending or printing.</summary>
    public const string StandingRead = "standing.read";
    /// <summary>Print PDFs, PostalFallback's alone.</summary>
    public const string Print = "print";
    /// <summary>A signed-in member of the hospital's staff, at the gateway's desk. Never a machine's: the token names the person (<see cref="PrincipalExtensions.Staff"/>).</summary>
    public const string Desk = "desk";
    /// <summary>As <see cref="Desk"/>, of a supervisor.</summary>
    public const string DeskSupervise = "desk.supervise";
}

/// <summary>Authorisation policies; use as <c>.RequireAuthorization(Policies.Patient)</c> or <c>Policies.Scope(Scopes.FhirWrite)</c>.</summary>
public static class Policies
{
    /// <summary>A signed-in patient's token (scope <c>patient</c>, claims <c>sub</c> and <c>sid</c> are UUIDs).</summary>
    public const string Patient = "patient";

    /// <summary>A member of staff at the desk (scope <c>desk</c>, claims <c>sub</c> and <c>staff_name</c>).</summary>
    public const string Staff = "staff";

    /// <summary>A supervisor at the desk (scopes <c>desk</c> and <c>desk.supervise</c>).</summary>
    public const string Supervisor = "supervisor";

    /// <summary>Policy name for a machine scope.</summary>
    /// <param name="scope">One of <see cref="Scopes"/>.</param>
    public static string Scope(string scope) => "scope:" + scope;

    internal static void Register(AuthorizationOptions options)
    {
        // Whatever has no policy of its own needs a token: forgetting one must not open a door.
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        options.AddPolicy(Patient, policy => policy.RequireAssertion(context =>
            context.User.HasScope(Scopes.Patient) && Guid.TryParse(context.User.FindFirst("sub")?.Value, out _) && Guid.TryParse(context.User.FindFirst("sid")?.Value, out _)));
        options.AddPolicy(Staff, policy => policy.RequireAssertion(context => context.User.IsStaff()));
        options.AddPolicy(Supervisor, policy => policy.RequireAssertion(context => context.User.IsStaff() && context.User.HasScope(Scopes.DeskSupervise)));
        foreach (var scope in (string[])[Scopes.FhirWrite, Scopes.Tasks, Scopes.TrustAdmin, Scopes.SignIn, Scopes.Session, Scopes.ContactsRead,
            Scopes.AddressesRead, Scopes.CodesCollect, Scopes.StandingRead, Scopes.Print])
            options.AddPolicy(Scope(scope), policy => policy.RequireAssertion(context => context.User.HasScope(scope)));
    }
}
