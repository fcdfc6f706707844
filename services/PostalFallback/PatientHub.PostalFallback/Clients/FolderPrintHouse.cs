using Microsoft.Extensions.Options;

namespace PatientHub.PostalFallback.Clients;

/// <summary>The hand-over is the spool folder itself, which the print house's own transfer program reads and writes.</summary>
internal sealed class FolderPrintHouse(PrintSpool spool, IOptions<PrintOptions> options) : IPrintHouse
{
    private readonly string _answers = PrintSpool.PrivateFolder(options.Value.AnswersFolder is { Length: > 0 } folder ? folder : Path.Combine(options.Value.SpoolFolder, "answers"));

    public Task ReleaseAsync(string name, CancellationToken cancellationToken)
    {
        // Its file is gone: a crash came after the .ok, and the print house has taken it already.
        if (spool.Find(name) is not { } archive)
            return Task.CompletedTask;
        var temporary = spool.PathOf(name, "ok.tmp");
        using (var ok = PrintSpool.Create(temporary))
        {
            ok.Write(PrintSpool.Control(name, archive));
            ok.Flush(flushToDisk: true);
        }

        File.Move(temporary, spool.PathOf(name, "ok"), overwrite: true);
        return Task.CompletedTask;
    }

    public Task<bool> TryRecallAsync(string name, CancellationToken cancellationToken)
    {
        if (spool.Find(name) is null || File.Exists(spool.PathOf(name, "ok")))
            return Task.FromResult(false);
        spool.Delete(name);
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<string>> AnswersAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
        [.. new DirectoryInfo(_answers).EnumerateFiles().Where(file => PrintFiles.IsAnswer(file.Name)).OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal).Select(file => file.Name)]);

    public async Task<byte[]?> ReadAnswerAsync(string answer, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(answer));
        return !file.Exists ? null : file.Length > PrintFiles.LargestAnswer ? [] : await File.ReadAllBytesAsync(file.FullName, cancellationToken);
    }

    public Task DeleteAnswerAsync(string answer, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(answer));
        return Task.CompletedTask;
    }

    public Task SetAsideAsync(string answer, CancellationToken cancellationToken)
    {
        if (File.Exists(PathOf(answer)))
            File.Move(PathOf(answer), PathOf(answer) + ".bad", overwrite: true);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        spool.Delete(name);
        return Task.CompletedTask;
    }

    private string PathOf(string answer) => Path.Combine(_answers, Path.GetFileName(answer));
}
