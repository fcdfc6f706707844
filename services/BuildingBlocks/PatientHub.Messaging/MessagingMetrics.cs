using System.Diagnostics.Metrics;

namespace PatientHub.Messaging;

/// <summary>Meter <c>PatientHub.Messaging</c>. Tags are message types and queues, never ids.</summary>
public sealed class MessagingMetrics
{
    /// <summary>Name of the meter, for the telemetry's registration.</summary>
    public const string MeterName = "PatientHub.Messaging";

    private readonly Counter<long> _published;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _parked;
    private readonly Counter<long> _duplicates;
    private double _backlogAge;
    private long _parkedRows;
    private IReadOnlyDictionary<string, long> _dead = new Dictionary<string, long>();

    /// <summary>Creates the instruments.</summary>
    public MessagingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _published = meter.CreateCounter<long>("patienthub.outbox.published", "{message}", "Messages confirmed by the broker.");
        _refused = meter.CreateCounter<long>("patienthub.outbox.refused", "{message}", "Publishes that no queue took or the broker refused; the row stays.");
        _parked = meter.CreateCounter<long>("patienthub.outbox.parked", "{message}", "Rows put aside because they can never be delivered as they are.");
        _duplicates = meter.CreateCounter<long>("patienthub.inbox.duplicates", "{message}", "Repeated deliveries without effect.");
        meter.CreateObservableGauge("patienthub.outbox.backlog.age", () => Volatile.Read(ref _backlogAge), "s", "Age of the oldest row that should have left: due, or refused and backing off.");
        meter.CreateObservableGauge("patienthub.outbox.parked.rows", () => Volatile.Read(ref _parkedRows), "{row}", "Rows that wait for an operator.");
        meter.CreateObservableGauge("patienthub.messages.dead", () => _dead.Select(queue => new Measurement<long>(queue.Value, new KeyValuePair<string, object?>("queue", queue.Key))), "{message}", "Messages in error, skipped and dead-letter queues of this service.");
    }

    internal void Published(string type, int count) => _published.Add(count, new KeyValuePair<string, object?>("type", type));

    internal void Refused(string type, int count) => _refused.Add(count, new KeyValuePair<string, object?>("type", type));

    internal void Parked(int count) => _parked.Add(count);

    internal void Duplicate(string endpoint, int count) => _duplicates.Add(count, new KeyValuePair<string, object?>("endpoint", endpoint));

    internal void Dead(IReadOnlyDictionary<string, long> messagesByQueue) => _dead = messagesByQueue;

    internal void Backlog(double ageInSeconds, long parkedRows)
    {
        Volatile.Write(ref _backlogAge, ageInSeconds);
        Volatile.Write(ref _parkedRows, parkedRows);
    }
}
