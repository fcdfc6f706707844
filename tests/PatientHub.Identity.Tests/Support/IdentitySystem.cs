using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using PatientHub.Fhir;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;
using PatientHub.Testing;
using StackExchange.Redis;

namespace PatientHub.Identity.Tests.Support;

/// <summary>Identity as it runs: real PostgreSQL, Redis and RabbitMQ, Kestrel on a free port, and a listener on the bus in the place of the other services.</summary>
public sealed class IdentitySystem : IAsyncLifetime
{
    private readonly PostgresServer postgres = new();
    private readonly RabbitMqServer rabbit = new();
    private readonly ECDsa signingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Dictionary<string, (string Token, DateTimeOffset RenewAt)> tokens = [];
    private WebApplication app = null!;
    private NpgsqlDataSource database = null!;
    private IConnectionMultiplexer redisClient = null!;

    public RedisServer Redis { get; } = new();

    public BusListener Bus { get; } = new();

    /// <summary>Everything that Identity logged or traced.</summary>
    public TelemetryBook Telemetry { get; } = new();

    /// <summary>The slow-downs that requests had to bear.</summary>
    public SlowDownBook Waits { get; } = new();

    public Uri Address { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public IServiceProvider Services => app.Services;

    public IDatabase RedisDb => redisClient.GetDatabase();

    public IServer RedisAdmin => redisClient.GetServers()[0];

    public static string SecretOf(string client) => "secret-of-" + client;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(postgres.StartAsync(), Redis.StartAsync(), rabbit.StartAsync());
        var connection = await postgres.CreateDatabaseAsync("identity");
        database = NpgsqlDataSource.Create(connection);
        redisClient = await ConnectionMultiplexer.ConnectAsync(Redis.ConnectionString + ",allowAdmin=true,abortConnect=false");
        // In a flow of its own: MassTransit's log context follows the flow and would point at what migration disposes.
        await Task.Run(() => Build(connection).RunOrMigrateAsync(["--migrate"]));
        await Bus.StartAsync(rabbit.Uri);
        app = Build(connection);
        await app.StartAsync();
        Address = new Uri(app.Urls.First());
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await Bus.DisposeAsync();
        await redisClient.DisposeAsync();
        await database.DisposeAsync();
        await rabbit.DisposeAsync();
        await Redis.DisposeAsync();
        await postgres.DisposeAsync();
        signingKey.Dispose();
        Telemetry.Dispose();
    }

