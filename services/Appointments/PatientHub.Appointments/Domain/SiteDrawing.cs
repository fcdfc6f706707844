using System.Globalization;
using System.Security;
using System.Text;

namespace PatientHub.Appointments.Domain;

/// <summary>
/// A drawing of where a site lies (R25), from what we hold: its coordinates and those of the trust's other sites. Rings of distance, north on top, no streets: those we do not
/// have, and nothing is fetched from a map company. SVG without script, style or link; words are names only, so it needs no language.
/// </summary>
public static class SiteDrawing
{
    private const int Size = 600;
    private const int Middle = Size / 2;
    private const int Radius = 240;
    private const int LongestName = 28;
    private const double MetresPerDegree = 111_320;

    /// <summary>Widest circle, metres; the smallest that shows a neighbour is taken.</summary>
    private static readonly double[] Scales = [1_000, 2_000, 4_000, 8_000];

    public sealed record Place(string Name, double Latitude, double Longitude);

    public static string Of(Place site, IEnumerable<Place> others)
    {
        var placed = others.Select(other => (other.Name, At: Offset(site, other))).Where(other => Distance(other.At) is > 50 and <= 8_000).OrderBy(other => Distance(other.At)).Take(6).ToList();
        var scale = placed.Count == 0 ? Scales[0] : Scales.First(s => Distance(placed[0].At) <= s);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Size} {Size}" width="{Size}" height="{Size}" font-family="Arial, sans-serif" font-size="24" role="img"><title>{E(site.Name)}</title><rect width="{Size}" height="{Size}" fill="#ffffff"/>""");
        foreach (var part in (double[])[1, 0.5, 0.25]) Ring(svg, scale * part, Radius * part);
        svg.Append(CultureInfo.InvariantCulture, $"""<path d="M{Middle} {Middle - Radius}V{Middle + Radius}M{Middle - Radius} {Middle}H{Middle + Radius}" stroke="#aeb7bd" stroke-width="1"/><path d="M{Middle} 12l14 34h-28z" fill="#212b32"/><text x="{Middle + 22}" y="40" font-weight="bold">N</text>""");
        foreach (var (name, at) in placed.Where(other => Distance(other.At) <= scale)) Dot(svg, name, Middle + (at.East / scale * Radius), Middle - (at.North / scale * Radius));
        svg.Append(CultureInfo.InvariantCulture, $"""<circle cx="{Middle}" cy="{Middle}" r="13" fill="#005eb8" stroke="#ffffff" stroke-width="4"/><text x="{Middle}" y="{Middle + 46}" text-anchor="middle" font-weight="bold" fill="#003087" stroke="#ffffff" stroke-width="6" paint-order="stroke">{E(Short(site.Name))}</text></svg>""");
        return svg.ToString();
    }

    private static void Ring(StringBuilder svg, double metres, double radius)
    {
        var label = metres >= 1_000 ? string.Create(CultureInfo.InvariantCulture, $"{metres / 1_000:0.#} km") : string.Create(CultureInfo.InvariantCulture, $"{metres:0} m");
        svg.Append(CultureInfo.InvariantCulture, $"""<circle cx="{Middle}" cy="{Middle}" r="{radius:0}" fill="none" stroke="#768692" stroke-width="2" stroke-dasharray="6 6"/><text x="{Middle + 8}" y="{Middle + radius - 8:0}" font-size="20" fill="#4c6272" stroke="#ffffff" stroke-width="5" paint-order="stroke">{label}</text>""");
    }

    // A name is written towards the middle, so that it never leaves the drawing.
    private static void Dot(StringBuilder svg, string name, double x, double y)
    {
        var (anchor, dx) = x > Middle ? ("end", -14) : ("start", 14);
        svg.Append(CultureInfo.InvariantCulture, $"""<circle cx="{x:0.#}" cy="{y:0.#}" r="8" fill="#4c6272"/><text x="{x + dx:0.#}" y="{y + 7:0.#}" text-anchor="{anchor}" font-size="20" fill="#212b32" stroke="#ffffff" stroke-width="5" paint-order="stroke">{E(Short(name))}</text>""");
    }

    // Flat earth is exact enough for some kilometres.
    private static (double East, double North) Offset(Place from, Place to) =>
        ((to.Longitude - from.Longitude) * MetresPerDegree * Math.Cos(from.Latitude * Math.PI / 180), (to.Latitude - from.Latitude) * MetresPerDegree);

    private static double Distance((double East, double North) offset) => Math.Sqrt((offset.East * offset.East) + (offset.North * offset.North));

    private static string Short(string name) => name.Length <= LongestName ? name : name[..(LongestName - 1)].TrimEnd() + "…";

    // XML has no control characters at all, not even escaped; half a surrogate pair is none either.
    private static string E(string text) => SecurityElement.Escape(new string([.. Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Where(c => !char.IsControl(c) && c is not ('\uFFFE' or '\uFFFF'))]))!;
}
