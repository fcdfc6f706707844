using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using PatientHub.Fhir;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Features.SignIn;
using PatientHub.Identity.Persistence;
using PatientHub.Identity.Tests.Support;
using StackExchange.Redis;

namespace PatientHub.Benchmarks.WholeSystem;

/// <summary>A sign-in that waits for its code: the attempt's cookie, and the code that is right.</summary>
internal sealed record WaitingSignIn(string Cookie, string Code);

/// <summary>
/// The patients of a measurement. They come in by the PAS's door. Their codes are written where Identity writes them, by its own code and under its own key,
/// because thousands of texts are not what is measured.
/// </summary>
internal sealed class Patients : IAsyncDisposable
{
    private static readonly DateOnly Born = new(1980, 3, 31);

    private readonly RunningHub _hub;
    private readonly HttpClient _http = new();
    private readonly IConnectionMultiplexer _redis;
    private readonly SignInStore _store;
    private readonly CodeKeys _keys;
    private readonly SourceIds _ids;
    private (string Value, DateTimeOffset RenewAt) _pas;

    private Patients(RunningHub hub, IConnectionMultiplexer redis)
    {
        _hub = hub;
        _redis = redis;
        _store = new SignInStore(redis);
        _keys = new CodeKeys(Options.Create(new CodesOptions { Key = hub.Ready.Parameters["code-key"] }));
        _ids = new SourceIds(Options.Create(new SourceIdsOptions { Key = hub.Ready.Parameters["source-id-key"] }));
    }

    public static async Task<Patients> OfAsync(RunningHub hub) => new(hub, await ConnectionMultiplexer.ConnectAsync(hub.Database("redis")));

    public static string Email(int number) => $"known{number:D5}@example.org";

    public static string SourceId(int number) => $"bench-{number}";

