using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using PatientHub.Gateway.Session;
using StackExchange.Redis;

namespace PatientHub.Gateway.Staff;

/// <summary>
/// Sessions of staff in Redis: <c>staff:{hash}</c>, encrypted under a key that only the cookie yields. Each request sets the idle time anew; signing out ends the session everywhere, also
/// for a copy of the cookie. <c>staff:owner:{hash}</c> remembers a little longer whose it was: what was typed when the time was up is kept for that person (<see cref="KeptAnswers"/>).
/// </summary>
internal sealed class StaffSessions(IConnectionMultiplexer redis, IOptions<StaffOptions> options) : ITicketStore
{
    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var id = CookieSeal.NewId();
        await WriteAsync(id, ticket);
        await redis.GetDatabase().StringSetAsync(OwnerOf(id), CookieSeal.Encrypt(id, "staff owner"u8, Encoding.UTF8.GetBytes(ticket.Principal.FindFirst("sub")!.Value)), options.Value.Longest + KeptAnswers.Life);
        return CookieSeal.Write(id);
    }

    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        if (CookieSeal.TryRead(key, out var id))
            await WriteAsync(id, ticket);
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        if (!CookieSeal.TryRead(key, out var id))
            return null;
        var sealedTicket = (byte[]?)await redis.GetDatabase().StringGetSetExpiryAsync(KeyOf(id), options.Value.Idle);
        return sealedTicket is not null && CookieSeal.Decrypt(id, "staff"u8, sealedTicket) is { } plain ? TicketSerializer.Default.Deserialize(plain) : null;
    }

    /// <summary>As the other one; for a form that comes too late it says whose session it was.</summary>
    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext http, CancellationToken cancellationToken)
    {
        if (HttpMethods.IsPost(http.Request.Method) && CookieSeal.TryRead(key, out var id)
            && await redis.GetDatabase().StringGetAsync(OwnerOf(id)) is { IsNull: false } sealedOwner && CookieSeal.Decrypt(id, "staff owner"u8, sealedOwner!) is { } owner)
            http.Features.Set(new StaffBefore(Encoding.UTF8.GetString(owner)));
        return await RetrieveAsync(key);
    }

    public async Task RemoveAsync(string key)
    {
        if (CookieSeal.TryRead(key, out var id))
            await redis.GetDatabase().KeyDeleteAsync([KeyOf(id), OwnerOf(id)]);
    }

    private Task WriteAsync(byte[] id, AuthenticationTicket ticket) =>
        redis.GetDatabase().StringSetAsync(KeyOf(id), CookieSeal.Encrypt(id, "staff"u8, TicketSerializer.Default.Serialize(ticket)), options.Value.Idle);

    private static RedisKey KeyOf(byte[] id) => "staff:" + CookieSeal.HashOf(id);

    private static RedisKey OwnerOf(byte[] id) => "staff:owner:" + CookieSeal.HashOf(id);
}

/// <summary>Whose session the request's cookie is, or was until its time was up.</summary>
/// <param name="Sub">As the hospital's sign-in names the person.</param>
internal sealed record StaffBefore(string Sub);
