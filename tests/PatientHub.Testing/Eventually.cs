using System.Diagnostics;
using Shouldly;

namespace PatientHub.Testing;

/// <summary>Waits for what another process does, as long as needed and no longer. A test never sleeps.</summary>
public static class Eventually
{
    /// <summary>Only a red test ever waits so long; a green one on a crowded machine may need most of it.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <param name="whatWasNeverTrue">The sentence of a failure: "letter 42 was never queued for print".</param>
    public static Task True(Func<bool> condition, string whatWasNeverTrue, TimeSpan? timeout = null) =>
        True(() => Task.FromResult(condition()), whatWasNeverTrue, timeout);

    /// <param name="seen">What was there instead, for the failure.</param>
    public static async Task True(Func<Task<bool>> condition, string whatWasNeverTrue, TimeSpan? timeout = null, Func<string>? seen = null) =>
        await NotNull(async () => await condition() ? "true" : null, whatWasNeverTrue, timeout, seen);

    /// <summary>The first value that is not null.</summary>
    public static async Task<T> NotNull<T>(Func<Task<T?>> value, string whatWasNeverTrue, TimeSpan? timeout = null, Func<string>? seen = null) where T : class
    {
        var patience = timeout ?? DefaultTimeout;
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (await value() is { } found)
            {
                return found;
            }
            if (waited.Elapsed > patience)
            {
                throw new ShouldAssertException($"{whatWasNeverTrue} (waited {patience.TotalSeconds:0.#} s){(seen is null ? "" : $": {seen()}")}");
            }
            await Task.Delay(Interval);
        }
    }
}
