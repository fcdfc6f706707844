namespace PatientHub.Gateway.Edge;

/// <summary>
/// The first of two guards against cross-site requests (the second is the anti-forgery token): what a browser says is cross-site changes nothing.
/// <c>Sec-Fetch-Site</c> decides where the browser sends it; else <c>Origin</c>. Under <c>Referrer-Policy: no-referrer</c> browsers write <c>Origin: null</c>
/// on our own forms, so "null" alone proves nothing and the token decides.
/// </summary>
internal sealed class FetchMetadataMiddleware(RequestDelegate next, PublicAddress address, IProblemDetailsService problems)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method)
            || DoorsMiddleware.Of(http) != Door.Public || http.Request.Path.StartsWithSegments("/webhooks"))
            return next(http);
        var site = http.Request.Headers["Sec-Fetch-Site"].ToString();
        var origin = http.Request.Headers.Origin.ToString();
        var crossSite = site.Length > 0
            ? site is not ("same-origin" or "none")
            : origin is not ("" or "null") && !string.Equals(origin, address.Origin, StringComparison.OrdinalIgnoreCase);
        return crossSite ? RefuseAsync(http) : next(http);
    }

    private async Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = { Status = StatusCodes.Status403Forbidden, Detail = "This request came from another website." } });
    }
}
