namespace PatientHub.Appointments.Domain;

/// <summary>
/// A drawing of where a site lies (R25), from what we hold: its coordinates and those of the trust's other sites. Rings of distance, north on top, no streets: those we do not
/// have, and nothing is fetched from a map company. Words are names only, so it needs no language. <see cref="DrawingSvg"/> shows it on the page, <see cref="DrawingPdf"/> is for keeping and printing.
/// </summary>
public static class SiteDrawing
{
    /// <summary>Width and height; the site lies in the middle.</summary>
    public const int Size = 600;

    private const int Middle = Size / 2;
    private const int Radius = 240;
    private const int LongestName = 28;
    private const double MetresPerDegree = 111_320;

    /// <summary>Widest circle, metres; the smallest that shows a neighbour is taken.</summary>
    private static readonly double[] Scales = [1_000, 2_000, 4_000, 8_000];

    public sealed record Place(string Name, double Latitude, double Longitude);

    public static IReadOnlyList<Shape> Of(Place site, IEnumerable<Place> others)
    {
        var placed = others.Select(other => (other.Name, At: Offset(site, other))).Where(other => Distance(other.At) is > 50 and <= 8_000).OrderBy(other => Distance(other.At)).Take(6).ToList();
        var scale = placed.Count == 0 ? Scales[0] : Scales.First(s => Distance(placed[0].At) <= s);
        return
        [
            .. ((double[])[1, 0.5, 0.25]).SelectMany(part => Ring(scale * part, Math.Round(Radius * part))),
            new Line(Middle, Middle - Radius, Middle, Middle + Radius),
            new Line(Middle - Radius, Middle, Middle + Radius, Middle),
            new North(Middle, 12),
            new Label(Middle + 22, 40, "N", 24, "#000000", Bold: true),
            .. placed.Where(other => Distance(other.At) <= scale).SelectMany(other => Dot(other.Name, Middle + (other.At.East / scale * Radius), Middle - (other.At.North / scale * Radius))),
            new Disc(Middle, Middle, 13, "#005eb8"),
            new Label(Middle, Middle + 46, Short(site.Name), 24, "#003087", Bold: true, Anchor.Middle),
        ];
    }

    private static IEnumerable<Shape> Ring(double metres, double radius)
    {
        var words = metres >= 1_000 ? FormattableString.Invariant($"{metres / 1_000:0.#} km") : FormattableString.Invariant($"{metres:0} m");
        // Above the middle: below it stands the site's own name.
        return [new Ring(Middle, Middle, radius), new Label(Middle + 8, Middle - radius + 22, words, 20, "#4c6272")];
    }

    // A name is written towards the middle, so that it never leaves the drawing.
    private static IEnumerable<Shape> Dot(string name, double x, double y) =>
        [new Disc(x, y, 8, "#4c6272"), new Label(x + (x > Middle ? -14 : 14), y + 7, Short(name), 20, "#212b32", Bold: false, x > Middle ? Anchor.End : Anchor.Start)];

    // Flat earth is exact enough for some kilometres.
    private static (double East, double North) Offset(Place from, Place to) =>
        ((to.Longitude - from.Longitude) * MetresPerDegree * Math.Cos(from.Latitude * Math.PI / 180), (to.Latitude - from.Latitude) * MetresPerDegree);

    private static double Distance((double East, double North) offset) => Math.Sqrt((offset.East * offset.East) + (offset.North * offset.North));

    private static string Short(string name) => name.Length <= LongestName ? name : name[..(LongestName - 1)].TrimEnd() + "…";
}

/// <summary>A part of a drawing; x to the right, y down, from the top left corner.</summary>
public abstract record Shape;

/// <summary>So far from the middle: a dashed circle.</summary>
public sealed record Ring(double X, double Y, double Radius) : Shape;

public sealed record Line(double X1, double Y1, double X2, double Y2) : Shape;

/// <summary>The arrow, by its tip.</summary>
public sealed record North(double X, double Y) : Shape;

/// <summary>A place. With a white edge, so that it is seen on a line.</summary>
public sealed record Disc(double X, double Y, double Radius, string Colour) : Shape;

public enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>Words on their base line.</summary>
public sealed record Label(double X, double Y, string Text, double Size, string Colour, bool Bold = false, Anchor Anchor = Anchor.Start) : Shape;
