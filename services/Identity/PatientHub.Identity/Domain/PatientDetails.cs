namespace PatientHub.Identity.Domain;

/// <summary>A usable contact as the feed gives it.</summary>
public sealed record ContactDetail(ContactKind Kind, string Value)
{
    /// <summary>FHIR's rank, 1 is preferred; null ranks last.</summary>
    public int? Rank { get; init; }
    public DateTimeOffset? ValidFrom { get; init; }
    public DateTimeOffset? ValidUntil { get; init; }
}

/// <summary>What a FHIR Patient says, reduced to what the hub uses.</summary>
public sealed record PatientDetails
{
    public required PersonName Name { get; init; }
    /// <summary>Null when the feed gives no full date; then nobody can sign in to the record.</summary>
    public DateOnly? BirthDate { get; init; }
    /// <summary>Ten digits with a right check digit.</summary>
    public string? NhsNumber { get; init; }
    /// <summary>The PAS says it is verified, and the check digit agrees.</summary>
    public bool NhsNumberVerified { get; init; }
    /// <summary>What stood in its place and fails the check digit: kept, never used.</summary>
    public string? UnverifiedNhsNumber { get; init; }
    public required IReadOnlyList<ContactDetail> Contacts { get; init; }
    public required IReadOnlyList<PostalAddress> Addresses { get; init; }
    /// <summary>BCP 47.</summary>
    public string Language { get; init; } = "en";
    public WrittenFormat Format { get; init; }
    /// <summary>A sign language is recorded as the patient's language.</summary>
    public bool Signs { get; init; }
    public bool Deceased { get; init; }
    public bool Restricted { get; init; }
    /// <summary>The PAS's preference for letters (R9).</summary>
    public bool LettersOnly { get; init; }
    /// <summary>The "no portal" flag (A24).</summary>
    public bool NoPortal { get; init; }
    /// <summary>"Not to parents" (A31).</summary>
    public bool NotToParents { get; init; }
    public bool Active { get; init; } = true;
    /// <summary>Carries a link to another record that is no merge ("see also", "refer"), or one that cannot be followed: until a person has looked it cannot be signed in to.</summary>
    public bool Linked { get; init; }
    /// <summary>A30: link "replaced-by".</summary>
    public Guid? ReplacedBy { get; init; }
    /// <summary>A30: links "replaces", in the order of their ids.</summary>
    public IReadOnlyList<Guid> Replaces { get; init; } = [];
}