    /// <summary>Feeds patients 0 to <paramref name="count"/> - 1.</summary>
    public Task FeedAsync(int count) => Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        await PutAsync("Patient", SourceId(number), new PatientJson(SourceId(number)).Email(Email(number)).ToString()));

    /// <summary>What a patient of a campaign has: two of three a mobile, the third an email address.</summary>
    public static string CampaignContact(int number, bool textsOnly = false) =>
        number % 3 == 2 && !textsOnly ? Email(number) : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"+447700{910_000 + (textsOnly ? number : (number / 3 * 2) + (number % 3))}"); // behind Ofcom's thousand for drama

    /// <summary>Feeds the patients of a campaign.</summary>
    public Task FeedForCampaignAsync(int count, bool textsOnly = false) => Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
    {
        var contact = CampaignContact(number, textsOnly);
        var patient = new PatientJson(SourceId(number));
        await PutAsync("Patient", SourceId(number), (contact.Contains('@', StringComparison.Ordinal) ? patient.Email(contact) : patient.Phone(contact)).ToString());
    });

    /// <summary>A resource of the PAS.</summary>
    public Task PutAsync(string type, string id, string json) => SendAsync(HttpMethod.Put, $"/fhir/{type}/{id}", json);

    /// <summary>Books a patient at 10am UTC at a clinic of the simulated trust where patients may accept.</summary>
    public Task BookAsync(string id, int patient, int inDays) => PutAsync("Appointment", id, Appointment(id, patient, inDays));

    /// <summary>Books many in one Bundle, and looks at each answer.</summary>
    public async Task BookAsync(IReadOnlyList<(string Id, int Patient, int InDays)> bookings)
    {
        var answer = await SendAsync(HttpMethod.Post, "/fhir", $$"""
            {"resourceType":"Bundle","type":"batch","entry":[{{string.Join(',', bookings.Select(b => $$"""{"resource":{{Appointment(b.Id, b.Patient, b.InDays)}},"request":{ "method":"PUT","url":"Appointment/{{b.Id}}" } }"""))}}]}
            """);
        foreach (var entry in JsonNode.Parse(answer)!["entry"]!.AsArray())
            if (entry!["response"]!["status"]!.GetValue<string>() != "201 Created")
                throw new InvalidOperationException($"An appointment was refused: {entry.ToJsonString()}");
    }

    private static string Appointment(string id, int patient, int inDays)
    {
        var start = DateTime.UtcNow.Date.AddDays(inDays).AddHours(10);
        return $$"""
            {
              "resourceType": "Appointment", "id": "{{id}}", "status": "booked",
              "start": "{{start:yyyy-MM-ddTHH:mm:ssZ}}",
              "end": "{{start.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}}",
              "created": "{{DateTime.UtcNow:yyyy-MM-dd}}",
              "participant": [
                { "actor": { "reference": "Patient/{{SourceId(patient)}}" }, "status": "accepted" },
                { "actor": { "reference": "HealthcareService/C100001" }, "status": "accepted" },
                { "actor": { "reference": "Location/L100001" }, "status": "accepted" }
              ]
            }
            """;
    }

    private async Task<string> SendAsync(HttpMethod method, string path, string json)
    {
        using var request = new HttpRequestMessage(method, new Uri(_hub.MachineDoor, path)) { Content = new StringContent(json, Encoding.UTF8, "application/fhir+json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await PasTokenAsync());
        using var response = await _http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"{method} {path} was refused with {(int)response.StatusCode}: {answer}");
    }

    /// <summary>A sign-in at the point where the patient has read the code on the phone.</summary>
    public async Task<WaitingSignIn> AwaitCodeAsync(int number)
    {
        var attempt = SignInStore.NewId();
        var typed = new AttemptDetails(new TypedIdentifier(ContactKind.Email, Email(number)), Born, null);
        var opens = new OpenedRecords([_ids.Patient("pas", SourceId(number))], new CodeDestination(ContactKind.Email, Email(number)));
        var code = number.ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
        await _store.PutAttemptAsync(attempt, typed.Seal(_keys, attempt));
        await _store.PutCodesAsync(attempt, real: true, [new StoredCode(_keys.Code(attempt, code), opens.Seal(_keys, attempt))]);
        var now = DateTimeOffset.UtcNow;
        return new WaitingSignIn($"__Host-sign-in={attempt}.{(now + GuessLimits.CodeLife).ToUnixTimeMilliseconds()}.{(now + GuessLimits.AttemptLife).ToUnixTimeMilliseconds()}.0", code);
    }

    public async Task<Browser> SignInAsync(int number)
    {
        var browser = new Browser(_hub.Gateway);
        await browser.OpenAsync("/sign-in");
        var waiting = await AwaitCodeAsync(number);
        browser.Keep(waiting.Cookie);
        using (var answer = await browser.PostAsync("/sign-in/code", new() { ["Code"] = waiting.Code }))
            if (answer.StatusCode != HttpStatusCode.SeeOther || answer.Headers.Location?.OriginalString != "/home")
                throw new InvalidOperationException($"Patient {number} could not sign in: {(int)answer.StatusCode} {answer.Headers.Location}");
        await browser.OpenAsync("/home");
        return browser;
    }

    /// <summary>A patient's own token, as the gateway holds it; 60 seconds.</summary>
    public async Task<string> TokenAsync(int number)
    {
        var grant = await _store.PutGrantAsync(_ids.Patient("pas", SourceId(number)));
        return await TokenAsync("gateway", new() { ["grant_type"] = Grants.ProvenCode, ["grant"] = grant, ["scope"] = "patient" });
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _redis.DisposeAsync();
    }

    private async Task<string> PasTokenAsync()
    {
        if (DateTimeOffset.UtcNow >= _pas.RenewAt)
            _pas = (await TokenAsync("pas", new() { ["grant_type"] = "client_credentials", ["scope"] = "fhir.write" }), DateTimeOffset.UtcNow.AddMinutes(1));
        return _pas.Value;
    }

    private async Task<string> TokenAsync(string client, Dictionary<string, string> form)
    {
        form["client_id"] = client;
        form["client_secret"] = _hub.Ready.Parameters[client + "-client-secret"];
        using var content = new FormUrlEncodedContent(form);
        using var response = await _http.PostAsync(new Uri(_hub.Url("identity"), "/connect/token"), content);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!.GetValue<string>();
    }
}
