using System.Globalization;
using System.Text;
using System.Xml.Linq;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Tests.Domain;

/// <summary>R25: the drawing of what we hold.</summary>
public sealed class SiteDrawingTests
{
    private static readonly SiteDrawing.Place Infirmary = new("Leeds General Infirmary", 53.8027, -1.5520);
    private static readonly SiteDrawing.Place StJames = new("St James's University Hospital", 53.8067, -1.5203);

    [Fact]
    public void A_neighbour_lies_where_it_is_and_the_rings_say_how_far()
    {
        var drawing = Svg(Infirmary, StJames, new SiteDrawing.Place("Far away", 51.5, 0));
        var texts = drawing.Descendants().Where(e => e.Name.LocalName == "text").ToDictionary(e => e.Value, e => e);
        texts.Keys.ShouldBe(["4 km", "2 km", "1 km", "N", "St James's University Hospi…", "Leeds General Infirmary"], ignoreOrder: true);
        // 2.1 km to the east, 0.4 km to the north.
        var dot = drawing.Descendants().Single(e => e.Attribute("r")?.Value == "8");
        Number(dot, "cx").ShouldBeInRange(415, 430);
        Number(dot, "cy").ShouldBeInRange(265, 280);
    }

    [Fact]
    public void A_site_alone_is_drawn_too() => Svg(Infirmary).Descendants().Count(e => e.Name.LocalName == "circle").ShouldBe(4);

    [Theory] // checklist 119
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"/><image href='https://evil.example/x'/>")]
    [InlineData("a\u0000\u001b\ud800b & c")]
    [InlineData("مستشفى 🏥")]
    public void Names_are_words(string name)
    {
        var drawing = Svg(Infirmary with { Name = name }, StJames with { Name = name });
        drawing.Descendants().Select(e => e.Name.LocalName).Distinct().ShouldBe(["svg", "title", "rect", "circle", "text", "path"], ignoreOrder: true);
        drawing.Descendants().Attributes().ShouldAllBe(a => a.Name.LocalName != "href" && !a.Name.LocalName.StartsWith("on", StringComparison.Ordinal) && a.Name.LocalName != "style");
    }

    [Theory]
    [InlineData("Leeds General Infirmary", "(Leeds General Infirmary) Tj")]
    [InlineData("St James’s (north) \\ wing", "(St James's \\(north\\) \\\\ wing) Tj")]
    [InlineData("مستشفى 🏥", "(?????? ?) Tj")]
    [InlineData("x) Tj ET Q /Launch (y", "(x\\) Tj ET Q /Launch \\(y) Tj")]
    public void The_same_drawing_as_a_page_to_keep_has_name_address_and_rings(string name, string words)
    {
        var pdf = DrawingPdf.Of(name, ["Great George Street", "Leeds", "LS1 3EX"], SiteDrawing.Of(Infirmary with { Name = name }, [StJames]));
        var text = Encoding.Latin1.GetString(pdf);
        foreach (var expected in (string[])[words, "(Great George Street) Tj", "(LS1 3EX) Tj", "(4 km) Tj", "(St James's University Hospi...) Tj", "(N) Tj"]) text.ShouldContain(expected);
        // The table says where each object begins, and the stream how long it is.
        var start = int.Parse(text[(text.IndexOf("startxref", StringComparison.Ordinal) + 10)..].Split('\n')[0], CultureInfo.InvariantCulture);
        text[start..].ShouldStartWith("xref\n0 8\n");
        var lines = text[start..].Split('\n')[3..10];
        for (var i = 0; i < lines.Length; i++)
            text[int.Parse(lines[i][..10], CultureInfo.InvariantCulture)..].ShouldStartWith($"{i + 1} 0 obj\n");
        var stream = text.IndexOf("stream\n", StringComparison.Ordinal) + 7;
        var length = int.Parse(text[(text.IndexOf("/Length ", StringComparison.Ordinal) + 8)..].Split(' ')[0], CultureInfo.InvariantCulture);
        text[(stream + length)..].ShouldStartWith("\nendstream");
    }

    private static XDocument Svg(SiteDrawing.Place site, params SiteDrawing.Place[] others) => XDocument.Parse(DrawingSvg.Of(site.Name, SiteDrawing.Of(site, others)));

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
