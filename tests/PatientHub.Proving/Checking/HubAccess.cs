using PatientHub.AppHost.Local.Engine;
using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Checking;

/// <summary>Where the checker reads: the services' databases, the broker's management API, the simulators' books, the processes' logs. It never writes.</summary>
public sealed record HubAccess
{
    /// <summary>Npgsql connection strings by resource: identitydb, appointmentsdb, lettersdb, notificationsdb, postaldb.</summary>
    public required IReadOnlyDictionary<string, string> Databases { get; init; }

    /// <summary>amqp://user:password@host:port; the user reads the management API too.</summary>
    public required Uri Broker { get; init; }

    public required Uri BrokerManagement { get; init; }

    public required Uri Simulators { get; init; }

    /// <summary>The folder with a log file of each process; null: logs are not searched.</summary>
    public string? Logs { get; init; }

    /// <summary>A2, A22: the ladder that this run was started with.</summary>
    public required Ladder Ladder { get; init; }

    public static HubAccess From(ReadyReport ready, Ladder ladder) => new()
    {
        Databases = ready.Resources.Where(r => r.Key.EndsWith("db", StringComparison.Ordinal) && r.Value.ConnectionString is not null).ToDictionary(r => r.Key, r => r.Value.ConnectionString!),
        Broker = new Uri(ready.Resources["rabbitmq"].ConnectionString!),
        BrokerManagement = new Uri(ready.Resources["rabbitmq"].Urls!["management"]),
        Simulators = new Uri(ready.Resources["simulators"].Urls!["http"]),
        Logs = Path.Combine(ready.DataFolder, "logs"),
        Ladder = ladder,
    };
}
