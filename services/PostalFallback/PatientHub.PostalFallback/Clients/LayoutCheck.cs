using System.Text;
using Microsoft.Extensions.Options;
using PatientHub.Identity.Contracts.Http;
using PatientHub.PostalFallback.Domain;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Exceptions;

namespace PatientHub.PostalFallback.Clients;

/// <summary>What the check of a print found.</summary>
internal enum LayoutVerdict
{
    /// <summary>It may go into the envelope.</summary>
    Good,
    /// <summary>It is the right letter, but the print house or the postman could not use it: a person's task.</summary>
    Unusable,
    /// <summary>It shows another letter, another name or another address than the record or the manifest: nothing of its batch may go.</summary>
    WrongLetter,
}

/// <param name="Verdict">What becomes of it.</param>
/// <param name="Reason">A phrase without any of the letter's content; empty when it is good.</param>
internal sealed record LayoutFinding(LayoutVerdict Verdict, string Reason)
{
    public static readonly LayoutFinding Good = new(LayoutVerdict.Good, "");
}

/// <summary>
/// Reads a print back before it enters a batch: what is in the envelope is decided by the PDF, not by what was asked for. The address stands whole and alone in the
/// window and is the record's and the manifest's; every page carries the letter's id and its number; every font is embedded; every page is A4; the letter ends on the
/// back of a sheet, so that the next one begins on a sheet of its own even where a print house joins the files.
/// </summary>
internal sealed class LayoutCheck(IOptions<PrintLayoutOptions> layout)
{
    private const double PointsPerMillimetre = 72 / 25.4;
    private const double A4Width = 595.276;
    private const double A4Height = 841.89;
    private const double A4Tolerance = 9;   // points, 3 mm
    private const double Rounding = 0.5;    // millimetres: a glyph's box may stand over its baseline's edge by a hair

    /// <param name="pdf">The print.</param>
    /// <param name="line">Its line of the manifest.</param>
    /// <param name="record">What Identity says of the patient.</param>
    public LayoutFinding Look(byte[] pdf, SpoolLetter line, PatientAddress record)
    {
        if (!line.AddressLines.SequenceEqual(record.Lines, StringComparer.Ordinal) || line.Sha256 != PrintSpool.Hash(pdf)
            || !line.FileName.StartsWith(line.LetterId.ToString("D"), StringComparison.Ordinal))
            return Wrong("the manifest's line is another letter's or address's than the record's");
        if (AddressBlock.Fault(line.AddressLines) is { } fault)
            return Unusable(fault);
        try
        {
            using var document = PdfDocument.Open(pdf);
            return LookAt(document, line, record);
        }
        // Whatever the parser stumbles over, the file is not one to hand over.
        catch (Exception damaged) when (damaged is PdfDocumentFormatException or PdfDocumentEncryptedException or InvalidOperationException or ArgumentException or FormatException
            or IndexOutOfRangeException or InvalidDataException or NotSupportedException or NullReferenceException or KeyNotFoundException or OverflowException or InvalidCastException or IOException)
        {
            return Unusable("the print cannot be read back");
        }
    }

    private LayoutFinding LookAt(PdfDocument document, SpoolLetter line, PatientAddress record)
    {
        var pages = document.GetPages().ToList();
        if (pages.Count != line.Pages || pages.Count == 0)
            return Unusable("the print has another number of pages than was said");
        var texts = pages.ConvertAll(page => Bare(string.Concat(page.Letters.Select(letter => letter.Value))));

        // Identity first: a wrong letter that is also badly laid out stops the batch all the same.
        if (!texts.TrueForAll(text => text.Contains(line.LetterId.ToString("D"), StringComparison.Ordinal)))
            return Wrong("a page does not carry the letter's id");
        var (inside, outside, cut) = Window(pages[0]);
        if (!outside.Contains(Bare(record.FullName), StringComparison.Ordinal))
            return Wrong("the letter itself does not name the patient of the record");
        if (AddressFault(inside, Bare(string.Concat(line.AddressLines)), cut) is { } address)
            return address;

        if (pages.Exists(page => Math.Abs(page.Width - A4Width) > A4Tolerance || Math.Abs(page.Height - A4Height) > A4Tolerance))
            return Unusable("a page is not A4 portrait");
        if (pages.Count % 2 != 0 && line.Duplex)
            return Unusable("the letter does not end on the back of a sheet");
        for (var number = 1; number <= pages.Count; number++)
            if (!texts[number - 1].Contains($"Page{number}of{pages.Count}", StringComparison.Ordinal) && !texts[number - 1].Contains($"[{number}/{pages.Count}]", StringComparison.Ordinal))
                return Unusable("a page does not carry its number");
        return pages.Exists(page => !EmbeddedFonts.AreAllOf(document, page)) ? Unusable("a font is not embedded") : LayoutFinding.Good;
    }

    /// <summary>What stands in and around the window, what stands elsewhere, and whether something lies across the window's edge.</summary>
    private (string Inside, string Outside, bool Cut) Window(Page page)
    {
        var window = layout.Value;
        var (inside, outside, cut) = (new StringBuilder(), new StringBuilder(), false);
        foreach (var letter in page.Letters)
        {
            var box = letter.BoundingBox;
            var (left, right) = (box.Left / PointsPerMillimetre, box.Right / PointsPerMillimetre);
            var (top, bottom) = ((page.Height - box.Top) / PointsPerMillimetre, (page.Height - box.Bottom) / PointsPerMillimetre);
            if (right < window.WindowLeft - window.ClearZone || left > window.WindowRight || bottom < window.WindowTop - window.ClearZone || top > window.WindowBottom + window.ClearZone)
            {
                outside.Append(letter.Value);
                continue;
            }

            cut |= left < window.WindowLeft - Rounding || right > window.WindowRight || top < window.WindowTop - Rounding || bottom > window.WindowBottom + Rounding;
            inside.Append(letter.Value);
        }

        return (Bare(inside.ToString()), Bare(outside.ToString()), cut);
    }

    /// <summary>Some of the address missing, or something beside it, is a layout that failed; anything else is somebody else's address.</summary>
    private static LayoutFinding? AddressFault(string shown, string wanted, bool cut)
    {
        if (shown == wanted)
            return cut ? Unusable("the address does not lie whole inside the window") : null;
        return IsPartOf(shown, wanted) || IsPartOf(wanted, shown)
            ? Unusable("the address does not stand whole and alone in the window")
            : Wrong("the window shows another address than the record's");
    }

    private static bool IsPartOf(string part, string whole)
    {
        var found = 0;
        foreach (var character in whole)
            if (found < part.Length && part[found] == character)
                found++;
        return found == part.Length;
    }

    private static string Bare(string text) => string.Concat(text.Normalize(NormalizationForm.FormKC).Where(character => !char.IsWhiteSpace(character)));

    private static LayoutFinding Unusable(string reason) => new(LayoutVerdict.Unusable, reason);

    private static LayoutFinding Wrong(string reason) => new(LayoutVerdict.WrongLetter, reason);
}
