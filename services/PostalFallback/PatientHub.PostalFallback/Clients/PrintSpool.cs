using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using CsvHelper;
using Microsoft.Extensions.Options;

namespace PatientHub.PostalFallback.Clients;

/// <summary>One letter of a batch.</summary>
internal sealed record SpoolLetter(Guid LetterId, int LetterVersion, string FileName, int Pages, int Sheets, bool Duplex, string Postage, string Format, IReadOnlyList<string> AddressLines, string Sha256);

/// <summary>The manifest that lies in each batch, as JSON; the CSV beside it has the same lines, and the totals as its last one.</summary>
internal sealed record Manifest(Guid BatchId, string Name, DateTimeOffset CreatedAt, ManifestTotals Totals, IReadOnlyList<SpoolLetter> Letters);

/// <summary>For the print house to check against.</summary>
internal sealed record ManifestTotals(int Letters, int Pages, int Sheets)
{
    public static ManifestTotals Of(IReadOnlyCollection<SpoolLetter> letters) => new(letters.Count, letters.Sum(letter => letter.Pages), letters.Sum(letter => letter.Sheets));
}

/// <summary>What was written is not what should have been: a defect of the disk or of ours. It is written again.</summary>
internal sealed class SpoolDamagedException(string name) : IOException($"Batch {name} does not lie in the spool as it was written.");

/// <summary>
/// Batches on our own disk: <c>{name}.zip</c> (PDFs, manifest.csv, manifest.json), written under a temporary name, read back, and renamed. A batch without its
/// <c>.ok</c> does not exist for the print house; that is the <see cref="IPrintHouse"/>'s to give. What is in a batch is recorded between the two: from then on nothing
/// has to be read back, so the print house may take its files away whenever it likes. Everything here is personal data: folder 0700, files 0600, gone after reconciliation.
/// </summary>
internal sealed class PrintSpool
{
    public const string TotalsLine = "TOTALS";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly string[] Headings = ["letter_id", "letter_version", "file", "pages", "sheets", "duplex", "postage", "format", "sha256", .. Enumerable.Range(1, 7).Select(line => $"address_{line}")];
    private readonly string _folder;

    public PrintSpool(IOptions<PrintOptions> options) => _folder = PrivateFolder(options.Value.SpoolFolder);

    /// <summary>Writes a batch whole, under its own name but without its .ok. Writing the same name again replaces what a crash left.</summary>
    public void Write(Manifest manifest, IReadOnlyDictionary<string, byte[]> files)
    {
        var temporary = PathOf(manifest.Name, "zip.tmp");
        try
        {
            using (var stream = Create(temporary))
            {
                using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
                {
                    foreach (var letter in manifest.Letters)
                    {
                        using var entry = zip.CreateEntry(letter.FileName, CompressionLevel.Fastest).Open();
                        entry.Write(files[letter.FileName]);
                    }

                    using (var entry = zip.CreateEntry("manifest.json").Open())
                        JsonSerializer.Serialize(entry, manifest, Json);
                    using (var entry = zip.CreateEntry("manifest.csv").Open())
                        WriteCsv(entry, manifest);
                }

                stream.Flush(flushToDisk: true);
            }

            if (!IsWhole(temporary, manifest))
                throw new SpoolDamagedException(manifest.Name);
            File.Move(temporary, PathOf(manifest.Name, "zip"), overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(temporary); // a full disk gets its room back
            throw;
        }
    }

    /// <summary>Where the batch lies, or null when it is not here any more.</summary>
    public string? Find(string name) => PathOf(name, "zip") is var path && File.Exists(path) ? path : null;

    public string PathOf(string name, string ending) => Path.Combine(_folder, $"{name}.{ending}");

    /// <summary>After reconciliation: no personal data stays behind.</summary>
    public void Delete(string name)
    {
        foreach (var ending in (string[])["ok", "ok.tmp", "zip", "zip.tmp", "sent"])
            File.Delete(PathOf(name, ending));
    }

    /// <summary>The control file that says how the archive must be.</summary>
    public static byte[] Control(string name, string path)
    {
        using var archive = File.OpenRead(path);
        return JsonSerializer.SerializeToUtf8Bytes(new { name, archive = $"{name}.zip", bytes = archive.Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(archive)) }, Json);
    }

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>A folder that only we can look into, also when somebody has made it before with other rights.</summary>
    public static string PrivateFolder(string path)
    {
        var folder = Directory.CreateDirectory(path);
        if (OperatingSystem.IsWindows() || folder.UnixFileMode == Private)
            return folder.FullName;
        if (folder.UnixFileMode.HasFlag(UnixFileMode.StickyBit))
            throw new InvalidOperationException("The print spool must be a folder of its own, not one that everybody writes to.");
        folder.UnixFileMode = Private;
        return folder.FullName;
    }

    public static FileStream Create(string path) => OperatingSystem.IsWindows()
        ? new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None)
        : new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = PrivateFile });

    private static bool IsWhole(string path, Manifest manifest)
    {
        using var zip = ZipFile.OpenRead(path);
        if (zip.Entries.Count != manifest.Letters.Count + 2)
            return false;
        foreach (var letter in manifest.Letters)
        {
            if (zip.GetEntry(letter.FileName) is not { } entry)
                return false;
            using var content = entry.Open();
            if (Convert.ToHexStringLower(SHA256.HashData(content)) != letter.Sha256)
                return false;
        }

        return true;
    }

    private static void WriteCsv(Stream stream, Manifest manifest)
    {
        // A line that begins like a formula must not become one in the print house's spreadsheet.
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\r\n", Injection = CsvInjection.Escape });
        csv.WriteRecord(Headings);
        foreach (var letter in manifest.Letters)
            csv.WriteRecord([letter.LetterId.ToString(), Number(letter.LetterVersion), letter.FileName, Number(letter.Pages), Number(letter.Sheets), letter.Duplex ? "yes" : "no",
                letter.Postage, letter.Format, letter.Sha256, .. Enumerable.Range(0, 7).Select(line => letter.AddressLines.ElementAtOrDefault(line) ?? "")]);
        csv.WriteRecord([TotalsLine, Number(manifest.Totals.Letters), "", Number(manifest.Totals.Pages), Number(manifest.Totals.Sheets), .. Enumerable.Repeat("", Headings.Length - 5)]);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
