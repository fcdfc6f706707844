using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Writer;

namespace PatientHub.Simulators.Pas;

/// <summary>
/// Writes the letters that the hospital's own system sends: A4, one page of text, its font inside, as print houses demand. The same document gives the same bytes, so
/// feeding twice changes nothing.
/// </summary>
internal static class LetterPdf
{
    private const int LineLength = 88;

    private static readonly string[] FontFiles =
    [
        "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
        "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    ];

    private static readonly Lazy<byte[]> Font = new(() => File.ReadAllBytes(
        FontFiles.FirstOrDefault(File.Exists) ?? throw new SimulatorsRefusedException("No font for the hospital's letters: install fonts-noto-core or fonts-liberation2.")));

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

        using var builder = new PdfDocumentBuilder();
        builder.DocumentInformation.Title = document.Title;
        builder.DocumentInformation.Producer = "PAS";
        var font = builder.AddTrueTypeFont(Font.Value);
        var page = builder.AddPage(PageSize.A4);
        var y = 780.0;
        foreach (var (text, size) in lines)
        {
            y -= size + 5;
            if (text.Length > 0)
                page.AddText(text, size, new PdfPoint(60, y), font);
        }

        return WithoutChance(builder.Build());
    }

    // A PDF bears an id made anew each time; the same letter must be the same document.
    private static byte[] WithoutChance(byte[] pdf)
    {
        var id = pdf.AsSpan().LastIndexOf("/ID ["u8);
        for (var i = id < 0 ? pdf.Length : id + 5; i < pdf.Length && pdf[i] != ']'; i++)
            if (char.IsAsciiHexDigit((char)pdf[i]))
                pdf[i] = (byte)'0';
        return pdf;
    }

    private static IEnumerable<string> Wrap(string paragraph)
    {
        var line = new System.Text.StringBuilder();
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
}
