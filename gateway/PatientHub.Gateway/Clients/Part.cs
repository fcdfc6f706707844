using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using PatientHub.Gateway.Session;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace PatientHub.Gateway.Clients;

/// <summary>What one service gave for a page: the value, "not there for you", or "down", which leaves that part of the page with a clear sentence.</summary>
public sealed record Part<T> where T : class
{
    public T? Value { get; private init; }

    public bool IsDown { get; private init; }

    public static Part<T> Of(T value) => new() { Value = value };

    public static Part<T> Missing { get; } = new();

    public static Part<T> Down { get; } = new() { IsDown = true };
}

/// <summary>A service's answer to a request.</summary>
/// <param name="Code">Reason of a refusal (closed set of the service); null when it was done.</param>
/// <param name="Phone">Telephone number, when the reason gives one.</param>
/// <param name="By">Name of the colleague who has a task, when the reason gives one.</param>
public sealed record Outcome(string? Code, string? Phone = null, string? By = null)
{
    public bool Done => Code is null;

    public const string NotFound = "not-found";
}

/// <summary>On whose behalf a service is called.</summary>
public interface ICaller
{
    /// <summary>A browser only looks ahead, and nobody has asked to see the page.</summary>
    bool IsPrefetch { get; }

    /// <summary>The person's token.</summary>
    Task<string> AccessTokenAsync(CancellationToken cancellationToken);

    /// <summary>What it means that a service does not accept that token.</summary>
    Exception Refused();
}

/// <summary>Calls with a person's token: the patient's, or that of a member of staff.</summary>
internal static class PatientCalls
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static Task<Part<T>> LoadAsync<T>(this HttpClient http, string path, ICaller caller, CancellationToken cancellationToken) where T : class => http.LoadAsync<T>(HttpMethod.Get, path, null, caller, cancellationToken);

    /// <summary>As the other one, where reading needs a body: what staff read is recorded.</summary>
    public static async Task<Part<T>> LoadAsync<T>(this HttpClient http, HttpMethod method, string path, object? body, ICaller caller, CancellationToken cancellationToken) where T : class
    {
        try
        {
            using var request = await RequestAsync(method, path, caller, cancellationToken);
            if (body is not null)
                request.Content = JsonContent.Create(body, body.GetType(), options: Json);
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return Part<T>.Missing;
            if (response.StatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout)
                return Part<T>.Down;
            Ensure(response, caller);
            return await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken) is { } value ? Part<T>.Of(value) : Part<T>.Missing;
        }
        catch (Exception fault) when (IsDown(fault, cancellationToken))
        {
            return Part<T>.Down;
        }
    }

    /// <summary>Sends a decision. Not repeated by itself; when the service is down the exception leads to the page that says so.</summary>
    public static async Task<Outcome> SendAsync<T>(this HttpClient http, HttpMethod method, string path, T body, ICaller caller, CancellationToken cancellationToken) =>
        (await http.SendForAsync<T, object>(method, path, body, caller, cancellationToken)).Outcome;

    /// <summary>As <see cref="SendAsync"/>, with what the service answers when it was done.</summary>
    public static async Task<(Outcome Outcome, TAnswer? Answer)> SendForAsync<T, TAnswer>(this HttpClient http, HttpMethod method, string path, T body, ICaller caller, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var request = await RequestAsync(method, path, caller, cancellationToken);
        if (body is not null)
            request.Content = JsonContent.Create(body, options: Json);
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return (new Outcome(Outcome.NotFound), null);
        if (response.StatusCode is not (HttpStatusCode.Conflict or HttpStatusCode.BadRequest))
        {
            Ensure(response, caller);
            var answer = response.StatusCode == HttpStatusCode.NoContent ? null : await response.Content.ReadFromJsonAsync<TAnswer>(Json, cancellationToken);
            return (new Outcome(null), answer);
        }
        var refusal = await response.Content.ReadFromJsonAsync<Refusal>(Json, cancellationToken);
        return (new Outcome(refusal?.Code ?? "refused", refusal?.Phone, refusal?.By), null);
    }

    /// <summary>A file on its way through to the browser. Null when it is not there for this patient.</summary>
    public static async Task<HttpResponseMessage?> FileAsync(this HttpClient http, string path, ICaller caller, CancellationToken cancellationToken)
    {
        using var request = await RequestAsync(HttpMethod.Get, path, caller, cancellationToken);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            response.Dispose();
            return null;
        }
        Ensure(response, caller);
        return response;
    }

    private static async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path, ICaller caller, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", await caller.AccessTokenAsync(cancellationToken)) } };
        // A browser that looks ahead has not opened a letter (A27).
        if (caller.IsPrefetch)
            request.Headers.Add("Sec-Purpose", "prefetch");
        return request;
    }

    private static void Ensure(HttpResponseMessage response, ICaller caller)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            throw caller.Refused();
        response.EnsureSuccessStatusCode();
    }

    private static bool IsDown(Exception fault, CancellationToken cancellationToken) =>
        fault is HttpRequestException { StatusCode: null or >= HttpStatusCode.InternalServerError } or TimeoutRejectedException or BrokenCircuitException or TimeoutException
        || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private sealed record Refusal(string? Code, string? Phone, string? By);
}
