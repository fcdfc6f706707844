using System.Security.Cryptography;
using System.Text;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Identity.Features.Tokens;

/// <summary>A machine that may ask for tokens.</summary>
public sealed record MachineClient(string Id, IReadOnlyList<string> Scopes)
{
    /// <summary>Feeds come from a source system that is fixed per client (design: ids need no lookup).</summary>
    public string? SourceSystem { get; init; }

    /// <summary>May exchange a proven code, renew a patient's token, and vouch for a member of staff: the gateway alone.</summary>
    public bool SignsPeopleIn { get; init; }
}

/// <summary>
/// The closed list of clients with the least scopes each needs. Secrets are configuration (<c>Clients:{id}:Secret</c>); a client without one cannot authenticate. There is
/// no table of clients and none of tokens: every replica has the same configuration, and a patient's page needs no database to renew a token's signature.
/// </summary>
public sealed class ClientRegistry(IConfiguration configuration)
{
    public static IReadOnlyList<MachineClient> All { get; } =
    [
        new("pas", [Scopes.FhirWrite]) { SourceSystem = "pas" },
        new("trust-admin", [Scopes.TrustAdmin]),
        new("booking-centre", [Scopes.Tasks]),
        new("gateway", [Scopes.SignIn, Scopes.Session]) { SignsPeopleIn = true },
        new("appointments", [Scopes.StandingRead]),
        new("letters", [Scopes.StandingRead]),
        new("notifications", [Scopes.ContactsRead, Scopes.CodesCollect, Scopes.StandingRead]),
        new("postal", [Scopes.AddressesRead, Scopes.Print, Scopes.StandingRead]),
    ];

    /// <summary>The client, when id and secret are right. An unknown id costs the same comparison.</summary>
    public MachineClient? Authenticate(string? id, string? secret)
    {
        var client = All.FirstOrDefault(c => c.Id == id);
        var expected = client is null ? null : configuration[$"Clients:{client.Id}:Secret"];
        var right = CryptographicOperations.FixedTimeEquals(Digest(expected ?? ""), Digest(secret ?? ""));
        return right && !string.IsNullOrEmpty(expected) ? client : null;
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
