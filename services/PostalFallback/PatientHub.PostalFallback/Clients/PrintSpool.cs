using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using CsvHelper;
using Microsoft.Extensions.Options;

namespace PatientHub.PostalFallback.Clients;

/// <summary>Where batches are handed over.</summary>
public sealed class PrintOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Print";

    /// <summary>Folder that the print house reads; created with mode 0700. Required.</summary>
    [System.ComponentModel.DataAnnotations.Required]
    public string SpoolFolder { get; set; } = "";
}

/// <summary>One letter of a batch.</summary>
internal sealed record SpoolLetter(Guid LetterId, int LetterVersion, string FileName, int Pages, int Sheets, bool Duplex, string Postage, string Format, IReadOnlyList<string> AddressLines, string Sha256);

/// <summary>The manifest that lies in each batch, as JSON; the CSV beside it has the same lines.</summary>
internal sealed record Manifest(Guid BatchId, string Name, DateTimeOffset CreatedAt, ManifestTotals Totals, IReadOnlyList<SpoolLetter> Letters);

/// <summary>For the print house to check against.</summary>
internal sealed record ManifestTotals(int Letters, int Pages, int Sheets);

/// <summary>
/// The print house's spool as a folder: <c>{name}.zip</c> (PDFs, manifest.csv, manifest.json), written as <c>.tmp</c> and renamed, then <c>{name}.ok</c>.
/// A batch without its <c>.ok</c> does not exist for the print house. What is in a batch is recorded between the two: from then on nothing has to be read back, so
/// the print house may take its files away whenever it likes.
/// </summary>
internal sealed class PrintSpool
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly DirectoryInfo _folder;

    public PrintSpool(IOptions<PrintOptions> options)
    {
        _folder = new DirectoryInfo(options.Value.SpoolFolder);
        if (!_folder.Exists)
        {
            _folder.Create();
            if (!OperatingSystem.IsWindows())
                _folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }
    }

    /// <summary>Writes a batch whole, under its own name but without its .ok. Writing the same name again replaces what a crash left.</summary>
    public void Write(Manifest manifest, IReadOnlyDictionary<string, byte[]> files)
    {
        var temporary = PathOf(manifest.Name, "zip.tmp");
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (var (name, content) in files)
                {
                    using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                    entry.Write(content);
                }

                using (var entry = zip.CreateEntry("manifest.json").Open())
                    JsonSerializer.Serialize(entry, manifest, Json);
                using (var entry = zip.CreateEntry("manifest.csv").Open())
                    WriteCsv(entry, manifest);
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, PathOf(manifest.Name, "zip"), overwrite: true);
    }

    /// <summary>Lets the print house take a written batch. When its file is gone, a crash came after the .ok: the print house has taken it already.</summary>
    public void Release(string name)
    {
        if (!File.Exists(PathOf(name, "zip")))
            return;
        using var ok = new FileStream(PathOf(name, "ok"), FileMode.Create);
        ok.Flush(flushToDisk: true);
    }

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private string PathOf(string name, string ending) => Path.Combine(_folder.FullName, $"{name}.{ending}");

    private static void WriteCsv(Stream stream, Manifest manifest)
    {
        // A line that begins like a formula must not become one in the print house's spreadsheet.
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\r\n", Injection = CsvInjection.Escape });
        csv.WriteRecord(["letter_id", "letter_version", "file", "pages", "sheets", "duplex", "postage", "format", "sha256",
            "address_1", "address_2", "address_3", "address_4", "address_5", "address_6", "address_7"]);
        foreach (var letter in manifest.Letters)
            csv.WriteRecord([letter.LetterId.ToString(), Number(letter.LetterVersion), letter.FileName, Number(letter.Pages), Number(letter.Sheets), letter.Duplex ? "yes" : "no",
                letter.Postage, letter.Format, letter.Sha256, .. Enumerable.Range(0, 7).Select(line => letter.AddressLines.ElementAtOrDefault(line) ?? "")]);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
