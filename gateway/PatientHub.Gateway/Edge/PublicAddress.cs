namespace PatientHub.Gateway.Edge;

/// <summary>
/// The hub's own address (<c>PublicBaseUrl</c>): the only source of scheme and host, never a header (design section 6). Plain http is for loopback only;
/// there it counts as https, because browsers treat loopback as secure and <c>__Host-</c> cookies and anti-forgery insist on it.
/// </summary>
public sealed class PublicAddress
{
    public PublicAddress(IConfiguration configuration)
    {
        BaseUrl = Uri.TryCreate(configuration["PublicBaseUrl"], UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url!
            : throw new InvalidOperationException("PublicBaseUrl must be set to the hub's address, as https://patienthub.example.nhs.uk.");
        IsHttps = BaseUrl.Scheme == Uri.UriSchemeHttps;
        if (!IsHttps && !BaseUrl.IsLoopback)
            throw new InvalidOperationException("PublicBaseUrl must be https, except on loopback: sessions and codes would cross the network in clear.");
        Host = BaseUrl.IsDefaultPort ? new HostString(BaseUrl.Host) : new HostString(BaseUrl.Host, BaseUrl.Port);
        Origin = BaseUrl.GetLeftPart(UriPartial.Authority);
    }

    public Uri BaseUrl { get; }

    /// <summary>True when the address is https, not only counted as such.</summary>
    public bool IsHttps { get; }

    public HostString Host { get; }

    /// <summary>As browsers write it in <c>Origin</c>.</summary>
    public string Origin { get; }
}

/// <summary>The first middleware: what a client says about itself in headers is dropped, scheme and host come from configuration.</summary>
internal sealed class PublicAddressMiddleware(RequestDelegate next, PublicAddress address)
{
    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        foreach (var name in headers.Keys.Where(IsAboutTheClient).ToArray())
            headers.Remove(name);
        http.Request.Scheme = Uri.UriSchemeHttps;
        http.Request.Host = address.Host;
        return next(http);
    }

    private static bool IsAboutTheClient(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || header.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) || header.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase);
}
