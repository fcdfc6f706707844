using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Exceptions;
using UglyToad.PdfPig.Tokens;
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
            return IsActive(document) ? "The PDF carries other files, scripts or commands." : null;
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

    /// <summary>What a reader might run or unpack has no place in a letter: files inside, scripts, and commands that run when it is opened.</summary>
    private static bool IsActive(PdfDocument document)
    {
        if (document.Advanced.TryGetEmbeddedFiles(out var files) && files.Count > 0) return true;
        var catalog = document.Structure.Catalog.CatalogDictionary;
        if (catalog.ContainsKey(NameToken.Create("AA"))) return true;
        if (Resolve(catalog, NameToken.Create("Names")) is { } names && names.ContainsKey(NameToken.Create("JavaScript"))) return true;
        return Resolve(catalog, NameToken.Create("OpenAction")) is { } action && action.TryGet(NameToken.Create("S"), out NameToken kind) && kind.Data is not ("GoTo" or "Named");

        DictionaryToken? Resolve(DictionaryToken owner, NameToken name)
        {
            if (!owner.TryGet(name, out var token)) return null;
            for (var step = 0; token is IndirectReferenceToken reference && step < 10; step++) token = document.Structure.GetObject(reference.Data)?.Data;
            return token as DictionaryToken;
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

    /// <summary>What has to be known of a print before it goes out, at one reading.</summary>
    public (int Pages, bool AddressInWindow) LookAtPrint(byte[] pdf, IReadOnlyList<string> lines)
    {
        using var document = PdfDocument.Open(pdf);
        return (document.NumberOfPages, HasAddressInWindow(document.GetPage(1), lines));
    }

    /// <summary>
    /// Whether the first page shows exactly these lines in the address window, whole and nothing else: read back from the PDF, because a line that is too long, or a
    /// letter that the font does not have, is seen only there. What the postman cannot read must not be handed over.
    /// </summary>
    private bool HasAddressInWindow(Page page, IReadOnlyList<string> lines)
    {
        const double points = 72 / 25.4;
        var window = layout.Value;
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
    /// What carries the address, then the rest: a letter of the PAS, enclosures (R10). Each begins on the front of a sheet, so that a document laid out for both sides
    /// keeps its sides and a form can be taken out and sent back, and the last one ends on a back. Every page carries its place in the envelope, and the letter's id where
    /// it does not have it yet, in small print at the bottom, so that a mix-up in the print house or a missing page can be seen.
    /// </summary>
    public byte[] Join(byte[] first, IReadOnlyList<byte[]> others, Guid letterId)
    {
        byte[][] all = [first, .. others];
        var total = all.Sum(document => (CountPages(document) + 1) / 2 * 2);
        using var builder = new PdfDocumentBuilder();
        // Embedded, as print houses demand; none of the 14 standard fonts is.
        var font = builder.AddTrueTypeFont(File.ReadAllBytes(FontFiles.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("No font for the letter's id: install fonts-liberation2 or fonts-noto-core.")));
        var number = 0;
        foreach (var pdf in all)
        {
            using var document = PdfDocument.Open(pdf);
            for (var i = 1; i <= document.NumberOfPages; i++)
            {
                var isOurs = document.GetPage(i).Text.Contains(letterId.ToString(), StringComparison.Ordinal);
                Stamp(builder.AddPage(document, i), isOurs);
            }

            if (number % 2 == 1) Stamp(builder.AddPage(PageSize.A4), isOurs: false);
        }

        return builder.Build();

        void Stamp(PdfPageBuilder page, bool isOurs)
        {
            number++;
            if (!isOurs) page.AddText(letterId.ToString(), 6, new PdfPoint(42, 17), font);
            page.AddText(string.Create(CultureInfo.InvariantCulture, $"[{number}/{total}]"), 6, new PdfPoint(200, 17), font);
        }
    }
}
