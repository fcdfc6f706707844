using Microsoft.Extensions.Options;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Exceptions;
using UglyToad.PdfPig.Writer;

namespace PatientHub.Letters.Clients;

/// <summary>Looks into PDFs of the PAS, and joins them with their address sheet (PdfPig).</summary>
public sealed class PdfDocuments(IOptions<LettersOptions> options)
{
    private const double A4Width = 595.276;
    private const double A4Height = 841.89;
    private const double Tolerance = 9;   // points, 3 mm

    private static readonly string[] FontFiles =
    [
        "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
        "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    ];

    /// <summary>Null when patients can open it and we can print it; else the reason in a sentence without any of its content.</summary>
    public string? Refusal(byte[] pdf)
    {
        if (pdf.Length > options.Value.MaxPdfBytes) return $"The PDF is larger than {options.Value.MaxPdfBytes} bytes.";
        if (!pdf.AsSpan().StartsWith("%PDF-"u8)) return "The attachment is not a PDF.";
        try
        {
            using var document = PdfDocument.Open(pdf);
            if (document.NumberOfPages == 0) return "The PDF has no pages.";
            if (document.NumberOfPages > options.Value.MaxPdfPages) return $"The PDF has more than {options.Value.MaxPdfPages} pages.";
            foreach (var page in document.GetPages()) _ = page.Width;
            return null;
        }
        catch (PdfDocumentEncryptedException)
        {
            return "The PDF is encrypted.";
        }
        catch (Exception e) when (e is PdfDocumentFormatException or InvalidOperationException or ArgumentException or FormatException
            or IndexOutOfRangeException or InvalidDataException or NotSupportedException or NullReferenceException or KeyNotFoundException or OverflowException or InvalidCastException or IOException)
        {
            // Whatever the parser stumbles over, the file is not one to send to a patient.
            return "The PDF is damaged and cannot be read.";
        }
    }

    public bool IsA4(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return document.GetPages().All(p => Math.Abs(p.Width - A4Width) < Tolerance && Math.Abs(p.Height - A4Height) < Tolerance);
    }

    public int CountPages(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return document.NumberOfPages;
    }

    /// <summary>
    /// The address sheet, an empty back, then the document: a letter laid out for both sides keeps its sides. Every page after the first carries the letter's id
    /// in small print at the bottom, so that a mix-up in the print house can be seen.
    /// </summary>
    public byte[] Join(byte[] addressSheet, byte[] document, Guid letterId)
    {
        using var sheet = PdfDocument.Open(addressSheet);
        using var letter = PdfDocument.Open(document);
        using var builder = new PdfDocumentBuilder();
        // Embedded, as print houses demand; none of the 14 standard fonts is.
        var font = builder.AddTrueTypeFont(File.ReadAllBytes(FontFiles.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("No font for the letter's id: install fonts-liberation2 or fonts-noto-core.")));
        var pages = 0;
        for (var i = 1; i <= sheet.NumberOfPages; i++, pages++) builder.AddPage(sheet, i);
        if (pages % 2 == 1) Stamp(builder.AddPage(PageSize.A4));
        for (var i = 1; i <= letter.NumberOfPages; i++) Stamp(builder.AddPage(letter, i));
        return builder.Build();

        void Stamp(PdfPageBuilder page) => page.AddText(letterId.ToString(), 6, new PdfPoint(42, 17), font);
    }
}
