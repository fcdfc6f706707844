namespace PatientHub.Notifications.Contracts.Http;

/// <summary>
/// The wording of a message: body of <c>PUT /api/message-templates/{kind}/{channel}/{language}</c> and of <c>POST …/preview</c> (scope <c>trust.admin</c>). Handlebars: variables,
/// <c>#if</c>, <c>#unless</c>, <c>#each items</c>. PUT answers 200 with <see cref="TemplatePreview"/>; 400 <c>template-not-usable</c> names everything that is wrong; 409 <c>newer-version</c>.
/// </summary>
public sealed record TemplateText
{
    /// <summary>An email's subject, one line of at most 120 characters; null for a text.</summary>
    public string? Subject { get; init; }
    /// <summary>The text, or an email's plain part; the HTML part is made of it. At most 4,000 characters.</summary>
    public required string Body { get; init; }
    /// <summary>PUT: the version that was edited; another newest one is 409. Null: whatever is there.</summary>
    public int? BasedOn { get; init; }
}

/// <summary>A wording, as <c>GET /api/message-templates/{kind}/{channel}/{language}</c> lists them, newest first; version 0 is the shipped one (English).</summary>
public sealed record TemplateVersion
{
    /// <summary>Counts from 1.</summary>
    public required int Version { get; init; }
    /// <summary>An email's subject.</summary>
    public string? Subject { get; init; }
    /// <summary>The wording.</summary>
    public required string Body { get; init; }
    /// <summary>Segments that the longest sample needs; 0 for an email.</summary>
    public required int Segments { get; init; }
    /// <summary>The client that saved it; null for the shipped one.</summary>
    public string? SavedBy { get; init; }
    /// <summary>When (UTC); null for the shipped one.</summary>
    public DateTimeOffset? SavedAt { get; init; }
}

/// <summary>One line of <c>GET /api/message-templates</c>: what there is to word, and in which languages it is worded.</summary>
public sealed record TemplateSummary
{
    /// <summary>The kind, as in the address.</summary>
    public required string Kind { get; init; }
    /// <summary>What it tells.</summary>
    public required string Says { get; init; }
    /// <summary>Channel.</summary>
    public required Channel Channel { get; init; }
    /// <summary>Variables that it may use.</summary>
    public required IReadOnlyCollection<string> Variables { get; init; }
    /// <summary>Newest version by language. A language is used only when every kind has it on every channel.</summary>
    public required IReadOnlyDictionary<string, int> Languages { get; init; }
}

/// <summary>What a wording makes of invented patients, and what is wrong with it. PUT: the version that it has now.</summary>
public sealed record TemplatePreview
{
    /// <summary>PUT: its version; null for a preview.</summary>
    public int? Version { get; init; }
    /// <summary>Empty when it can be saved.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
    /// <summary>Texts: segments that the longest sample needs; else 0.</summary>
    public required int Segments { get; init; }
    /// <summary>Texts: how many are allowed; else 0.</summary>
    public required int MostSegments { get; init; }
    /// <summary><c>GSM-7</c> (160 characters to a text, 153 to each of several) or <c>UCS-2</c> (70, 67); null for an email.</summary>
    public string? Encoding { get; init; }
    /// <summary>The samples.</summary>
    public required IReadOnlyList<RenderedSample> Samples { get; init; }
}

/// <summary>One invented patient's message.</summary>
public sealed record RenderedSample
{
    /// <summary>What is special about this sample.</summary>
    public required string Title { get; init; }
    /// <summary>An email's subject.</summary>
    public string? Subject { get; init; }
    /// <summary>The text, or the plain part.</summary>
    public required string Body { get; init; }
    /// <summary>An email's HTML part.</summary>
    public string? Html { get; init; }
    /// <summary>Segments of a text.</summary>
    public required int Segments { get; init; }
    /// <summary>Characters.</summary>
    public required int Characters { get; init; }
}
