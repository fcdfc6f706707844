namespace PatientHub.Messaging;

/// <summary>Something that <c>--migrate</c> does before any service starts. Steps run in the order of registration and may run again: each must be repeatable.</summary>
public interface IMigrationStep
{
    /// <summary>Shown in the log.</summary>
    string Name { get; }

    /// <summary>Does the work, or throws: then the process ends with a code other than 0 and nothing that waits for it starts.</summary>
    Task RunAsync(CancellationToken ct);
}
