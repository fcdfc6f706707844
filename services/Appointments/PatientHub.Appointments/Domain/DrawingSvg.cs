using System.Globalization;
using System.Security;
using System.Text;

namespace PatientHub.Appointments.Domain;

/// <summary>A drawing as SVG, without script, style or link.</summary>
public static class DrawingSvg
{
    public static string Of(string title, IEnumerable<Shape> shapes)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SiteDrawing.Size} {SiteDrawing.Size}" width="{SiteDrawing.Size}" height="{SiteDrawing.Size}" font-family="Arial, sans-serif" role="img"><title>{E(title)}</title><rect width="{SiteDrawing.Size}" height="{SiteDrawing.Size}" fill="#ffffff"/>""");
        foreach (var shape in shapes) svg.Append(Of(shape));
        return svg.Append("</svg>").ToString();
    }

    private static string Of(Shape shape) => shape switch
    {
        Ring ring => Text($"""<circle cx="{ring.X:0.#}" cy="{ring.Y:0.#}" r="{ring.Radius:0.#}" fill="none" stroke="#768692" stroke-width="2" stroke-dasharray="6 6"/>"""),
        Line line => Text($"""<path d="M{line.X1:0.#} {line.Y1:0.#}L{line.X2:0.#} {line.Y2:0.#}" stroke="#aeb7bd" stroke-width="1"/>"""),
        North north => Text($"""<path d="M{north.X:0.#} {north.Y:0.#}l14 34h-28z" fill="#212b32"/>"""),
        Disc disc => Text($"""<circle cx="{disc.X:0.#}" cy="{disc.Y:0.#}" r="{disc.Radius:0.#}" fill="{disc.Colour}" stroke="#ffffff" stroke-width="4" paint-order="stroke"/>"""),
        Label label => Text($"""<text x="{label.X:0.#}" y="{label.Y:0.#}" text-anchor="{Anchored(label.Anchor)}" font-size="{label.Size:0.#}" font-weight="{(label.Bold ? "bold" : "normal")}" fill="{label.Colour}" stroke="#ffffff" stroke-width="5" paint-order="stroke">{E(label.Text)}</text>"""),
        _ => throw new InvalidOperationException($"{shape.GetType().Name} has no form in SVG."),
    };

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static string Anchored(Anchor anchor) => anchor switch { Anchor.Middle => "middle", Anchor.End => "end", _ => "start" };

    // XML has no control characters at all, not even escaped; half a surrogate pair is none either.
    private static string E(string text) => SecurityElement.Escape(new string([.. Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Where(c => !char.IsControl(c) && c is not ('\uFFFE' or '\uFFFF'))]))!;
}
