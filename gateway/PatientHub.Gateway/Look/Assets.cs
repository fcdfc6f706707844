using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace PatientHub.Gateway.Look;

/// <summary>A file of the pages, as it is sent.</summary>
internal sealed class Asset(string contentType, byte[] content)
{
    private readonly Lazy<byte[]> _brotli = new(() => Compress(content, stream => new BrotliStream(stream, CompressionLevel.SmallestSize)));
    private readonly Lazy<byte[]> _gzip = new(() => Compress(content, stream => new GZipStream(stream, CompressionLevel.SmallestSize)));

    public string ContentType => contentType;

    public byte[] Content => content;

    /// <summary>Images are compressed as they are; SVG is text.</summary>
    public bool Shrinks => contentType is not "image/png" and not "image/jpeg" && content.Length > 512;

    public byte[] Brotli => _brotli.Value;

    public byte[] Gzip => _gzip.Value;

    /// <summary>Changes with the content and with nothing else.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(content))[..16];

    private static byte[] Compress(byte[] content, Func<Stream, Stream> encoding)
    {
        using var compressed = new MemoryStream();
        using (var stream = encoding(compressed))
            stream.Write(content);
        return compressed.ToArray();
    }
}

/// <summary>
/// Style sheets, scripts, images and the trust's own logo and colours. Each is named by its content (<c>/css/hub.1a2b….css</c>), so a browser may keep it for a year;
/// read once at start and compressed once, since all are small.
/// </summary>
internal sealed class Assets
{
    private readonly FrozenDictionary<string, Asset> _byName;
    private readonly FrozenDictionary<string, Asset> _byHashedName;

    public Assets(IWebHostEnvironment environment, IOptions<TrustPageOptions> trust)
    {
        var types = new FileExtensionContentTypeProvider();
        var files = Files(environment.WebRootFileProvider, "").ToDictionary(file => "/" + file.Path, file => new Asset(TypeOf(types, file.Path), Read(file.Info)));
        if (trust.Value.Logo is { } logo)
            files["/images/logo" + Path.GetExtension(logo).ToLowerInvariant()] = new Asset(TypeOf(types, logo), File.ReadAllBytes(logo));
        if (TrustStyle.Of(trust.Value) is { Length: > 0 } style)
            files["/css/trust.css"] = new Asset("text/css", Encoding.UTF8.GetBytes(style));
        _byName = files.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _byHashedName = files.ToFrozenDictionary(file => Hashed(file.Key, file.Value), file => file.Value, StringComparer.Ordinal);
        Logo = _byName.Keys.FirstOrDefault(name => name.StartsWith("/images/logo.", StringComparison.OrdinalIgnoreCase));
        HasTrustStyle = _byName.ContainsKey("/css/trust.css");
    }

    /// <summary>Name of the trust's logo, if it has one.</summary>
    public string? Logo { get; }

    /// <summary>The trust has colours of its own.</summary>
    public bool HasTrustStyle { get; }

    /// <summary>The address of a file: <c>@Assets["/css/hub.css"]</c>.</summary>
    public string this[string name] => Hashed(name, _byName[name]);

    /// <summary>The file at an address, and whether the address changes with its content.</summary>
    public (Asset Asset, bool ForEver)? At(string path) =>
        _byHashedName.TryGetValue(path, out var hashed) ? (hashed, true) : _byName.TryGetValue(path, out var plain) ? (plain, false) : null;

    private static string Hashed(string name, Asset asset) => Path.ChangeExtension(name, asset.Hash + Path.GetExtension(name));

    private static string TypeOf(FileExtensionContentTypeProvider types, string path) => types.TryGetContentType(path, out var type) ? type : "application/octet-stream";

    private static IEnumerable<(string Path, IFileInfo Info)> Files(IFileProvider provider, string folder) => provider.GetDirectoryContents(folder).SelectMany(entry =>
        entry.IsDirectory ? Files(provider, $"{folder}{entry.Name}/") : [($"{folder}{entry.Name}", entry)]);

    private static byte[] Read(IFileInfo file)
    {
        using var stream = file.CreateReadStream();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
