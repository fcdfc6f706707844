using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PatientHub.Simulators.Print;

/// <summary>A letter in a batch.</summary>
/// <param name="File">Name of the PDF.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Manifest">Its line of the manifest, by column; empty when the manifest does not name it.</param>
/// <param name="Intact">Whether the PDF is the one that the manifest's sha256 speaks of; true when the manifest gives none.</param>
public sealed record PrintLetter(string File, long Bytes, IReadOnlyDictionary<string, string> Manifest, bool Intact)
{
    /// <summary>The hub's id of it; null when the manifest does not say.</summary>
    public Guid? LetterId => Guid.TryParse(Column("letter_id", "letterId"), out var id) ? id : null;

    /// <summary>Its version there.</summary>
    public string Version => Column("letter_version", "letterVersion") ?? "1";

    private string? Column(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Manifest.TryGetValue(name, out var value))
                return value;
        return null;
    }
}

/// <summary>What was handed over at once: a zip archive or a folder of the spool.</summary>
/// <param name="Name">Path in the spool folder.</param>
/// <param name="HandedOverAt">When it was last written.</param>
/// <param name="Complete">Whether its manifest is there.</param>
/// <param name="Letters">Its letters.</param>
/// <param name="Unmatched">Lines of the manifest that name no PDF of the batch: the print house would reject them.</param>
public sealed record PrintBatch(
    string Name, DateTimeOffset HandedOverAt, bool Complete, IReadOnlyList<PrintLetter> Letters, IReadOnlyList<IReadOnlyDictionary<string, string>> Unmatched);

/// <summary>
/// The print house's books: what it has taken (<see cref="PrintFloor"/> takes it), and what lies in the spool folder at the moment somebody looks. An archive counts only
/// once its `.ok` lies beside it, a folder without the files still being written (`.tmp`). Manifests are CSV with a heading or JSON (an array, or an object with one),
/// whichever the batch has; CSV wins.
/// </summary>
public sealed class PrintHouse(SimulatorsOptions options)
{
    /// <summary>All batches, newest first.</summary>
    public IReadOnlyList<PrintBatch> Batches()
    {
        if (options.SpoolFolder is not { } spool || !Directory.Exists(spool))
            return [];
        var batches = new List<PrintBatch>();
        // The spool first: what the hub deletes while we look has been taken by then.
        var waiting = Handed().ToList();
        var taken = Directory.Exists(options.HouseFolder) ? Directory.GetFiles(options.HouseFolder, "*.zip") : [];
        foreach (var (name, archive) in taken.Select(archive => (Name: Path.GetFileName(archive), Archive: archive)).Concat(waiting).DistinctBy(batch => batch.Name))
        {
            try
            {
                using var content = OpenArchive(archive);
                batches.Add(Read(name, File.GetLastWriteTimeUtc(archive), content));
            }
            catch (FileNotFoundException)
            {
                // Taken and reconciled between two glances; the next look finds it among what was taken.
            }
        }

        foreach (var folder in Directory.EnumerateDirectories(spool, "*", SearchOption.AllDirectories).Prepend(spool))
        {
            var content = new FolderContent(folder);
            if (content.Names.Any(name => name.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase)))
                batches.Add(Read(Path.GetRelativePath(spool, folder), Directory.GetLastWriteTimeUtc(folder), content));
        }

