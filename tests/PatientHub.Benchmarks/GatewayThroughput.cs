using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;

namespace PatientHub.Benchmarks;

/// <summary>
/// What the gateway costs: requests per second through it (sessions, limits, headers and telemetry on) against the same endpoint direct, and against YARP with one
/// route and nothing else. Once with a real endpoint, <c>/api/me</c>, and once with one that does nothing, where nothing hides the cost.
/// </summary>
internal static class GatewayThroughput
{
    /// <summary>On, and never in the way: one address is the whole load here.</summary>
    public static readonly Dictionary<string, string?> RoomyLimits = new[] { "PerAddress", "PerAddressBurst", "SignInPerAddress", "SignInPerAddressBurst", "SignIn", "SignInBurst", "PerSession", "PerSessionBurst" }
        .ToDictionary(name => "Limits__" + name, _ => (string?)"1000000");

    private const int Connections = 16;

    public static async Task RunAsync(Options options, Report report)
    {
        var seconds = options.Number("seconds", 5);
        await using var sink = await HelperProcess.DrainAsync();
        await using var hub = await RunningHub.StartAsync(new(RoomyLimits) { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Address.ToString(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" });
        await using var nothing = await HelperProcess.NothingAsync();
        await using var bareToIdentity = await HelperProcess.BareYarpAsync("bare YARP", hub.Url("identity"));
        await using var bareToNothing = await HelperProcess.BareYarpAsync("bare YARP", nothing.Address);
        var gatewayToNothing = await hub.ReplicaAsync("gateway", "gateway", new() { ["services__notifications__http__0"] = nothing.Address.ToString() });
        await using var patients = await Patients.OfAsync(hub);
        await patients.FeedAsync(Connections);

        var length = TimeSpan.FromSeconds(seconds);
        List<byte[]> signedIn = [], tokens = [];
        Worker[] workers = [Worker.Here, hub.Worker("identity"), hub.Worker("postgres"), hub.Worker("redis"), sink.Worker];

        const string me = "/api/me";
        string[] meCosts = ["identity", "postgres"];
        await CompareAsync("direct", hub.Url("identity"), hub.Gateway, me, [.. workers, hub.Worker("gateway")], meCosts, "0.30, aim 0.36");
        await CompareAsync("bare YARP", bareToIdentity.Address, hub.Gateway, me, [.. workers, hub.Worker("gateway"), bareToIdentity.Worker], meCosts, "0.75, aim 0.90");
        const string messages = "/api/me/messages/none";
        await CompareAsync("direct", nothing.Address, gatewayToNothing.Address, messages, [.. workers, gatewayToNothing.Worker, nothing.Worker], ["no-op"], null);
        await CompareAsync("bare YARP", bareToNothing.Address, gatewayToNothing.Address, messages, [.. workers, gatewayToNothing.Worker, bareToNothing.Worker, nothing.Worker], ["no-op"], null);

        async Task CompareAsync(string name, Uri plain, Uri gateway, string path, Worker[] who, string[] service, string? bar)
        {
            var what = path == me ? path : "a no-op";
            await SignInAsync();
            await ClosedLoop.WarmAsync(gateway, signedIn);
            await TokensAsync();
            await ClosedLoop.WarmAsync(plain, tokens);
            var pairs = await Pairs.RunAsync(what,
                new Side("gateway", SignInAsync, () => ClosedLoop.RunAsync(gateway, signedIn, length)), new Side(name, TokensAsync, () => ClosedLoop.RunAsync(plain, tokens, length)),
                who, unit: "requests/s");
            report.Add($"Requests through the gateway against {name}, {what}{(bar is null ? "" : $" (bar {bar})")}",
                pairs.Told(["gateway", "redis", .. service], name == "direct" ? service : [name, .. service]), $"gateway --seconds {seconds}");

            async Task SignInAsync() => signedIn = await RequestsAsync(async i => (await patients.SignInAsync(i)).Headers, path);

            async Task TokensAsync() => tokens = await RequestsAsync(async i => [$"Authorization: Bearer {await patients.TokenAsync(i)}"], path);
        }

        static async Task<List<byte[]>> RequestsAsync(Func<int, Task<string[]>> headers, string path)
        {
            List<byte[]> requests = [];
            for (var i = 0; i < Connections; i++)
                requests.Add(ClosedLoop.Get(path, await headers(i)));
            return requests;
        }
    }
}
