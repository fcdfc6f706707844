namespace PatientHub.Letters.Contracts.Http;

/// <summary>One letter in the patient's list. <c>GET /api/me/letters</c> → a list, newest first, within 24 months. Listing opens nothing.</summary>
public sealed record MyLetter
{
    /// <summary>The letter.</summary>
    public required Guid LetterId { get; init; }
    /// <summary>Title as patients read it.</summary>
    public required string Title { get; init; }
    /// <summary>Date on the letter.</summary>
    public required DateOnly LetterDate { get; init; }
    /// <summary>Current version.</summary>
    public required int LetterVersion { get; init; }
    /// <summary>The appointment it belongs to, if any.</summary>
    public Guid? AppointmentId { get; init; }
    /// <summary>The appointment's revision it was made for.</summary>
    public int? Revision { get; init; }
    /// <summary>True when the current version was opened.</summary>
    public required bool Opened { get; init; }
    /// <summary>True when there is HTML to read; false for a PDF from the PAS.</summary>
    public required bool HasHtml { get; init; }
    /// <summary>Size of the PDF in bytes when it is known.</summary>
    public long? PdfBytes { get; init; }
}

/// <summary>
/// A letter's current version. <c>GET /api/me/letters/{letterId}</c> with a patient's token sets "opened" (A3, A27), unless the request carries
/// <c>Sec-Purpose: prefetch</c> or the letter is a PDF from the PAS, which is not in this answer. 404 when it is not theirs.
/// <c>GET /api/me/letters/{letterId}/pdf</c> answers the PDF and opens it too; with <c>?large=true</c> in large print, when it is ours.
/// </summary>
public sealed record LetterContent
{
    /// <summary>The letter as listed.</summary>
    public required MyLetter Letter { get; init; }
    /// <summary>Sanitised HTML of the letter's body (no html, head or scripts); null for a PDF from the PAS.</summary>
    public string? Html { get; init; }
    /// <summary>Telephone number to call (R10).</summary>
    public required string Phone { get; init; }
    /// <summary>Date of the letter that this one replaces, if any.</summary>
    public DateOnly? ReplacesLetterOf { get; init; }
    /// <summary>What goes with it, in the envelope's order (R10).</summary>
    public IReadOnlyList<MyEnclosure> Enclosures { get; init; } = [];
    /// <summary>The versions before it that can still be read, newest first (A15).</summary>
    public IReadOnlyList<MyLetterVersion> Earlier { get; init; } = [];
}

/// <summary>A leaflet, a form or directions that go with a letter (R10).</summary>
public sealed record MyEnclosure
{
    /// <summary>1, 2, 3 … within the letter's version.</summary>
    public required int Number { get; init; }
    /// <summary>Title as patients read it, plain text.</summary>
    public required string Title { get; init; }
    /// <summary>True when there is HTML to read; false for a PDF.</summary>
    public required bool HasHtml { get; init; }
    /// <summary>Size of the PDF in bytes when it is known.</summary>
    public long? PdfBytes { get; init; }
}

/// <summary>
/// <c>GET /api/me/letters/{letterId}/enclosures/{number}</c> with a patient's token; <c>…/pdf</c> answers the PDF. Opens nothing (A3). 404 when the letter is not theirs.
/// </summary>
public sealed record EnclosureContent
{
    /// <summary>The enclosure as listed.</summary>
    public required MyEnclosure Enclosure { get; init; }
    /// <summary>Sanitised HTML; null for a PDF.</summary>
    public string? Html { get; init; }
    /// <summary>The letter it goes with.</summary>
    public required MyLetter Letter { get; init; }
}

/// <summary>An earlier version in the list of a letter.</summary>
public sealed record MyLetterVersion
{
    /// <summary>Its version.</summary>
    public required int LetterVersion { get; init; }
    /// <summary>Date on it.</summary>
    public required DateOnly LetterDate { get; init; }
}

/// <summary>
/// What a letter said before (A15). <c>GET /api/me/letters/{letterId}/versions/{version}</c> with a patient's token; <c>…/pdf</c> answers the PDF. Opens nothing; 404
/// for the current version and for one that was taken back.
/// </summary>
public sealed record EarlierLetter
{
    /// <summary>The letter that replaced it.</summary>
    public required MyLetter Current { get; init; }
    /// <summary>The version shown.</summary>
    public required int LetterVersion { get; init; }
    /// <summary>Date on it.</summary>
    public required DateOnly LetterDate { get; init; }
    /// <summary>Title as it was then.</summary>
    public required string Title { get; init; }
    /// <summary>Sanitised HTML; null for a PDF from the PAS.</summary>
    public string? Html { get; init; }
    /// <summary>Size of the PDF in bytes when it is known.</summary>
    public long? PdfBytes { get; init; }
}

