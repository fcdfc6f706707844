using System.Buffers.Binary;
using System.Text;

namespace PatientHub.Appointments.Domain;

/// <summary>
/// What may be a site's map (R25): a PNG, a JPEG or a PDF by its own bytes, whatever the sender calls it, and of a sane size. SVG and HTML can carry scripts and are not taken;
/// neither are PDFs that run something or carry files.
/// </summary>
public static class MapFile
{
    public const int MaxBytes = 4 * 1024 * 1024;
    public const int MinPixels = 200;
    public const int MaxPixels = 10_000;

    private static readonly string[] ForbiddenInPdf = ["/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/OpenAction", "/RichMedia", "/Encrypt"];

    /// <summary>The media type that the bytes are; null when they are none of the three.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> content)
    {
        if (content.Length is 0 or > MaxBytes) return null;
        if (PngSize(content) is { } png) return IsSane(png) ? "image/png" : null;
        if (JpegSize(content) is { } jpeg) return IsSane(jpeg) ? "image/jpeg" : null;
        return IsPlainPdf(content) ? "application/pdf" : null;
    }

    private static bool IsSane((int Width, int Height) size) => size is { Width: >= MinPixels and <= MaxPixels, Height: >= MinPixels and <= MaxPixels };

    // PNG (RFC 2083): signature, then IHDR with width and height; the last chunk is IEND.
    private static (int Width, int Height)? PngSize(ReadOnlySpan<byte> content) =>
        content.Length > 45 && content.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) && content[12..16].SequenceEqual("IHDR"u8) && content[^8..^4].SequenceEqual("IEND"u8)
            ? (BinaryPrimitives.ReadInt32BigEndian(content[16..]), BinaryPrimitives.ReadInt32BigEndian(content[20..]))
            : null;

    // JPEG (ITU T.81, annex B): segments after SOI up to the frame header, which has height and width.
    private static (int Width, int Height)? JpegSize(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || !EndsWithin(content, [0xFF, 0xD9], 64)) return null;
        for (var at = 2; at + 9 < content.Length && content[at] == 0xFF;)
        {
            var marker = content[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (BinaryPrimitives.ReadUInt16BigEndian(content[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(content[(at + 5)..]));
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(content[(at + 2)..]);
        }

        return null;
    }

    private static bool IsPlainPdf(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith("%PDF-1."u8) && !content.StartsWith("%PDF-2."u8)) return false;
        if (!EndsWithin(content, "%%EOF"u8, 1024)) return false;
        foreach (var name in ForbiddenInPdf)
            if (content.IndexOf(Encoding.ASCII.GetBytes(name)) >= 0) return false;
        return true;
    }

    private static bool EndsWithin(ReadOnlySpan<byte> content, ReadOnlySpan<byte> end, int last) => content[Math.Max(0, content.Length - last)..].LastIndexOf(end) >= 0;
}
