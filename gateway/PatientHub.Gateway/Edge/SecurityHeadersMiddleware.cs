namespace PatientHub.Gateway.Edge;

/// <summary>Headers of every answer. Nothing inline, nothing from another host, nothing kept (design sections 6 and 7).</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next, PublicAddress address)
{
    private readonly string _contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        + (address.IsHttps ? "; upgrade-insecure-requests" : "");

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = _contentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["X-Robots-Tag"] = "noindex, nofollow";
            if (address.IsHttps)
                headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            if (headers.CacheControl.Count == 0 || http.Response.StatusCode >= 400 || !http.Items.ContainsKey(Cacheable))
                headers.CacheControl = "no-store";
            if (!http.Items.ContainsKey(Cacheable))
                headers.Remove("Pragma");
            return Task.CompletedTask;
        });
        return next(http);
    }

    /// <summary>Marks a style sheet, script or image, which may be kept.</summary>
    public static readonly object Cacheable = new();
}