/// <summary>
/// Body of <c>PUT /api/clinics/{sourceId}/enclosures/{key}</c> (scope <c>trust.admin</c>): from now on it goes with every letter of the clinic's appointments, on the page
/// and in the envelope. 204, or 400 with code <c>enclosure-refused</c>. <c>DELETE</c> takes it away for letters to come; <c>GET /api/clinics/{sourceId}/enclosures</c> lists.
/// </summary>
public sealed record ClinicEnclosureFile
{
    /// <summary>Title as patients read it, plain text, at most 200 characters.</summary>
    public required string Title { get; init; }
    /// <summary><c>application/pdf</c> (A4, at most 20 pages) or <c>text/html</c> (UTF-8). HTML alone can be printed large.</summary>
    public required string ContentType { get; init; }
    /// <summary>The file, base64.</summary>
    public required byte[] Data { get; init; }
}

/// <summary>One line of <c>GET /api/clinics/{sourceId}/enclosures</c>.</summary>
public sealed record ClinicEnclosureLine
{
    /// <summary>The trust's own name for it; also the order in the envelope.</summary>
    public required string Key { get; init; }
    /// <summary>Title as patients read it.</summary>
    public required string Title { get; init; }
    /// <summary>Size of the PDF in bytes; null for HTML.</summary>
    public long? PdfBytes { get; init; }
    /// <summary>When it was saved (UTC).</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>The last look. <c>POST /internal/letters/standing</c>, scope <c>standing.read</c>, at most 500 ids.</summary>
public sealed record LetterStandingQuery
{
    /// <summary>Letters to look at.</summary>
    public required IReadOnlyList<Guid> LetterIds { get; init; }
}

/// <summary>How one letter stands now; unknown ids are left out.</summary>
public sealed record LetterStanding
{
    /// <summary>The letter.</summary>
    public required Guid LetterId { get; init; }
    /// <summary>The patient it belongs to.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>Current version.</summary>
    public required int LetterVersion { get; init; }
    /// <summary>True when that version was opened.</summary>
    public required bool Opened { get; init; }
    /// <summary>True when the letter was withdrawn or entered in error: never print.</summary>
    public required bool Withdrawn { get; init; }
    /// <summary>True when its patient may read it now: current, within 24 months, not of a hidden clinic (R1, R26).</summary>
    public bool Readable { get; init; }
    /// <summary>The appointment it belongs to, if any.</summary>
    public Guid? AppointmentId { get; init; }
    /// <summary>The appointment's revision it was made for.</summary>
    public int? Revision { get; init; }
}

/// <summary>
/// Body of <c>POST /internal/letters/{letterId}/print</c>, scope <c>print</c> (PostalFallback alone): renders the current version for the envelope.
/// 200 <c>application/pdf</c> with headers <c>Letter-Version</c> and <c>Page-Count</c>; 404 unknown; 410 withdrawn; 422 when it cannot be printed.
/// </summary>
public sealed record PrintLetter
{
    /// <summary>Recipient and address lines for the window.</summary>
    public required IReadOnlyList<string> AddressLines { get; init; }
    /// <summary>Full name as it must stand in the letter.</summary>
    public required string FullName { get; init; }
    /// <summary>True when the letter is written to the parent or guardian of <see cref="FullName"/> (A31).</summary>
    public bool ToParent { get; init; }
    /// <summary>NHS number for the heading, if verified.</summary>
    public string? NhsNumber { get; init; }
    /// <summary>16 point instead of 12.</summary>
    public required bool LargePrint { get; init; }
    /// <summary>User Verification Code for the end of the letter (R17), if any.</summary>
    public string? Uvc { get; init; }
    /// <summary>Date of dispatch, printed as the letter's date.</summary>
    public required DateOnly DispatchDate { get; init; }
}

/// <summary>
/// A clinic's letter template (Handlebars). <c>PUT</c> and <c>GET /api/letter-templates/{key}</c>, scope <c>trust.admin</c>. PUT answers 204, or 400 with code
/// <c>template-refused</c>: it does not compile, or it does not name the telephone number in every case (R10).
/// </summary>
public sealed record LetterTemplateText
{
    /// <summary>Title as patients read it, plain text.</summary>
    public required string Title { get; init; }
    /// <summary>HTML of the letter's text, without salutation, address or head. Names: date, time, faceToFace, telephone, video, clinicName, clinicPhone,
    /// clinicPhoneHours, siteName, siteAddress, preparation, offersAccept, offersChanges, changeUntil, trustName, bookingPhone, hubAddress.</summary>
    public required string Body { get; init; }
}
