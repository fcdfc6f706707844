using System.Security.Cryptography;
using System.Text;
using Hl7.Fhir.Model;
using Microsoft.Extensions.Options;
using PatientHub.Fhir;
using PatientHub.Letters.Clients;
using PatientHub.Letters.Domain;

namespace PatientHub.Letters.Features;

/// <summary>What of a document can be shown and printed.</summary>
public sealed record DocumentContent(string? Html, byte[]? Pdf, FhirIssue? Refusal, IReadOnlyCollection<FhirIssue> Warnings)
{
    public bool HasText => Html is not null || Pdf is not null;
}

/// <summary>Finds the letter among a DocumentReference's attachments: the first inline PDF or HTML. Everything else is reported by element.</summary>
public sealed class AttachmentReader(PdfDocuments pdfs, IOptions<LettersOptions> options)
{
    public DocumentContent Read(DocumentReference document)
    {
        var warnings = new List<FhirIssue>();
        string? html = null;
        byte[]? pdf = null;
        for (var i = 0; i < document.Content.Count; i++)
        {
            var path = $"DocumentReference.content[{i}].attachment";
            var attachment = document.Content[i].Attachment;
            if (attachment?.Data is not { Length: > 0 } data)
            {
                warnings.Add(attachment?.Url is null
                    ? FhirIssue.Warning(OperationOutcome.IssueType.NotFound, path, "The attachment has no data.")
                    : FhirIssue.Warning(OperationOutcome.IssueType.NotSupported, path + ".url", "Attachments by address are never fetched. Send the letter inline, as attachment.data."));
                continue;
            }

            if (html is not null || pdf is not null)
            {
                warnings.Add(FhirIssue.Warning(OperationOutcome.IssueType.NotSupported, path, "Only the first letter of a document is used. Send enclosures as documents of their own."));
                continue;
            }

            if (Mismatch(attachment, data) is { } mismatch) return Refused(path, mismatch);
            var type = attachment.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
            if (type == "application/pdf")
            {
                if (pdfs.Refusal(data) is { } reason) return Refused(path + ".data", reason);
                pdf = data;
            }
            else if (type == "text/html")
            {
                if (data.Length > options.Value.MaxHtmlBytes) return Refused(path + ".data", $"The HTML is larger than {options.Value.MaxHtmlBytes} bytes.");
                if (!TryDecode(data, out var text)) return Refused(path + ".data", "The HTML is not UTF-8.");
                html = SafeHtml.Clean(text);
                if (!SafeHtml.HasText(html)) return Refused(path + ".data", "The HTML contains no text.");
            }
            else
            {
                warnings.Add(FhirIssue.Warning(OperationOutcome.IssueType.NotSupported, path + ".contentType", "Only application/pdf and text/html can be shown to patients."));
            }
        }

        return new DocumentContent(html, pdf, null, warnings);
    }

    private static DocumentContent Refused(string element, string reason) =>
        new(null, null, FhirIssue.Error(OperationOutcome.IssueType.Invalid, element, reason), []);

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
