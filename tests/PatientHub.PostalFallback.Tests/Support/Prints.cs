using System.Globalization;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace PatientHub.PostalFallback.Tests.Support;

/// <summary>A print as Letters would make it, and as it never should.</summary>
public sealed record Print
{
    private const double PointsPerMillimetre = 72 / 25.4;

    public Guid LetterId { get; init; }
    public string FullName { get; init; } = "Test Patient";
    public IReadOnlyList<string> Lines { get; init; } = [];
    public int Pages { get; init; } = 2;

    /// <summary>Left and top of the first line, in millimetres.</summary>
    public (double Left, double Top) AddressAt { get; init; } = (24.6, 42);

    /// <summary>Something else that stands in the window.</summary>
    public string? Beside { get; init; }
    public bool Embedded { get; init; } = true;
    public bool Numbered { get; init; } = true;
    public PageSize Size { get; init; } = PageSize.A4;

    /// <summary>The page that carries another letter's id; 0: none.</summary>
    public int StrangePage { get; init; }

    private static readonly Lazy<byte[]> Font = new(() => File.ReadAllBytes(((string[])
        ["/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf"]).First(File.Exists)));

    public byte[] Pdf()
    {
        using var builder = new PdfDocumentBuilder();
        var font = Embedded ? builder.AddTrueTypeFont(Font.Value) : builder.AddStandard14Font(Standard14Font.Helvetica);
        for (var number = 1; number <= Pages; number++)
        {
            var page = builder.AddPage(Size);
            var height = page.PageSize.Height;
            PdfPoint At(double left, double top) => new(left * PointsPerMillimetre, height - top * PointsPerMillimetre);
            page.AddText((number == StrangePage ? Guid.CreateVersion7() : LetterId).ToString(), 6, At(15, 290), font);
            if (Numbered)
                page.AddText(string.Create(CultureInfo.InvariantCulture, $"Page {number} of {Pages}"), 10, At(150, 290), font);
            if (number > 1)
                continue;
            for (var line = 0; line < Lines.Count; line++)
                page.AddText(Lines[line], 10, At(AddressAt.Left, AddressAt.Top + 3.6 * line), font);
            if (Beside is { } other)
                page.AddText(other, 8, At(80, 60), font);
            page.AddText($"Dear {FullName}", 12, At(15, 110), font);
        }

        return builder.Build();
    }
}
