using System.Globalization;
using System.Text;

namespace PatientHub.Simulators.Pas;

/// <summary>
/// Writes the letters that the hospital's own system sends: one A4 page of text, PDF 1.4 by hand. The same document gives the same bytes, so feeding twice
/// changes nothing.
/// </summary>
internal static class LetterPdf
{
    private const int LineLength = 88;

    // WinAnsiEncoding, which a PDF's standard fonts use, is Windows code page 1252; Latin-1 is the part of it that these letters need.
    private static readonly Encoding WinAnsi = Encoding.Latin1;

    public static byte[] Of(PasDocument document, PasPatient patient)
    {
        var lines = new List<(string Text, int Size)>
        {
            ("Leeds Teaching Hospitals NHS Trust", 16),
            ("", 11),
            ($"{patient.Prefix} {patient.Name}".Trim(), 11),
            (LondonDates.Words(DateOnly.FromDateTime(LondonDates.ToLondon(document.Date).DateTime)), 11),
            ("", 11),
            (document.Title, 14),
            ("", 11),
            ($"Dear {patient.Name},", 11),
            ("", 11),
        };
        foreach (var paragraph in document.Paragraphs)
        {
            lines.AddRange(Wrap(paragraph).Select(line => (line, 11)));
            lines.Add(("", 11));
        }

        var page = new StringBuilder("BT\n60 780 Td\n");
        foreach (var (text, size) in lines)
            page.Append(CultureInfo.InvariantCulture, $"/F1 {size} Tf\n0 -{size + 5} Td\n({Escape(text)}) Tj\n");
        page.Append("ET");
        return Assemble(document.Title, page.ToString());
    }

    private static byte[] Assemble(string title, string page)
    {
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) /ViewerPreferences << /DisplayDocTitle true >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            $"<< /Length {WinAnsi.GetByteCount(page)} >>\nstream\n{page}\nendstream",
            $"<< /Title ({Escape(title)}) /Producer (PAS) >>",
        ];

        var file = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        foreach (var (index, content) in objects.Index())
        {
            offsets.Add(file.Length); // Latin-1: one byte a character
            file.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{content}\nendobj\n");
        }

        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets)
            file.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return WinAnsi.GetBytes(file.ToString());
    }

    private static IEnumerable<string> Wrap(string paragraph)
    {
        var line = new StringBuilder();
        foreach (var word in paragraph.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > LineLength)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal);
}
