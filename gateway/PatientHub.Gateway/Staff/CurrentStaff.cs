using System.Security.Claims;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Staff;

/// <summary>The member of staff of this request, and the token for calls in his name: 60 seconds, one a request.</summary>
internal sealed class CurrentStaff(IHttpContextAccessor http, StaffTokens tokens, IServiceProvider services) : ICaller
{
    private readonly Lock _gate = new();
    private ClaimsPrincipal? _begun;
    private Task<string>? _token;

    public string Name => Claim("name");

    public bool IsSupervisor => Person.HasClaim(StaffHosting.RoleClaim, StaffHosting.Supervisor);

    public bool IsPrefetch => Context.Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase);

    public Task<string> AccessTokenAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _token ??= tokens.RequestAsync(Claim("sub"), Name, IsSupervisor, cancellationToken);
    }

    /// <summary>A token that was made a moment ago and is refused: the services and the token service disagree, which is an outage.</summary>
    public Exception Refused() => new HttpRequestException("A service refused the desk's token.", null, System.Net.HttpStatusCode.ServiceUnavailable);

    /// <summary>Somebody has just signed in: the audit trail begins with it. Who has no role at the desk is not recorded, because nothing opens for him.</summary>
    public async Task BeginAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (!person.HasClaim(claim => claim.Type == StaffHosting.RoleClaim))
            return;
        _begun = person;
        var recorded = await services.GetRequiredService<DeskClient>().IntendAsync(Guid.CreateVersion7(), new IntendStaffAct { Act = StaffActs.SignedIn }, cancellationToken);
        if (!recorded.Done)
            throw new HttpRequestException("The audit trail refused a sign-in.", null, System.Net.HttpStatusCode.ServiceUnavailable);
    }

    private ClaimsPrincipal Person => _begun ?? Context.User;

    private HttpContext Context => http.HttpContext ?? throw new InvalidOperationException("No request.");

    private string Claim(string type) => Person.FindFirst(type)?.Value ?? throw new InvalidOperationException("The page lacks the desk's policy.");
}
