using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using PatientHub.Gateway.Session;
using StackExchange.Redis;

namespace PatientHub.Gateway.Staff;

/// <summary>
/// Sessions of staff in Redis: <c>staff:{hash}</c>, encrypted under a key that only the cookie yields. Each request sets the idle time anew; signing out ends the session everywhere, also
/// for a copy of the cookie.
/// </summary>
internal sealed class StaffSessions(IConnectionMultiplexer redis, IOptions<StaffOptions> options) : ITicketStore
{
    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var id = CookieSeal.NewId();
        await WriteAsync(id, ticket);
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

    public async Task RemoveAsync(string key)
    {
        if (CookieSeal.TryRead(key, out var id))
            await redis.GetDatabase().KeyDeleteAsync(KeyOf(id));
    }

    private Task WriteAsync(byte[] id, AuthenticationTicket ticket) =>
        redis.GetDatabase().StringSetAsync(KeyOf(id), CookieSeal.Encrypt(id, "staff"u8, TicketSerializer.Default.Serialize(ticket)), options.Value.Idle);

    private static RedisKey KeyOf(byte[] id) => "staff:" + CookieSeal.HashOf(id);
}
