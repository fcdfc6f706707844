using System.Globalization;
using System.Net;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.WholeSystem;

namespace PatientHub.Benchmarks;

/// <summary>
/// A rush to sign in: right codes at a fixed rate through the gateway (code, token, session), against a request at the same rate that the gateway hands to a service
/// which does nothing.
/// </summary>
internal static class CodeVerify
{
    public static async Task RunAsync(Options options, Report report)
    {
        var (rate, seconds) = (options.Number("rate", 200), options.Number("seconds", 8));
        await using var hub = await RunningHub.StartAsync(GatewayThroughput.RoomyLimits);
        await using var nothing = await HelperProcess.NothingAsync();
        var gateway = await hub.ReplicaAsync("gateway", "gateway", new() { ["services__notifications__http__0"] = nothing.Address.ToString() });
        await using var patients = await Patients.OfAsync(hub);
        var count = rate * seconds;
        await patients.FeedAsync(count);
        var signedIn = await patients.SignInAsync(0);

        var visitor = new Browser(gateway.Address);
        var signedInHere = signedIn.At(gateway.Address);
        await visitor.OpenAsync("/sign-in");
        WaitingSignIn[] waiting = await PrepareAsync();
        var refused = 0;
        // A process that has just started compiles at the same time: nobody sends it a rush.
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (number, _) => await VerifyAsync(number));
        List<(double Median, double P99)> verify = [], noOp = [];
        var pairs = await Pairs.RunAsync("code verify",
            new Side("right code", async () => waiting = await PrepareAsync(), () => MeasureAsync(verify, VerifyAsync)),
            new Side("no-op", () => Task.CompletedTask, () => MeasureAsync(noOp, async number =>
            {
                using var answer = await signedInHere.SendAsync(HttpMethod.Get, "/api/me/messages/none");
                if (answer.StatusCode != HttpStatusCode.OK)
                    throw new InvalidOperationException($"The no-op answered {(int)answer.StatusCode}.");
            })),
            [Worker.Here, gateway.Worker, hub.Worker("identity"), hub.Worker("postgres"), hub.Worker("redis"), nothing.Worker], unit: "ms p99");
        report.Add($"Right codes at {rate} a second through the gateway, p99 against a no-op's (bar 2.5, aim 1.5)", string.Create(CultureInfo.InvariantCulture,
            $"{pairs.MedianRatio:F2} ({pairs.MedianA:F1} against {pairs.MedianB:F1} ms; pairs {pairs.RatioList}); p50 {Pairs.Median(verify.Select(x => x.Median)):F1} against {Pairs.Median(noOp.Select(x => x.Median)):F1} ms; {refused} refused; CPU s per 100,000: {pairs.CpuOfA}"),
            $"verify --rate {rate} --seconds {seconds}");

        async Task VerifyAsync(int number)
        {
            using var answer = await visitor.With(waiting[number].Cookie).PostAsync("/sign-in/code", new() { ["Code"] = waiting[number].Code });
            if (answer.Headers.Location?.OriginalString == "/home")
                return;
            if (Interlocked.Increment(ref refused) == 1)
                Console.WriteLine($"    refused: {(int)answer.StatusCode} {answer.Headers.Location}");
        }

        async Task<Done> MeasureAsync(List<(double, double)> book, Func<int, Task> call)
        {
            var latencies = await OpenLoop.RunAsync(rate, TimeSpan.FromSeconds(seconds), call);
            book.Add((latencies.At(0.5), latencies.At(0.99)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    p50 {latencies.At(0.5):F2}, p90 {latencies.At(0.9):F2}, p99 {latencies.At(0.99):F2}, worst {latencies[^1]:F2} ms"));
            return new Done(count, latencies.At(0.99));
        }

        async Task<WaitingSignIn[]> PrepareAsync()
        {
            var prepared = new WaitingSignIn[count];
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) => prepared[number] = await patients.AwaitCodeAsync(number));
            return prepared;
        }
    }
}
