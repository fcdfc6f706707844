using System.Globalization;

namespace PatientHub.Gateway.Look;

/// <summary>An sRGB colour.</summary>
internal readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary><c>#rrggbb</c>, or null.</summary>
    public static Colour? Parse(string text) =>
        text is ['#', _, _, _, _, _, _] && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
            ? new Colour((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb)
            : null;

    /// <summary>From 1 (none) to 21 (black on white), WCAG 2.2 "contrast ratio".</summary>
    public double ContrastTo(Colour other)
    {
        var (lighter, darker) = (Math.Max(Luminance, other.Luminance), Math.Min(Luminance, other.Luminance));
        return (lighter + 0.05) / (darker + 0.05);
    }

    /// <summary>Mixed with black, for states of a button; contrast to white only grows.</summary>
    public Colour Shade(double part) => new((byte)(Red * (1 - part)), (byte)(Green * (1 - part)), (byte)(Blue * (1 - part)));

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    private double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    private static double Linear(byte channel) => channel / 255d is var part && part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
}
