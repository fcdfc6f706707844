using System.Text;
using Microsoft.Extensions.Options;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Exceptions;
using UglyToad.PdfPig.Writer;

namespace PatientHub.Letters.Clients;

/// <summary>Looks into PDFs of the PAS, and joins them with their address sheet (PdfPig).</summary>
public sealed class PdfDocuments(IOptions<LettersOptions> options, IOptions<PrintLayoutOptions> layout)
{
    private const double A4Width = 595.276;
    private const double A4Height = 841.89;
    private const double Tolerance = 9;   // points, 3 mm
    private const double ClearZone = 4;   // millimetres around the window that stay white
    private const double Rounding = 0.5;

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
    /// Whether the first page shows exactly these lines in the address window, whole and nothing else: read back from the PDF, because a line that is too long, or a
    /// letter that the font does not have, is seen only there. What the postman cannot read must not be handed over.
    /// </summary>
    public bool HasAddressInWindow(byte[] pdf, IReadOnlyList<string> lines)
    {
        const double points = 72 / 25.4;
        var window = layout.Value;
        using var document = PdfDocument.Open(pdf);
        var page = document.GetPage(1);
        var shown = new StringBuilder();
        foreach (var letter in page.Letters)
        {
            var box = letter.BoundingBox;
            var (left, right) = (box.Left / points, box.Right / points);
            var (top, bottom) = ((page.Height - box.Top) / points, (page.Height - box.Bottom) / points);
            if (right < window.WindowLeft - ClearZone || left > window.WindowRight || bottom < window.WindowTop - ClearZone || top > window.WindowBottom + ClearZone) continue;
            if (left < window.WindowLeft - Rounding || right > window.WindowRight || top < window.WindowTop - Rounding || bottom > window.WindowBottom + Rounding) return false;
            shown.Append(letter.Value);
        }

        return Bare(shown.ToString()) == Bare(string.Concat(lines));

        static string Bare(string text) => string.Concat(text.Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c)));
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
