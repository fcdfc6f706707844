using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;
using Eventually = PatientHub.Testing.Eventually;

namespace PatientHub.Benchmarks;

/// <summary>
/// What signing in, tokens and telemetry cost a page: requests per second of the signed-in home page, through the gateway as it is, against the same page rendered by itself
/// (<see cref="BareHomePage"/>). Both call the same recorded answers of the three services, the one side behind tokens and telemetry as services are, the other bare: the services' own work
/// would make the ratio look better than it is.
/// </summary>
internal static partial class PageAgainstBare
{
    private const int Connections = 16;

    public static async Task RunAsync(Options options, Report report)
    {
        var (appointments, seconds) = (options.Number("appointments", 3), options.Number("seconds", 5));
        await using var sink = await HelperProcess.DrainAsync();
        var telemetry = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Address.ToString(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" };
        await using var hub = await RunningHub.StartAsync(new(GatewayThroughput.RoomyLimits.Concat(telemetry)));
        await using var patients = await Patients.OfAsync(hub);
        await patients.FeedAsync(Connections);
        for (var i = 0; i < appointments; i++)
            await patients.BookAsync($"page-{i}", patient: 0, inDays: 30 + i);
        var folder = Directory.CreateTempSubdirectory("patienthub-bench-answers-");
        await RecordAsync(hub, patients, folder.FullName, appointments);

        var runtime = hub.RuntimeSettings("gateway");
        await using var services = await HelperProcess.RecordedAsync("services", folder.FullName, asServices: true, new(runtime.Concat(telemetry)) { ["services__identity__http__0"] = hub.Url("identity").ToString() });
        await using var bareServices = await HelperProcess.RecordedAsync("bare services", folder.FullName, asServices: false, runtime);
        await using var bare = await HelperProcess.BareHomeAsync(bareServices.Address, runtime);
        var gateway = await hub.ReplicaAsync("gateway", "gateway", RecordedServices.Answers.ToDictionary(answer => $"services__{answer.Resource}__http__0", _ => (string?)services.Address.ToString()));

        List<byte[]> signedIn = [], plain = [.. Enumerable.Repeat(ClosedLoop.Get("/home", "Accept: text/html"), Connections)];
        await SignInAsync();
        await SamePageAsync(gateway.Address, bare.Address, (await patients.SignInAsync(0)).Cookies);
        await ClosedLoop.WarmAsync(gateway.Address, signedIn);
        await ClosedLoop.WarmAsync(bare.Address, plain);
        var length = TimeSpan.FromSeconds(seconds);
        var pairs = await Pairs.RunAsync("page",
            new Side("signed in", SignInAsync, () => ClosedLoop.RunAsync(gateway.Address, signedIn, length)), new Side("bare", () => Task.CompletedTask, () => ClosedLoop.RunAsync(bare.Address, plain, length)),
            [Worker.Here, hub.Worker("identity"), hub.Worker("redis"), sink.Worker, gateway.Worker, services.Worker, bare.Worker, bareServices.Worker], unit: "requests/s");
        report.Add("The signed-in home page against the same page without session, token and telemetry, the services' answers recorded (bar 0.60, aim 0.80)",
            pairs.Told(["gateway", "services", "redis", "identity"], ["bare page", "bare services"]), $"page --appointments {appointments} --seconds {seconds}");
        folder.Delete(recursive: true);

        async Task SignInAsync()
        {
            signedIn.Clear();
            for (var i = 0; i < Connections; i++)
                signedIn.Add(ClosedLoop.Get("/home", "Accept: text/html", $"Cookie: {(await patients.SignInAsync(i)).Cookies}"));
        }
    }

    /// <summary>What the three services answer a patient whose letters and messages are all there.</summary>
    private static async Task RecordAsync(RunningHub hub, Patients patients, string folder, int expected)
    {
        using var http = new HttpClient();
        foreach (var (path, resource) in RecordedServices.Answers)
            await Eventually.True(async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub.Url(resource), path));
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await patients.TokenAsync(0));
                using var answer = await http.SendAsync(request);
                var json = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
                await File.WriteAllTextAsync(RecordedServices.FileOf(folder, resource), json);
                return json.Split("Id\":", StringSplitOptions.None).Length > expected;
            }, $"{resource} never had everything of the patient", TimeSpan.FromMinutes(5));
    }

    /// <summary>The comparison means something only if both sides send the same page: the same words, but for the name.</summary>
    private static async Task SamePageAsync(Uri gateway, Uri bare, string cookies)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        var (ours, other) = (await PageAsync(gateway), await PageAsync(bare));
        if (ours.Count < 50 || !ours.SequenceEqual(other))
            throw new InvalidOperationException($"Not the same page: {string.Join(", ", ours.Except(other).Concat(other.Except(ours)))}");

        async Task<List<string>> PageAsync(Uri address)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/home")) { Headers = { { "Cookie", cookies }, { "Accept", "text/html" } } };
            using var answer = await http.SendAsync(request);
            return [.. Tag().Matches(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).Select(tag => tag.Groups[1].Value)];
        }
    }

    [GeneratedRegex("<([a-z0-9]+( (class|href)=\"[^\"]*\")?)")]
    private static partial Regex Tag();
}
