using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace PatientHub.ServiceDefaults.Http;

/// <summary>A body in a charset that does not exist is refused (415) before somebody tries to read it: ASP.NET's JSON reader throws for it, as for a defect of ours.</summary>
internal sealed class CharsetMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var media) && media.Charset is { HasValue: true } charset && !IsKnown(charset.Value.Trim('"')))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType; // The status code pages write its body.
            return Task.CompletedTask;
        }
        return next(http);
    }

    private static bool IsKnown(string name)
    {
        try
        {
            return Encoding.GetEncoding(name) is not null;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
