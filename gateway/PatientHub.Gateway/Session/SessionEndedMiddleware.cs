namespace PatientHub.Gateway.Session;

/// <summary>Sends the browser to the signed-out page when the session ended while its page was made.</summary>
internal sealed class SessionEndedMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (SessionEndedException) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            Cookies.Remove(http.Response, Cookies.Session);
            if (http.Request.Path.StartsWithSegments("/api"))
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = "/signed-out?why=ended";
        }
    }
}