    /// <summary>A request with a machine's own token, got from the token endpoint.</summary>
    public async Task<HttpResponseMessage> SendAsync(string client, HttpMethod method, string path, HttpContent? content = null, string? scope = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(client, scope));
        return await Http.SendAsync(request);
    }

    public async Task<string> TokenAsync(string client, string? scope = null)
    {
        if (tokens.TryGetValue(client + scope, out var known) && DateTimeOffset.UtcNow < known.RenewAt) return known.Token;
        using var response = await TokenResponseAsync(client, scope);
        response.EnsureSuccessStatusCode();
        var token = (await response.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!.GetValue<string>();
        tokens[client + scope] = (token, DateTimeOffset.UtcNow.AddMinutes(5));
        return token;
    }

    public Task<HttpResponseMessage> TokenResponseAsync(string client, string? scope) =>
        TokenRequestAsync(client, new() { ["grant_type"] = "client_credentials" }, scope);

    public async Task<HttpResponseMessage> TokenRequestAsync(string client, Dictionary<string, string> form, string? scope = null, string? secret = null)
    {
        form["client_id"] = client;
        form["client_secret"] = secret ?? SecretOf(client);
        if (scope is not null) form["scope"] = scope;
        using var content = new FormUrlEncodedContent(form);
        return await Http.PostAsync("/connect/token", content);
    }

    public async Task<T> PostAsync<T>(string path, object body, string client = "gateway")
    {
        using var response = await SendAsync(client, HttpMethod.Post, path, JsonContent.Create(body));
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<T>())!;
    }

    public Task<HttpResponseMessage> SendJsonAsync(string client, HttpMethod method, string path, object body) => SendAsync(client, method, path, JsonContent.Create(body));

    public async Task<T> GetAsync<T>(string client, string path)
    {
        using var response = await SendAsync(client, HttpMethod.Get, path);
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        return (await response.Content.ReadFromJsonAsync<T>())!;
    }

    public Task<string> TextOfAsync(string path) => Http.GetStringAsync(path);

    public async Task<HttpResponseMessage> SendAnonymouslyAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        return await Http.SendAsync(request);
    }

    public async Task<System.Net.HttpStatusCode> StatusAsync(HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }

    public static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync();

    public async Task<HttpResponseMessage> PutPatientAsync(PatientJson patient) =>
        await SendAsync("pas", HttpMethod.Put, $"/fhir/Patient/{patient.Id}", new StringContent(patient.ToString(), Encoding.UTF8, "application/fhir+json"));

    /// <summary>Feeds a patient that must be taken; gives our id.</summary>
    public async Task<Guid> FeedAsync(PatientJson patient)
    {
        using var response = await PutPatientAsync(patient);
        ((int)response.StatusCode).ShouldBeInRange(200, 201, await response.Content.ReadAsStringAsync());
        return IdOf(patient.Id);
    }

    public Guid IdOf(string sourceId) => Services.GetRequiredService<SourceIds>().Patient("pas", sourceId);

    public Task<SignInAttempt> StartAsync(string identifier, DateOnly born, string? link = null, string? language = null) =>
        PostAsync<SignInAttempt>("/internal/sign-in/attempts", new StartSignIn { Identifier = identifier, DateOfBirth = born, LinkToken = link, Language = language });

    public Task<SignInResult> VerifyAsync(SignInAttempt attempt, string code) =>
        PostAsync<SignInResult>("/internal/sign-in/verify", new VerifyCode { AttemptId = attempt.AttemptId, Code = code });

    public Task<SignInResult> ResendAsync(SignInAttempt attempt) =>
        PostAsync<SignInResult>("/internal/sign-in/resend", new AttemptReference { AttemptId = attempt.AttemptId });

    public Task<SignInResult> VerifyUvcAsync(SignInAttempt attempt, string uvc) =>
        PostAsync<SignInResult>("/internal/sign-in/uvc", new VerifyUvc { AttemptId = attempt.AttemptId, Uvc = uvc });

    /// <summary>What Notifications gets for the next <paramref name="commands"/> SendSignInCode: decoys (404) are left out.</summary>
    public async Task<IReadOnlyList<CollectedCode>> CollectAsync(int commands = 1)
    {
        var found = new List<CollectedCode>();
        for (var i = 0; i < commands; i++)
        {
            var command = await Bus.NextAsync<PatientHub.Notifications.Contracts.SendSignInCode>();
            using var response = await CollectAsync(command.CodeId);
            if (response.IsSuccessStatusCode) found.Add((await response.Content.ReadFromJsonAsync<CollectedCode>())!);
            else response.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        }

        // Messages come in any order: the newest code is the one that works longest.
        return [.. found.OrderBy(code => code.ExpiresAt)];
    }

    public Task<HttpResponseMessage> CollectAsync(Guid codeId) => SendAsync("notifications", HttpMethod.Post, $"/internal/sign-in-codes/{codeId}/collect", scope: "codes.collect");

    /// <summary>Signs in with the one code that comes; gives the grant.</summary>
    public async Task<string> SignInAsync(string identifier, DateOnly born, string? link = null)
    {
        var attempt = await StartAsync(identifier, born, link);
        var code = (await CollectAsync()).ShouldHaveSingleItem();
        var result = await VerifyAsync(attempt, code.Code!);
        result.Outcome.ShouldBe(SignInOutcome.SignedIn);
        return result.Grant.ShouldNotBeNull();
    }

    public Task<JsonObject?> ExchangeAsync(string grant) => PatientTokenAsync(Grants.ProvenCode, "grant", grant);

    public Task<JsonObject?> RenewAsync(Guid sessionId) => PatientTokenAsync(Grants.Session, "sid", sessionId.ToString());

    private async Task<JsonObject?> PatientTokenAsync(string grantType, string field, string value)
    {
        using var response = await TokenRequestAsync("gateway", new() { ["grant_type"] = grantType, [field] = value }, "patient");
        var body = await response.Content.ReadFromJsonAsync<JsonObject>();
        if (response.IsSuccessStatusCode) return body;
        body!["error"]!.GetValue<string>().ShouldBe("invalid_grant");
        return null;
    }

    /// <summary>Signs in and exchanges the grant.</summary>
    public async Task<(string Token, Guid SessionId)> SessionAsync(string identifier, DateOnly born)
    {
        var token = (await ExchangeAsync(await SignInAsync(identifier, born))).ShouldNotBeNull()["access_token"]!.GetValue<string>();
        return (token, Guid.Parse(Claims(token).GetProperty("sid").GetString()!));
    }

    public async Task<(System.Net.HttpStatusCode Status, Me? Body)> MeAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<Me>() : null);
    }

    public static JsonElement Claims(string token) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement;

    public async Task<T?> SqlAsync<T>(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteScalarAsync() is T result ? result : default;
    }

    private WebApplication Build(string connection)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ApplicationName = "PatientHub.Identity" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>(level => level >= LogLevel.Warning);
        builder.Logging.AddProvider(Telemetry);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:identitydb"] = connection,
            ["ConnectionStrings:redis"] = Redis.ConnectionString,
            ["ConnectionStrings:rabbitmq"] = rabbit.ConnectionString,
            ["SourceIds:Key"] = Convert.ToBase64String(SHA256.HashData("source ids"u8)),
            ["Codes:Key"] = Convert.ToBase64String(SHA256.HashData("codes"u8)),
            ["Tokens:SigningKey"] = Convert.ToBase64String(signingKey.ExportPkcs8PrivateKey()),
        });
        builder.Configuration.AddInMemoryCollection(
            Features.Tokens.ClientRegistry.All.Select(c => KeyValuePair.Create($"Clients:{c.Id}:Secret", (string?)SecretOf(c.Id))));
        builder.Services.AddSingleton<TimeProvider>(Waits);
        builder.AddServiceDefaults();
        builder.AddIdentity();
        var built = builder.Build();
        built.MapServiceDefaults();
        built.MapIdentity();
        return built;
    }
}
