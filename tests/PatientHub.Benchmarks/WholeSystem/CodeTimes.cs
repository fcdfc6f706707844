using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace PatientHub.Benchmarks.WholeSystem;

/// <summary>Sign-ins spread over a time; each code is timed from the press of the button until the simulated provider has taken it.</summary>
internal sealed class CodeTimes(RunningHub hub) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _simulators = new() { BaseAddress = hub.Url("simulators") };

    /// <summary>A sign-in every so often, whatever became of those before, until the campaign is over.</summary>
    /// <returns>Milliseconds, sorted.</returns>
    public async Task<double[]> RunAsync(int first, TimeSpan every, CancellationToken over)
    {
        var (began, running) = (Stopwatch.GetTimestamp(), new List<Task<double>>());
        while (!over.IsCancellationRequested)
        {
            var number = first + running.Count;
            running.Add(Task.Run(() => OneAsync(number), CancellationToken.None));
            if ((every * running.Count) - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } early)
                await Task.Delay(early, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return [.. (await Task.WhenAll(running)).Order()];
    }

    private async Task<double> OneAsync(int number)
    {
        var browser = new Browser(hub.Gateway);
        await browser.OpenAsync("/sign-in");
        var pressed = DateTimeOffset.UtcNow;
        using (var answer = await browser.PostAsync("/sign-in", new() { ["Identifier"] = Patients.CampaignContact(number), ["Day"] = "31", ["Month"] = "3", ["Year"] = "1980" }))
            if ((int)answer.StatusCode is not (302 or 303))
                throw new InvalidOperationException($"The sign-in answered {(int)answer.StatusCode}.");
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; await Task.Delay(50))
        {
            var messages = (await _simulators.GetFromJsonAsync<JsonArray>($"/api/messages?to={Uri.EscapeDataString(Patients.CampaignContact(number))}"))!;
            if (messages.FirstOrDefault(m => m!["body"]!.GetValue<string>().Contains("security code", StringComparison.Ordinal)) is { } code)
                return (code["createdAt"]!.GetValue<DateTimeOffset>() - pressed).TotalMilliseconds;
        }

        throw new TimeoutException("A code never came.");
    }

    public ValueTask DisposeAsync()
    {
        _simulators.Dispose();
        return ValueTask.CompletedTask;
    }
}
