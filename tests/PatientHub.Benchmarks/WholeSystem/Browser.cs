using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace PatientHub.Benchmarks.WholeSystem;

/// <summary>What a browser keeps of a patient: cookies (by hand, because <c>__Host-</c> cookies are for https) and the anti-forgery token of the last page.</summary>
internal sealed partial class Browser(Uri hub)
{
    // One pool for all of them, as many as are needed, so that nobody waits for a connection.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private readonly Dictionary<string, string> _cookies = [];

    /// <summary>Headers of a signed-in request to <c>/api/me</c>.</summary>
    public string[] Headers => [$"Cookie: {Cookies}", $"RequestVerificationToken: {Token}"];

    public string Cookies => string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));

    public string Token { get; private set; } = "";

    public void Keep(string cookie)
    {
        var parts = cookie.Split('=', 2);
        _cookies[parts[0]] = parts[1];
    }

    /// <summary>The same patient at another gateway of the same system.</summary>
    public Browser At(Uri other) => Copy(other);

    /// <summary>The same browser, as it is now.</summary>
    public Browser Copy() => Copy(hub);

    /// <summary>The same browser with one more cookie; this one stays as it is.</summary>
    public Browser With(string cookie)
    {
        var copy = Copy(hub);
        copy.Keep(cookie);
        return copy;
    }

    /// <summary>Reads a page with a form on it.</summary>
    public async Task OpenAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub, path));
        using var answer = await SendAsync(request);
        answer.EnsureSuccessStatusCode();
        Token = TokenField().Match(await answer.Content.ReadAsStringAsync()) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidOperationException($"{path} has no form.");
    }

    public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hub, path)) { Content = new FormUrlEncodedContent(form.Append(new("__RequestVerificationToken", Token))) };
        return SendAsync(request);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, new Uri(hub, path)) { Content = content };
        request.Headers.Add("RequestVerificationToken", Token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return SendAsync(request);
    }

    private Browser Copy(Uri at)
    {
        var copy = new Browser(at) { Token = Token };
        foreach (var (name, value) in _cookies)
            copy._cookies[name] = value;
        return copy;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (_cookies.Count > 0)
            request.Headers.Add("Cookie", Cookies);
        var answer = await Http.SendAsync(request);
        if (answer.Headers.TryGetValues("Set-Cookie", out var set))
            foreach (var cookie in set)
                Keep(cookie.Split(';')[0]);
        return answer;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex TokenField();
}
