using System.Security.Cryptography;
using System.Text;
using Hl7.Fhir.Model;
using Microsoft.Extensions.Options;
using PatientHub.Fhir;
using PatientHub.Letters.Clients;
using PatientHub.Letters.Domain;

namespace PatientHub.Letters.Features;

/// <summary>What of a document can be shown and printed.</summary>
/// <param name="Title">The letter's own title, as sent; null when it has none.</param>
/// <param name="Html">Sanitised HTML of the letter, or null.</param>
/// <param name="Pdf">The letter as PDF, or null.</param>
/// <param name="Enclosures">What goes with it (R10).</param>
/// <param name="Refusal">Why nothing of the document is taken; else null.</param>
/// <param name="Warnings">What was left out, by element.</param>
public sealed record DocumentContent(string? Title, string? Html, byte[]? Pdf, IReadOnlyList<EnclosureText> Enclosures, FhirIssue? Refusal, IReadOnlyCollection<FhirIssue> Warnings)
{
    public static readonly DocumentContent Nothing = new(null, null, null, [], null, []);

    public bool HasText => Html is not null || Pdf is not null;

    /// <summary>An enclosure could not be used: the letter goes without it, and people must know (A29).</summary>
    public bool LacksEnclosure { get; init; }
}

/// <summary>
/// Reads a DocumentReference's attachments: the first inline PDF or HTML is the letter, every further one an enclosure. One without a title of its own in the other
/// format is the letter once more, as FHIR means several contents. Everything else is reported by element.
/// </summary>
public sealed class AttachmentReader(PdfDocuments pdfs, IOptions<LettersOptions> options)
{
    private const int LongestTitle = 200;

    public DocumentContent Read(DocumentReference document)
    {
        var warnings = new List<FhirIssue>();
        var enclosures = new List<EnclosureText>();
        var lacksEnclosure = false;
        (string? Title, string? Html, byte[]? Pdf)? letter = null;
        for (var i = 0; i < document.Content.Count; i++)
        {
            var path = $"DocumentReference.content[{i}].attachment";
            var attachment = document.Content[i].Attachment;
            if (attachment?.Data is not { Length: > 0 })
            {
                lacksEnclosure |= letter is not null;
                warnings.Add(attachment?.Url is null
                    ? FhirIssue.Warning(OperationOutcome.IssueType.NotFound, path, "The attachment has no data.")
                    : FhirIssue.Warning(OperationOutcome.IssueType.NotSupported, path + ".url", "Attachments by address are never fetched. Send the letter inline, as attachment.data."));
                continue;
            }

            var title = CleanTitle(attachment.Title);
            var read = ReadOne(attachment, path);
            if (letter is null)
            {
                if (read.Unsupported) warnings.Add(read.Issue!);
                else if (read.Issue is not null) return DocumentContent.Nothing with { Refusal = read.Issue };
                else letter = (title, read.Html, read.Pdf);
            }
            else if (read.Issue is { } issue)
            {
                // The letter itself is whole: it is not held back for a leaflet.
                lacksEnclosure = true;
                warnings.Add(FhirIssue.Warning(issue.Code, issue.Element, issue.Text + " The letter was taken without this enclosure."));
            }
            else if ((title is null || title == letter.Value.Title) && read.Pdf is null != letter.Value.Pdf is null)
                warnings.Add(FhirIssue.Warning(OperationOutcome.IssueType.Informational, path, "Taken for the letter in another format; only its first format is used. An enclosure needs a title of its own."));
            else if (enclosures.Count == options.Value.MaxEnclosures)
            {
                lacksEnclosure = true;
                warnings.Add(FhirIssue.Warning(OperationOutcome.IssueType.TooCostly, path, $"A letter has at most {options.Value.MaxEnclosures} enclosures."));
            }
            else enclosures.Add(new EnclosureText(title ?? $"Enclosure {enclosures.Count + 1}", read.Html, read.Pdf));
        }

        return new DocumentContent(letter?.Title, letter?.Html, letter?.Pdf, enclosures, null, warnings) { LacksEnclosure = lacksEnclosure };
    }

    /// <summary>A file of the trust's settings: the same rules as for what the PAS sends, and A4, so that no letter fails at the print. The reason when it is refused.</summary>
    public (EnclosureText? Text, string? Refusal) ReadFile(string title, string contentType, byte[] data)
    {
        var read = ReadOne(new Attachment { ContentType = contentType, Data = data }, "data");
        if (read.Issue is { } issue) return (null, issue.Text);
        if (read.Pdf is { } pdf && !pdfs.IsA4(pdf)) return (null, "Every page must be A4 portrait, or it cannot be printed.");
        return CleanTitle(title) is { } clean ? (new EnclosureText(clean, read.Html, read.Pdf), null) : (null, "It needs a title.");
    }

    private (string? Html, byte[]? Pdf, FhirIssue? Issue, bool Unsupported) ReadOne(Attachment attachment, string path)
    {
        var data = attachment.Data ?? [];
        if (Mismatch(attachment, data) is { } mismatch) return Bad(path, mismatch);
        switch (attachment.ContentType?.Split(';')[0].Trim().ToLowerInvariant())
        {
            case "application/pdf":
                return pdfs.Refusal(data) is { } reason ? Bad(path + ".data", reason) : (null, data, null, false);
            case "text/html":
                if (data.Length > options.Value.MaxHtmlBytes) return Bad(path + ".data", $"The HTML is larger than {options.Value.MaxHtmlBytes} bytes.");
                if (!TryDecode(data, out var text)) return Bad(path + ".data", "The HTML is not UTF-8.");
                var html = SafeHtml.Clean(text);
                return SafeHtml.HasText(html) ? (html, null, null, false) : Bad(path + ".data", "The HTML contains no text.");
            default:
                return (null, null, FhirIssue.Warning(OperationOutcome.IssueType.NotSupported, path + ".contentType", "Only application/pdf and text/html can be shown to patients."), true);
        }

        static (string?, byte[]?, FhirIssue?, bool) Bad(string element, string reason) => (null, null, FhirIssue.Error(OperationOutcome.IssueType.Invalid, element, reason), false);
    }

    /// <summary>A title as one line of text; null when nothing is left.</summary>
    internal static string? CleanTitle(string? title)
    {
        var clean = new string([.. (title ?? "").Where(c => !char.IsControl(c))]).Trim();
        if (clean.Length <= LongestTitle) return clean.Length == 0 ? null : clean;
        // Half of a character outside the basic plane cannot be stored.
        return char.IsHighSurrogate(clean[LongestTitle - 1]) ? clean[..(LongestTitle - 1)] : clean[..LongestTitle];
    }

    // FHIR's attachment.hash is SHA-1 by definition; it finds damage, not malice.
    private static string? Mismatch(Attachment attachment, byte[] data) => attachment switch
    {
        { SizeUnsignedInt: { } size } when size != data.Length => "The data is not as long as attachment.size says.",
        { Hash: { Length: > 0 } hash } when !SHA1.HashData(data).AsSpan().SequenceEqual(hash) => "The data does not match attachment.hash.",
        _ => null,
    };

    private static bool TryDecode(byte[] data, out string text)
    {
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(data);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}
