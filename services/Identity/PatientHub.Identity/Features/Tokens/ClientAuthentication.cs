using OpenIddict.Abstractions;
using OpenIddict.Server;
using PatientHub.Identity.Contracts.Http;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace PatientHub.Identity.Features.Tokens;

/// <summary>Who asks, and whether this client may ask for that (RFC 6749 sections 2.3, 5.2).</summary>
public sealed class ClientAuthentication(ClientRegistry clients) : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (clients.Authenticate(context.ClientId, context.ClientSecret) is not { } client)
        {
            context.Reject(OpenIddictConstants.Errors.InvalidClient, "The client or its secret is wrong.");
            return default;
        }

        var request = context.Request;
        if (request.GrantType is Grants.ProvenCode or Grants.Session or Grants.Staff && !client.SignsPeopleIn)
            context.Reject(OpenIddictConstants.Errors.UnauthorizedClient, "This client may not use that grant.");
        else if (request.IsClientCredentialsGrantType() && !request.GetScopes().All(scope => client.Scopes.Contains(scope)))
            context.Reject(OpenIddictConstants.Errors.InvalidScope, "This client may not have that scope.");
        return default;
    }
}
