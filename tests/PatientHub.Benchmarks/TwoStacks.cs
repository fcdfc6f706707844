using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;

namespace PatientHub.Benchmarks;

/// <summary>
/// What one setting costs: requests per second of <c>/api/me</c> through a gateway and an Identity, against another two that differ in their environment alone.
/// They stand beside the system's own, which have other work too.
/// </summary>
internal static class TwoStacks
{
    private const int Connections = 16;

    private static readonly Dictionary<string, string?> NoTelemetry = new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "", ["OTEL_SDK_DISABLED"] = "true" };

    // As web projects have it unless they say otherwise.
    public static readonly Dictionary<string, string?> ServerCollector = new() { ["DOTNET_gcServer"] = "1", ["DOTNET_GCgen0size"] = null, ["MALLOC_ARENA_MAX"] = null };

    public static Task TelemetryAsync(Options options, Report report) =>
        RunAsync("Telemetry on against off, `/api/me` through the gateway (bar 0.85, aim 0.95)", "telemetry", ("on", []), ("off", NoTelemetry), options, report);

    public static Task CollectorAsync(Options options, Report report) =>
        RunAsync("The garbage collector of the projects against the server's, `/api/me` through the gateway", "collector", ("ours", []), ("server", ServerCollector), options, report);

    private static async Task RunAsync(string what, string verb, (string Name, Dictionary<string, string?> Changes) a, (string Name, Dictionary<string, string?> Changes) b, Options options, Report report)
    {
        var seconds = options.Number("seconds", 5);
        await using var sink = await HelperProcess.DrainAsync();
        await using var hub = await RunningHub.StartAsync(new(GatewayThroughput.RoomyLimits) { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Address.ToString(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" });
        var stackA = await StackAsync(a.Name, a.Changes);
        var stackB = await StackAsync(b.Name, b.Changes);
        await using var patients = await Patients.OfAsync(hub);
        await patients.FeedAsync(Connections);

        var length = TimeSpan.FromSeconds(seconds);
        List<byte[]> requests = [];
        await SignInAsync();
        await ClosedLoop.WarmAsync(stackA.Gateway.Address, requests);
        await SignInAsync();
        await ClosedLoop.WarmAsync(stackB.Gateway.Address, requests);
        var pairs = await Pairs.RunAsync(verb,
            new Side(a.Name, SignInAsync, () => ClosedLoop.RunAsync(stackA.Gateway.Address, requests, length)),
            new Side(b.Name, SignInAsync, () => ClosedLoop.RunAsync(stackB.Gateway.Address, requests, length)),
            [Worker.Here, hub.Worker("postgres"), hub.Worker("redis"), sink.Worker, stackA.Identity.Worker, stackA.Gateway.Worker, stackB.Identity.Worker, stackB.Gateway.Worker], unit: "requests/s");
        report.Add(what, pairs.Told(Names(stackA), Names(stackB)), $"{verb} --seconds {seconds}");

        static string[] Names((HelperProcess Identity, HelperProcess Gateway) stack) => [stack.Gateway.Worker.Name, stack.Identity.Worker.Name, "postgres", "redis"];

        async Task<(HelperProcess Identity, HelperProcess Gateway)> StackAsync(string name, Dictionary<string, string?> changes)
        {
            var identity = await hub.ReplicaAsync("identity", $"identity {name}", changes);
            var gateway = await hub.ReplicaAsync("gateway", $"gateway {name}", new(changes) { ["services__identity__http__0"] = identity.Address.ToString() });
            return (identity, gateway);
        }

        async Task SignInAsync()
        {
            requests.Clear();
            for (var i = 0; i < Connections; i++)
                requests.Add(ClosedLoop.Get("/api/me", (await patients.SignInAsync(i)).Headers));
        }
    }
}
