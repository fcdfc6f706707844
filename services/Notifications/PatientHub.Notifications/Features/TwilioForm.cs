using Microsoft.AspNetCore.Http.Features;
using PatientHub.Notifications.Clients;

namespace PatientHub.Notifications.Features;

/// <summary>A form that Twilio posts, and only Twilio.</summary>
internal static class TwilioForm
{
    private const int LongestBody = 16 * 1024;

    /// <param name="address">The address as Twilio knows it: behind proxies the request's own host and scheme are not it, and a forger writes them as he likes.</param>
    /// <returns>Null: no form, more of one than Twilio ever sends, or not signed for that address.</returns>
    public static async Task<IFormCollection?> ReadAsync(HttpRequest request, string address, string authToken, CancellationToken ct)
    {
        if (!request.HasFormContentType || request.ContentLength > LongestBody) return null;
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(new FormOptions { ValueCountLimit = 100, BufferBody = true, BufferBodyLengthLimit = LongestBody }, ct);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException)
        {
            return null;
        }

        var fields = form.Select(field => KeyValuePair.Create(field.Key, field.Value.ToString())).ToList();
        return TwilioCallback.IsSigned(authToken, address, fields, request.Headers["X-Twilio-Signature"]) ? form : null;
    }
}