        return [.. batches.OrderByDescending(batch => batch.HandedOverAt).ThenByDescending(batch => batch.Name, StringComparer.Ordinal)];
    }

    /// <summary>Archives in the spool that may be taken.</summary>
    internal IEnumerable<(string Name, string Archive)> Handed() => options.SpoolFolder is not { } spool || !Directory.Exists(spool)
        ? []
        : Directory.EnumerateFiles(spool, "*.zip", SearchOption.AllDirectories).Where(archive => File.Exists(Path.ChangeExtension(archive, ".ok"))).Select(archive => (Path.GetRelativePath(spool, archive), archive));

    /// <summary>A letter's PDF; null when the batch or the file is not there.</summary>
    public byte[]? Pdf(string batch, string file)
    {
        // Only names that a listing shows: nothing outside the spool can be asked for.
        if (options.SpoolFolder is not { } spool || Batches().FirstOrDefault(known => known.Name == batch)?.Letters.Any(letter => letter.File == file) is not true)
            return null;
        var path = Path.Combine(options.HouseFolder ?? spool, batch);
        if (!File.Exists(path))
            path = Path.Combine(spool, batch);
        using IBatchContent content = Directory.Exists(path) ? new FolderContent(path) : OpenArchive(path);
        return content.Read(file);
    }

    private static PrintBatch Read(string name, DateTimeOffset at, IBatchContent content)
    {
        var manifest = content.Names.FirstOrDefault(file => file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            ?? content.Names.FirstOrDefault(file => file.EndsWith(".json", StringComparison.OrdinalIgnoreCase));
        var lines = manifest is null ? [] : ReadManifest(manifest, Encoding.UTF8.GetString(content.Read(manifest)!));
        var letters = new List<PrintLetter>();
        var matched = new HashSet<IReadOnlyDictionary<string, string>>();
        foreach (var file in content.Names.Where(file => file.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
        {
            var stem = Path.GetFileNameWithoutExtension(file);
            var line = lines.FirstOrDefault(line => line.Values.Any(value => value == file || Path.GetFileName(value) == Path.GetFileName(file) || value == stem));
            if (line is not null)
                matched.Add(line);
            var intact = line is null || !line.TryGetValue("sha256", out var digest)
                || string.Equals(digest, Convert.ToHexString(SHA256.HashData(content.Read(file)!)), StringComparison.OrdinalIgnoreCase);
            letters.Add(new PrintLetter(file, content.Length(file), line ?? new Dictionary<string, string>(), intact));
        }

        return new PrintBatch(name, at, manifest is not null, letters, [.. lines.Where(line => !matched.Contains(line))]);
    }

    private static List<IReadOnlyDictionary<string, string>> ReadManifest(string name, string text) =>
        name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? ReadCsv(text) : ReadJson(text);

    private static List<IReadOnlyDictionary<string, string>> ReadJson(string text)
    {
        using var document = JsonDocument.Parse(text);
        var array = document.RootElement.ValueKind == JsonValueKind.Array
            ? document.RootElement
            : document.RootElement.EnumerateObject().FirstOrDefault(property => property.Value.ValueKind == JsonValueKind.Array).Value;
        return array.ValueKind != JsonValueKind.Array
            ? []
            : [.. array.EnumerateArray().Where(line => line.ValueKind == JsonValueKind.Object).Select(line =>
                (IReadOnlyDictionary<string, string>)line.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.ToString()))];
    }

    // The last line counts the others.
    private const string TotalsLine = "TOTALS";

    private static List<IReadOnlyDictionary<string, string>> ReadCsv(string text)
    {
        var rows = Csv.Rows(text).ToList();
        return rows.Count == 0
            ? []
            : [.. rows.Skip(1).Where(row => row[0] != TotalsLine).Select(row =>
                (IReadOnlyDictionary<string, string>)rows[0].Zip(row).GroupBy(cell => cell.First).ToDictionary(cells => cells.Key, cells => cells.First().Second))];
    }

    private static ArchiveContent OpenArchive(string path) => new(ZipFile.OpenRead(path));

    private interface IBatchContent : IDisposable
    {
        IReadOnlyList<string> Names { get; }

        long Length(string name);

        byte[]? Read(string name);
    }

    private sealed class FolderContent(string folder) : IBatchContent
    {
        public IReadOnlyList<string> Names { get; } = [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!).Where(name => !name.EndsWith(".tmp", StringComparison.Ordinal))];

        public long Length(string name) => new FileInfo(Path.Combine(folder, name)).Length;

        public byte[]? Read(string name) => Names.Contains(name) ? File.ReadAllBytes(Path.Combine(folder, name)) : null;

        public void Dispose()
        {
        }
    }

    private sealed class ArchiveContent(ZipArchive archive) : IBatchContent
    {
        public IReadOnlyList<string> Names { get; } = [.. archive.Entries.Where(entry => entry.Name.Length > 0).Select(entry => entry.FullName)];

        public long Length(string name) => archive.GetEntry(name)!.Length;

        public byte[]? Read(string name)
        {
            if (archive.GetEntry(name) is not { } entry)
                return null;
            using var stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }

        public void Dispose() => archive.Dispose();
    }
}
