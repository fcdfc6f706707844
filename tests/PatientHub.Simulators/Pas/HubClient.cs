using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Simulators.Pas;

/// <summary>The hospital's two clients of the hub's machine address: the PAS, which writes FHIR, and the trust's administrator, who writes settings.</summary>
public sealed class HubClient(IHttpClientFactory http, SimulatorsOptions options, FeedBook feed, TimeProvider time)
{
    internal const string HttpClientName = "hub";

    private static readonly FhirJsonSerializer Serializer = new();
    private static readonly FhirJsonDeserializer Reader = new();

    private readonly Token pas = new("pas", "fhir.write");
    private readonly Token trustAdmin = new("trust-admin", "trust.admin");

    /// <summary>Whether the hub gives the PAS a token; the reason when not.</summary>
    public async Task<string?> TroubleAsync(CancellationToken cancellation)
    {
        try
        {
            await TokenAsync(pas, renew: true, cancellation);
            await TokenAsync(trustAdmin, renew: true, cancellation);
            return null;
        }
        catch (Exception failure) when (IsNoAnswer(failure, cancellation))
        {
            return failure.Message;
        }
    }

    /// <summary>PUT of a resource as JSON.</summary>
    public Task<FeedAnswer> PutAsync(Resource resource, CancellationToken cancellation) =>
        PutFhirAsync(resource.TypeName, resource.Id!, Encoding.UTF8.GetBytes(Serializer.SerializeToString(resource)), "application/fhir+json", cancellation);

    /// <summary>PUT of a resource's bytes as they are.</summary>
    public Task<FeedAnswer> PutFhirAsync(string type, string id, byte[] body, string mediaType, CancellationToken cancellation) =>
        PutAsync(pas, type, id, $"fhir/{type}/{id}", () => Body(body, mediaType), cancellation);

    /// <summary>PUT of a clinic's or site's settings (`clinics` or `sites`).</summary>
    public Task<FeedAnswer> PutSettingsAsync<T>(string kind, string id, T settings, CancellationToken cancellation) =>
        PutAsync(trustAdmin, $"settings of {kind}", id, $"api/{kind}/{id}/settings", () => JsonContent.Create(settings, options: SimulatorsJson.Options), cancellation);

    private async Task<FeedAnswer> PutAsync(Token token, string type, string id, string path, Func<HttpContent> content, CancellationToken cancellation)
    {
        FeedAnswer answer;
        var tries = 0;
        do
        {
            if (tries > 0)
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(tries, 5)), time, cancellation);
            answer = await TryAsync();
        }
        while (answer.HttpStatus is null or 401 or 429 or >= 500 && ++tries < 20);
        feed.Note(answer);
        return answer;

        async Task<FeedAnswer> TryAsync()
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(options.PasFhirBaseUrl!, path)) { Content = content() };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(token, renew: tries > 0, cancellation));
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/fhir+json"));
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json", 0.9));
                using var response = await http.CreateClient(HttpClientName).SendAsync(request, cancellation);
                return new FeedAnswer(type, id, (int)response.StatusCode, Issues(await response.Content.ReadAsStringAsync(cancellation)), time.GetUtcNow());
            }
            catch (Exception failure) when (IsNoAnswer(failure, cancellation))
            {
                return new FeedAnswer(type, id, null, [new FeedIssue("error", null, failure.Message)], time.GetUtcNow());
            }
        }
    }

    private async Task<string> TokenAsync(Token token, bool renew, CancellationToken cancellation)
    {
        await token.Gate.WaitAsync(cancellation);
        try
        {
            // Several calls may find the same token refused: one second apart is one renewal.
            var now = time.GetUtcNow();
            if (token.Value is { } value && now < token.EndsAt && !(renew && now - token.FetchedAt > TimeSpan.FromSeconds(1)))
                return value;

            using var response = await http.CreateClient(HttpClientName).PostAsync(
                new Uri(options.PasFhirBaseUrl!, "connect/token"),
                new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = token.ClientId,
                    ["client_secret"] = (token == pas ? options.PasClientSecret : options.TrustAdminClientSecret)!,
                    ["scope"] = token.Scope,
                }),
                cancellation);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new HttpRequestException($"The hub answered {(int)response.StatusCode} when {token.ClientId} asked for a token.");

            using var body = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(cancellation));
            token.FetchedAt = now;
            token.EndsAt = now.AddSeconds(body.RootElement.TryGetProperty("expires_in", out var seconds) ? Math.Max(seconds.GetInt32() - 30, 1) : 30);
            return token.Value = body.RootElement.GetProperty("access_token").GetString()!;
        }
        finally
        {
            token.Gate.Release();
        }
    }

    private static IReadOnlyList<FeedIssue> Issues(string body)
    {
        if (!body.Contains("OperationOutcome", StringComparison.Ordinal))
            return [];
        try
        {
            return [.. Reader.Deserialize<OperationOutcome>(body).Issue.Select(issue => new FeedIssue(
                issue.Severity?.ToString().ToLowerInvariant() ?? "error", issue.Expression.FirstOrDefault(), issue.Diagnostics ?? issue.Details?.Text ?? issue.Code?.ToString() ?? ""))];
        }
        catch (Exception unreadable) when (unreadable is FormatException or DeserializationFailedException)
        {
            return [new FeedIssue("error", null, "The answer is not a readable OperationOutcome.")];
        }
    }

    private static ByteArrayContent Body(byte[] body, string mediaType) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    private static bool IsNoAnswer(Exception failure, CancellationToken cancellation) =>
        failure is HttpRequestException or JsonException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested);

    private sealed class Token(string clientId, string scope)
    {
        public string ClientId => clientId;
        public string Scope => scope;
        public SemaphoreSlim Gate { get; } = new(1);
        public string? Value { get; set; }
        public DateTimeOffset FetchedAt { get; set; }
        public DateTimeOffset EndsAt { get; set; }
    }
}
