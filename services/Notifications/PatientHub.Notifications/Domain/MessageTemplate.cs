using PatientHub.Notifications.Contracts;

namespace PatientHub.Notifications.Domain;

/// <summary>A wording that the trust saved. Rows are never changed: a new wording is a new version. The shipped wording is version 0 and lies in the program.</summary>
public sealed class MessageTemplate
{
    /// <summary>One of <c>TemplateKinds</c>.</summary>
    public required string Kind { get; init; }
    public required Channel Channel { get; init; }

    /// <summary>BCP 47, lower case.</summary>
    public required string Language { get; init; }
    public required int Version { get; init; }

    /// <summary>Null for a text.</summary>
    public string? Subject { get; init; }
    public required string Body { get; init; }

    /// <summary>What the longest sample needs (texts); 0 for an email.</summary>
    public required int Segments { get; init; }

    /// <summary>The client that saved it.</summary>
    public required string SavedBy { get; init; }
    public required DateTimeOffset SavedAt { get; init; }
}
