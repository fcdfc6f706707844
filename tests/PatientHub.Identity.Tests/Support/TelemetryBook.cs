using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace PatientHub.Identity.Tests.Support;

/// <summary>Keeps every log line (with its values) at Information and above and every span's name and tags.</summary>
public sealed class TelemetryBook : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ActivityListener listener;

    public TelemetryBook()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || source.Name is "Npgsql" or "MassTransit" || source.Name.StartsWith("PatientHub", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => lines.Enqueue($"span {span.Source.Name} {span.DisplayName} {string.Join(' ', span.TagObjects.Select(t => $"{t.Key}={t.Value}"))}"),
        };
        ActivitySource.AddActivityListener(listener);
    }

    public IReadOnlyList<string> LinesWith(string value) => [.. lines.Where(line => line.Contains(value, StringComparison.OrdinalIgnoreCase))];

    public int Count => lines.Count;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

    public void Dispose() => listener.Dispose();

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Enqueue($"log {category} {formatter(state, exception)} {exception}");
        }
    }
}
