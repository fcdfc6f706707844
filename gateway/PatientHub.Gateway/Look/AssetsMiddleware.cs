using Microsoft.Net.Http.Headers;
using PatientHub.Gateway.Edge;

namespace PatientHub.Gateway.Look;

/// <summary>Sends the pages' files, before anything else looks at the request: compressed where the browser takes it, kept for a year where the name has the hash.</summary>
internal sealed class AssetsMiddleware(RequestDelegate next, Assets assets)
{
    public Task InvokeAsync(HttpContext http)
    {
        if ((!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)) || assets.At(http.Request.Path.Value ?? "") is not var (asset, forEver))
            return next(http);
        var headers = http.Response.GetTypedHeaders();
        http.Items[SecurityHeadersMiddleware.Cacheable] = true;
        http.Response.Headers.CacheControl = forEver ? "public, max-age=31536000, immutable" : "public, max-age=3600";
        http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        headers.ETag = new EntityTagHeaderValue($"\"{asset.Hash}\"", isWeak: true);
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(headers.ETag, useStrongComparison: false)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        var body = asset.Content;
        if (asset.Shrinks && Encoding(http.Request) is { } encoding)
        {
            http.Response.Headers.ContentEncoding = encoding;
            body = encoding == "br" ? asset.Brotli : asset.Gzip;
        }
        http.Response.ContentType = asset.ContentType;
        http.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(body).AsTask();
    }

    private static string? Encoding(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding.Where(encoding => encoding.Quality is not 0).Select(encoding => encoding.Value.ToString()).ToList();
        return accepted.Contains("br", StringComparer.OrdinalIgnoreCase) ? "br" : accepted.Contains("gzip", StringComparer.OrdinalIgnoreCase) ? "gzip" : null;
    }
}
