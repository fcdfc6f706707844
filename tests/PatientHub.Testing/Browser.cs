using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Shouldly;

namespace PatientHub.Testing;

/// <summary>An answer of the gateway with its parsed page.</summary>
public sealed record Page(HttpStatusCode Status, HttpResponseMessage Response, string Text, IHtmlDocument Document, string Path)
{
    public string Title => Document.Title ?? "";

    public string Heading => Document.QuerySelector("h1")?.TextContent.Trim() ?? "";

    /// <summary>All words of the main part, single-spaced.</summary>
    public string Main => string.Join(' ', (Document.QuerySelector("main")?.TextContent ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public IReadOnlyList<(string Href, string Text)> Errors =>
        [.. Document.QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => (link.GetAttribute("href")!, link.TextContent.Trim()))];

    public string Location => Response.Headers.Location?.ToString() ?? "";
}

/// <summary>
/// A browser without scripts: keeps cookies, follows forms of the page it is on with their hidden fields. Cookies are kept by hand, because HttpClient's own jar
/// drops Secure cookies on plain http, which browsers accept on loopback.
/// </summary>
/// <param name="baseUrl">The hub's address.</param>
/// <param name="patience">How long it waits for an answer; null: 100 seconds.</param>
public sealed class Browser(string baseUrl, TimeSpan? patience = null)
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(baseUrl), Timeout = patience ?? TimeSpan.FromSeconds(100) };

    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>Set-Cookie lines as they came.</summary>
    public List<string> SetCookies { get; } = [];

    public Task<Page> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>As <see cref="GetAsync"/>, then every redirect.</summary>
    public async Task<Page> OpenAsync(string path) => await FollowAsync(await GetAsync(path));

    public async Task<Page> FollowAsync(Page page)
    {
        for (var i = 0; i < 10 && (int)page.Status is >= 300 and < 400; i++)
            page = await GetAsync(page.Location);
        return page;
    }

    /// <summary>Fills and sends a form of the page: its hidden fields and anti-forgery token go along.</summary>
    public Task<Page> SubmitAsync(Page page, string formSelector, params (string Name, string Value)[] fields)
    {
        var form = page.Document.QuerySelector(formSelector) as IHtmlFormElement ?? throw new ShouldAssertException($"No form {formSelector} on {page.Path}: {page.Main}");
        var values = form.QuerySelectorAll("input, textarea")
            .Where(input => input.GetAttribute("name") is { Length: > 0 } && (input.GetAttribute("type") is not ("radio" or "checkbox") || input.HasAttribute("checked")))
            .Select(input => (Name: input.GetAttribute("name")!, Value: (input as IHtmlTextAreaElement)?.Value ?? input.GetAttribute("value") ?? ""))
            .Where(field => fields.All(own => own.Name != field.Name)).Concat(fields);
        var action = form.GetAttribute("action") is { Length: > 0 } target ? target : page.Path;
        return PostAsync(action, [.. values]);
    }

    public Task<Page> PostAsync(string path, params (string Name, string Value)[] fields) => SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
    {
        Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
    });

    public async Task<Page> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0 && !request.Headers.Contains("Cookie"))
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        if (!request.Headers.Contains("Accept"))
            request.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        var response = await _http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
            foreach (var cookie in cookies)
                Keep(cookie);
        var text = await response.Content.ReadAsStringAsync();
        return new Page(response.StatusCode, response, text, await new HtmlParser().ParseDocumentAsync(text), request.RequestUri!.IsAbsoluteUri ? request.RequestUri.PathAndQuery : request.RequestUri.OriginalString);
    }

    private void Keep(string cookie)
    {
        SetCookies.Add(cookie);
        var pair = cookie.Split(';')[0];
        var at = pair.IndexOf('=', StringComparison.Ordinal);
        var name = pair[..at];
        if (cookie.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase))
            Cookies.Remove(name);
        else
            Cookies[name] = pair[(at + 1)..];
    }
}
