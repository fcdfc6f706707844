namespace PatientHub.Messaging;

/// <summary>
/// On a migration that takes something away (a column or table dropped or renamed, a type or "not null" changed): during a rolling update instances of the release before are still running
/// against the new schema, so nothing may go that they use. The sequence is expand (add, this release), migrate (write both, read the new one), contract (take away, in a later release than the
/// last one that used it). A test holds every migration against this rule.
/// </summary>
/// <param name="notUsedSince">The release that stopped using it, and why it may go.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ContractsSchemaAttribute(string notUsedSince) : Attribute
{
    /// <summary>The release that stopped using it, and why it may go.</summary>
    public string NotUsedSince { get; } = notUsedSince;
}
