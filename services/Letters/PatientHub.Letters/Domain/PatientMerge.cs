namespace PatientHub.Letters.Domain;

/// <summary>A30: everything of <see cref="FromPatientId"/> belongs to <see cref="ToPatientId"/>, also what arrives later under the old id.</summary>
public sealed class PatientMerge
{
    public required Guid FromPatientId { get; init; }
    public required Guid ToPatientId { get; set; }
}

/// <summary>Something of a document that could not be used; operations read these rows (A29, A34).</summary>
public sealed class FeedIssue
{
    public required Guid FeedIssueId { get; init; }
    public required string SourceSystem { get; init; }
    public required Guid LetterId { get; init; }

    /// <summary>Path of the element, as <c>DocumentReference.content[0].attachment.url</c>.</summary>
    public required string Element { get; init; }

    public required string Text { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A letter template of the trust, one row per version.</summary>
public sealed class StoredTemplate
{
    public required string TemplateKey { get; init; }
    public required int Version { get; init; }
    public required string Title { get; init; }
    public required string Body { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
