using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Identity.Features.SignIn;

/// <summary><c>POST /internal/sign-in-codes/{codeId}/collect</c>: Notifications picks up code and destination, once (design: personal data stays where it lives).</summary>
public static class CollectCodeFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/sign-in-codes/{codeId:guid}/collect", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.CodesCollect));

    private static async Task<IResult> HandleAsync(Guid codeId, SignInStore store, CodeKeys keys, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await store.TakePickUpAsync(codeId) is not { } blob) return Problems.NotFound();
        var pickUp = PickUp.Open(keys, codeId, blob);
        if (pickUp.Destination is not { } destination) return Problems.NotFound();
        return TypedResults.Ok(new CollectedCode
        {
            Code = pickUp.Code,
            Uvc = pickUp.Uvc,
            FirstName = pickUp.FirstName,
            Channel = destination.Kind == ContactKind.Mobile ? "sms" : "email",
            Destination = destination.Value,
            FallbackEmail = pickUp.FallbackEmail,
            ExpiresAt = pickUp.ExpiresAt,
            Languages = pickUp.Languages ?? [],
        });
    }
}
