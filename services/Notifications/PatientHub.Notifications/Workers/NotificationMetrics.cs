using System.Diagnostics.Metrics;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Workers;

/// <summary>Counts, never contents: meter <c>PatientHub.Notifications</c>.</summary>
internal sealed class NotificationMetrics
{
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _callbacks;
    private readonly Counter<long> _codes;
    private readonly Counter<long> _texts;
    private long _overdue;

    public NotificationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("PatientHub.Notifications");
        _attempts = meter.CreateCounter<long>("patienthub.notifications.attempts", description: "Moves of attempts, by channel, kind and new state");
        _callbacks = meter.CreateCounter<long>("patienthub.notifications.callbacks", description: "Providers' reports, by provider and what became of them");
        _codes = meter.CreateCounter<long>("patienthub.notifications.codes", description: "Sign-in codes, by what became of them");
        _texts = meter.CreateCounter<long>("patienthub.notifications.texts", description: "Texts from patients, by what they ask for and whether the number is anybody's");
        meter.CreateObservableGauge("patienthub.notifications.overdue", () => Interlocked.Read(ref _overdue), description: "Messages that should have gone out over ten minutes ago (A29)");
    }

    public long Overdue
    {
        set => Interlocked.Exchange(ref _overdue, value);
    }

    public void Attempt(Channel channel, bool isCode, AttemptState state) =>
        _attempts.Add(1, new("channel", channel.ToString()), new("kind", isCode ? "code" : "message"), new("state", state.ToString()));

    public void Callback(string provider, string result, int count = 1) => _callbacks.Add(count, new("provider", provider), new("result", result));

    public void Text(TextKind kind, bool known) => _texts.Add(1, new("kind", kind.ToString()), new("known", known));

    public void Code(string result) => _codes.Add(1, new KeyValuePair<string, object?>("result", result));
}
