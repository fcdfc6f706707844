namespace PatientHub.Letters.Domain;

/// <summary>A leaflet, a form or directions that go with letters (R10). It never changes: a newer leaflet is another file, and letters keep the one they were sent with.</summary>
public sealed class EnclosureFile
{
    public required Guid FileId { get; init; }

    /// <summary>Title as patients read it.</summary>
    public required string Title { get; init; }

    /// <summary>Sanitised fragment; null for a PDF.</summary>
    public string? Html { get; init; }

    /// <summary>As it was delivered; null for HTML.</summary>
    public byte[]? Pdf { get; init; }

    /// <summary>Bytes of <see cref="Pdf"/>; null for HTML.</summary>
    public long? PdfBytes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static EnclosureFile Of(EnclosureText text, DateTimeOffset now) => new()
    {
        FileId = Guid.CreateVersion7(),
        Title = text.Title,
        Html = text.Html,
        Pdf = text.Pdf,
        PdfBytes = text.Pdf?.LongLength,
        CreatedAt = now,
    };
}

/// <summary>What an enclosure says, before it has a row.</summary>
/// <param name="Title">Title as patients read it.</param>
/// <param name="Html">Sanitised HTML, or null.</param>
/// <param name="Pdf">A PDF that was looked at, or null.</param>
public sealed record EnclosureText(string Title, string? Html, byte[]? Pdf);

/// <summary>One enclosure of one version of a letter.</summary>
public sealed class LetterEnclosure
{
    public required Guid LetterId { get; init; }
    public required int Version { get; init; }

    /// <summary>1, 2, 3 … as listed and as they lie in the envelope.</summary>
    public required int Number { get; init; }

    public required Guid FileId { get; init; }

    /// <summary>True when it came from the clinic's settings, false when the PAS sent it with the letter.</summary>
    public required bool OfClinic { get; init; }
}

/// <summary>A file that goes with every letter of a clinic from now on; a setting of the trust.</summary>
public sealed class ClinicEnclosure
{
    public required Guid ClinicId { get; init; }

    /// <summary>The trust's own name for it; also the order in the envelope.</summary>
    public required string EnclosureKey { get; init; }

    public required Guid FileId { get; set; }
}
