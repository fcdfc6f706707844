using Microsoft.Extensions.Options;
using Renci.SshNet;
using Renci.SshNet.Common;
using ConnectionInfo = Renci.SshNet.ConnectionInfo;

namespace PatientHub.PostalFallback.Clients;

/// <summary>
/// The print house's SFTP server. Its host key is pinned; another key is a connection that never comes about. A hand-over:
/// <code>
///  1 put {name}.zip.tmp, rename to {name}.zip    without .ok: the print house must not touch it; put again after a crash
///  2 here: {name}.zip becomes {name}.sent        from now on a missing file there means: taken
///  3 put {name}.ok.tmp, rename to {name}.ok      the print house may take both
/// </code>
/// A connection for each call: there is one batch a day and an answer now and then, and a kept one would be dead when it is needed.
/// </summary>
internal sealed class SftpPrintHouse(PrintSpool spool, IOptions<PrintOptions> options) : IPrintHouse
{
    private readonly SftpOptions _options = options.Value.Sftp;

    public Task ReleaseAsync(string name, CancellationToken cancellationToken) => WithAsync(async sftp =>
    {
        var (zip, ok, sent) = (There($"{name}.zip"), There($"{name}.ok"), spool.PathOf(name, "sent"));
        if (spool.Find(name) is { } archive)
        {
            await PutAsync(sftp, zip, File.OpenRead(archive), cancellationToken);
            File.Move(archive, sent, overwrite: true);
        }

        if (!File.Exists(sent) || !await sftp.ExistsAsync(zip, cancellationToken) || await sftp.ExistsAsync(ok, cancellationToken))
            return;
        await PutAsync(sftp, ok, new MemoryStream(PrintSpool.Control(name, sent)), cancellationToken);
    }, cancellationToken);

    public Task<bool> TryRecallAsync(string name, CancellationToken cancellationToken) => WithAsync(async sftp =>
    {
        var (zip, ok) = (There($"{name}.zip"), There($"{name}.ok"));
        var untouched = spool.Find(name) is not null || (File.Exists(spool.PathOf(name, "sent")) && await sftp.ExistsAsync(zip, cancellationToken));
        if (!untouched || await sftp.ExistsAsync(ok, cancellationToken))
            return false;
        await DeleteAsync(sftp, zip + ".tmp", cancellationToken);
        await DeleteAsync(sftp, zip, cancellationToken);
        spool.Delete(name);
        return true;
    }, cancellationToken);

    public Task<IReadOnlyList<string>> AnswersAsync(CancellationToken cancellationToken) => WithAsync<IReadOnlyList<string>>(async sftp =>
    {
        var found = new List<(DateTime At, string Name)>();
        await foreach (var file in sftp.ListDirectoryAsync(_options.AnswersFolder, cancellationToken))
            if (file.IsRegularFile && PrintFiles.IsAnswer(file.Name))
                found.Add((file.LastWriteTimeUtc, file.Name));
        return [.. found.OrderBy(file => file.At).ThenBy(file => file.Name, StringComparer.Ordinal).Select(file => file.Name)];
    }, cancellationToken);

    public Task<byte[]?> ReadAnswerAsync(string answer, CancellationToken cancellationToken) => WithAsync<byte[]?>(async sftp =>
    {
        if (!await sftp.ExistsAsync(Answer(answer), cancellationToken))
            return null;
        if ((await sftp.GetAttributesAsync(Answer(answer), cancellationToken)).Size > PrintFiles.LargestAnswer)
            return [];
        using var content = new MemoryStream();
        await sftp.DownloadFileAsync(Answer(answer), content, cancellationToken);
        return content.ToArray();
    }, cancellationToken);

    public Task DeleteAnswerAsync(string answer, CancellationToken cancellationToken) => WithAsync(sftp => DeleteAsync(sftp, Answer(answer), cancellationToken), cancellationToken);

    public Task SetAsideAsync(string answer, CancellationToken cancellationToken) => WithAsync(async sftp =>
    {
        if (!await sftp.ExistsAsync(Answer(answer), cancellationToken))
            return;
        await DeleteAsync(sftp, Answer(answer) + ".bad", cancellationToken);
        await sftp.RenameFileAsync(Answer(answer), Answer(answer) + ".bad", cancellationToken);
    }, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => WithAsync(async sftp =>
    {
        await DeleteAsync(sftp, There($"{name}.ok"), cancellationToken);
        await DeleteAsync(sftp, There($"{name}.zip"), cancellationToken);
        spool.Delete(name);
    }, cancellationToken);

    private static async Task PutAsync(SftpClient sftp, string path, Stream content, CancellationToken cancellationToken)
    {
        await using (content)
        {
            await DeleteAsync(sftp, path + ".tmp", cancellationToken);
            await sftp.UploadFileAsync(content, path + ".tmp", cancellationToken);
        }

        // SFTP's rename does not replace.
        await DeleteAsync(sftp, path, cancellationToken);
        await sftp.RenameFileAsync(path + ".tmp", path, cancellationToken);
    }

    private static async Task DeleteAsync(SftpClient sftp, string path, CancellationToken cancellationToken)
    {
        if (await sftp.ExistsAsync(path, cancellationToken))
            await sftp.DeleteFileAsync(path, cancellationToken);
    }

    private string There(string file) => $"{_options.Folder.TrimEnd('/')}/{file}";

    private string Answer(string file) => $"{_options.AnswersFolder.TrimEnd('/')}/{Path.GetFileName(file)}";

    private Task WithAsync(Func<SftpClient, Task> work, CancellationToken cancellationToken) => WithAsync<object?>(async sftp =>
    {
        await work(sftp);
        return null;
    }, cancellationToken);

    private async Task<T> WithAsync<T>(Func<SftpClient, Task<T>> work, CancellationToken cancellationToken)
    {
        using var key = _options.PrivateKeyFile.Length == 0 ? null : new PrivateKeyFile(_options.PrivateKeyFile, _options.PrivateKeyPassphrase is { Length: > 0 } phrase ? phrase : null);
        AuthenticationMethod[] methods =
        [
            .. key is null ? Array.Empty<AuthenticationMethod>() : [new PrivateKeyAuthenticationMethod(_options.UserName, key)],
            .. _options.Password.Length == 0 ? Array.Empty<AuthenticationMethod>() : [new PasswordAuthenticationMethod(_options.UserName, _options.Password)],
        ];
        var connection = new ConnectionInfo(_options.Host, _options.Port, _options.UserName, methods) { Timeout = _options.Timeout };
        using var sftp = new SftpClient(connection) { OperationTimeout = _options.Timeout };
        sftp.HostKeyReceived += (_, received) => received.CanTrust = _options.HostKeys.Contains(received.FingerPrintSHA256.TrimEnd('='), StringComparer.Ordinal);
        try
        {
            await sftp.ConnectAsync(cancellationToken);
            return await work(sftp);
        }
        catch (SshException refused)
        {
            // To the worker it is what an unreachable folder is: tried again. The message names no file of a patient's.
            throw new IOException($"The print house's SFTP server could not be used ({refused.GetType().Name}).", refused);
        }
        finally
        {
            foreach (var method in methods)
                (method as IDisposable)?.Dispose();
        }
    }
}
