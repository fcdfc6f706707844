using System.Globalization;
using System.Text;

namespace PatientHub.Appointments.Domain;

/// <summary>
/// A drawing as one page of A4 with the place's name and address above it: what every phone can keep and every printer print. Written by hand (ISO 32000-1: five objects, Helvetica, which every reader has),
/// because the services have no library for it and Chromium belongs to Letters alone. Letters outside of Latin-1 come as "?": such a name is readable on the page itself.
/// </summary>
public static class DrawingPdf
{
    private const double Left = 57;
    private const double Top = 785;
    private const double Scale = 480.0 / SiteDrawing.Size;
    private const double Curve = 0.5523; // a quarter of a circle as a Bézier curve

    // Adobe's font metrics of Helvetica, thousandths of the size, from the space to "~".
    private static readonly int[] Widths =
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    public static byte[] Of(string title, IEnumerable<string> address, IEnumerable<Shape> shapes)
    {
        var page = new StringBuilder();
        var y = Top;
        page.Append(Words(Left, y, title, 18, "#212b32", bold: true));
        foreach (var line in address) page.Append(Words(Left, y -= 18, line, 12, "#212b32", bold: false));
        var origin = y - 20;
        foreach (var shape in shapes) page.Append(Of(shape, origin));
        return File(title, page.ToString());
    }

    private static string Of(Shape shape, double origin)
    {
        double X(double x) => Left + (x * Scale);
        double Y(double y) => origin - (y * Scale);
        return shape switch
        {
            Ring ring => $"{Colour("#768692", "RG")} 1.6 w [5 5] 0 d {Circle(X(ring.X), Y(ring.Y), ring.Radius * Scale)} S [] 0 d\n",
            Line line => N($"{Colour("#aeb7bd", "RG")} 0.8 w {X(line.X1):0.##} {Y(line.Y1):0.##} m {X(line.X2):0.##} {Y(line.Y2):0.##} l S\n"),
            North north => N($"{Colour("#212b32", "rg")} {X(north.X):0.##} {Y(north.Y):0.##} m {X(north.X + 14):0.##} {Y(north.Y + 34):0.##} l {X(north.X - 14):0.##} {Y(north.Y + 34):0.##} l f\n"),
            Disc disc => $"{Colour(disc.Colour, "rg")} 1 1 1 RG 1.6 w {Circle(X(disc.X), Y(disc.Y), disc.Radius * Scale)} B\n",
            Label label => Edged(label, X(label.X), Y(label.Y)),
            _ => throw new InvalidOperationException($"{shape.GetType().Name} has no form in PDF."),
        };
    }

    // First its white edge, so that it can be read on a line.
    private static string Edged(Label label, double x, double y)
    {
        var size = label.Size * Scale;
        var width = Encode(label.Text).Sum(c => c is >= ' ' and <= '~' ? Widths[c - ' '] : 556) * size / 1000 * (label.Bold ? 1.06 : 1);
        x -= label.Anchor switch { Anchor.Middle => width / 2, Anchor.End => width, _ => 0 };
        return $"1 1 1 RG 4 w 1 j 1 Tr {Words(x, y, label.Text, size, label.Colour, label.Bold)}0 Tr {Words(x, y, label.Text, size, label.Colour, label.Bold)}";
    }

    private static string Words(double x, double y, string text, double size, string colour, bool bold) =>
        N($"{Colour(colour, "rg")} BT /{(bold ? "B" : "R")} {size:0.##} Tf {x:0.##} {y:0.##} Td ({Escaped(text)}) Tj ET\n");

    private static string Circle(double x, double y, double r)
    {
        var c = r * Curve;
        return N($"{x + r:0.##} {y:0.##} m {x + r:0.##} {y + c:0.##} {x + c:0.##} {y + r:0.##} {x:0.##} {y + r:0.##} c {x - c:0.##} {y + r:0.##} {x - r:0.##} {y + c:0.##} {x - r:0.##} {y:0.##} c {x - r:0.##} {y - c:0.##} {x - c:0.##} {y - r:0.##} {x:0.##} {y - r:0.##} c {x + c:0.##} {y - r:0.##} {x + r:0.##} {y - c:0.##} {x + r:0.##} {y:0.##} c");
    }

    private static string Colour(string hex, string operation) =>
        N($"{int.Parse(hex[1..3], NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0:0.###} {int.Parse(hex[3..5], NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0:0.###} {int.Parse(hex[5..7], NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0:0.###} {operation}");

    /// <summary>Objects, the table of where each begins, and the way to it; every character is one byte.</summary>
    private static byte[] File(string title, string content)
    {
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) /ViewerPreferences << /DisplayDocTitle true >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /R 5 0 R /B 6 0 R >> >> >>",
            $"<< /Length {content.Length.ToString(CultureInfo.InvariantCulture)} >>\nstream\n{content}\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
            $"<< /Title ({Escaped(title)}) >>",
        ];
        var file = new StringBuilder("%PDF-1.4\n");
        var table = new StringBuilder(N($"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n"));
        for (var i = 0; i < objects.Length; i++)
        {
            table.Append(CultureInfo.InvariantCulture, $"{file.Length:D10} 00000 n \n");
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }

        var start = file.Length;
        file.Append(table).Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R /Info {objects.Length} 0 R >>\nstartxref\n{start}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString());
    }

    private static string Encode(string text) =>
        new([.. text.Replace("…", "...", StringComparison.Ordinal).Replace('\u2019', '\'').Replace('\u2013', '-').EnumerateRunes().Select(rune => rune.Value is >= ' ' and <= '~' or >= 0xA0 and <= 0xFF ? (char)rune.Value : '?')]);

    private static string Escaped(string text) => Encode(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal);

    private static string N(FormattableString text) => FormattableString.Invariant(text);
}
