using System.Buffers.Binary;
using System.Text;
using CsCheck;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Tests.Domain;

/// <summary>R25: type and size of an uploaded map are read from its bytes.</summary>
public sealed class MapFileTests
{
    [Fact]
    public void Pictures_and_plain_documents_are_taken()
    {
        MapFile.TypeOf(Png(800, 600)).ShouldBe("image/png");
        MapFile.TypeOf(Jpeg(800, 600)).ShouldBe("image/jpeg");
        MapFile.TypeOf(Pdf("")).ShouldBe("application/pdf");
    }

    [Fact]
    public void Everything_else_is_not()
    {
        MapFile.TypeOf([]).ShouldBeNull();
        foreach (var text in new[] { "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "<html><script>1</script>", "GIF89a", "MZ", "%PDF-1.7 without an end" })
            MapFile.TypeOf(Encoding.ASCII.GetBytes(text)).ShouldBeNull(text);
        foreach (var name in new[] { "/JavaScript", "/Launch", "/EmbeddedFile", "/OpenAction", "/Encrypt" })
            MapFile.TypeOf(Pdf(name)).ShouldBeNull(name);
        MapFile.TypeOf(Png(199, 600)).ShouldBeNull("too small to read");
        MapFile.TypeOf(Png(800, 10_001)).ShouldBeNull("a picture bomb");
        MapFile.TypeOf(Jpeg(800, 100)).ShouldBeNull();
        MapFile.TypeOf(Png(800, 600)[..40]).ShouldBeNull("cut off");
        MapFile.TypeOf(Jpeg(800, 600)[..20]).ShouldBeNull("cut off");
        MapFile.TypeOf([.. Png(800, 600), .. new byte[MapFile.MaxBytes]]).ShouldBeNull("too large");
    }

    [Fact]
    public void Broken_bytes_are_never_an_exception()
    {
        byte[][] files = [Png(800, 600), Jpeg(800, 600), Pdf("")];
        Gen.Select(Gen.Int[0, files.Length - 1], Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 400]).Sample((which, at, value, length) =>
        {
            var broken = files[which].ToArray();
            broken[at % broken.Length] = value;
            _ = MapFile.TypeOf(broken.AsSpan(0, Math.Min(length, broken.Length)));
        }, iter: 5_000);
    }

    internal static byte[] Png(int width, int height)
    {
        var png = new byte[80];
        ((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]).CopyTo(png, 0);
        "IHDR"u8.CopyTo(png.AsSpan(12));
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        "IEND"u8.CopyTo(png.AsSpan(72));
        return png;
    }

    private static byte[] Jpeg(ushort width, ushort height)
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 11, 8, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xFF, 0xD9];
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(13), height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(15), width);
        return jpeg;
    }

    private static byte[] Pdf(string part) => Encoding.ASCII.GetBytes($"%PDF-1.7\n1 0 obj << {part} >> endobj\ntrailer\n%%EOF\n");
}
