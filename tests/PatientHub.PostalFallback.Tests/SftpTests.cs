using System.IO.Compression;
using Microsoft.Extensions.Options;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.PostalFallback.Tests;

/// <summary>The hand-over to a real OpenSSH server.</summary>
public sealed class SftpTests(Servers servers) : IAsyncLifetime
{
    private readonly SftpServer _server = new();

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Letter_is_handed_over_answered_and_leaves_no_file_behind()
    {
        await using var post = await Post.StartAsync(servers, working: false, more: Settings());
        var letter = await DueAsync(post);
        (await post.RunAsync()).ShouldBe(1);
        var batch = await post.BatchOfAsync(letter);
        Directory.GetFiles(_server.In).Select(Path.GetFileName).ShouldBe([$"{batch}.zip", $"{batch}.ok"], ignoreOrder: true);
        using (var zip = ZipFile.OpenRead(Path.Combine(_server.In, $"{batch}.zip")))
            zip.Entries.Select(entry => entry.Name).ShouldBe([$"{letter}-v1.pdf", "manifest.json", "manifest.csv"]);

        await File.WriteAllTextAsync(Path.Combine(_server.Out, "half.csv.tmp"), "batch,let", TestContext.Current.CancellationToken);
        await post.AnswerAsync(batch, [(letter, "ACCEPTED", null)], _server.Out);
        (await post.ReadAnswersAsync()).ShouldBe(1);
        Directory.GetFiles(_server.Out).Select(Path.GetFileName).ShouldBe(["half.csv.tmp"]);
        Directory.GetFiles(_server.In).ShouldBeEmpty();
        Directory.GetFiles(post.Spool).ShouldBeEmpty();
        (await post.CountAsync("select count(*) from deadline where print_status = 'Accepted'")).ShouldBe(1);
    }

    [Fact] // whoever can pose as the print house gets every letter
    public async Task Server_with_another_key_gets_nothing()
    {
        await using var post = await Post.StartAsync(servers, working: false, more: Settings(hostKey: "SHA256:" + new string('A', 43)));
        var letter = await DueAsync(post);
        await Should.ThrowAsync<IOException>(() => post.RunAsync());
        (await post.StateAsync(letter)).ShouldBe("Printing");
        Directory.GetFiles(_server.In).ShouldBeEmpty();
    }

    [Fact]
    public async Task Server_that_was_away_gets_the_batch_once_when_it_is_back()
    {
        await using var post = await Post.StartAsync(servers, working: false, more: Settings());
        var letter = await DueAsync(post);
        await _server.KillAsync();
        var fault = await Record.ExceptionAsync(() => post.RunAsync());
        fault.ShouldNotBeNull();
        await _server.StartAsync();
        var printed = post.Neighbours.Printed.Count;
        await Eventually.True(async () => await post.RunAsync() == 1, "the batch never went");
        post.Neighbours.Printed.Count.ShouldBe(printed, "it was printed once");
        Directory.GetFiles(_server.In, "*.zip").ShouldHaveSingleItem();
        (await post.StateAsync(letter)).ShouldBe("Posted");
    }

    [Fact] // a crash after each of its steps
    public async Task Hand_over_that_is_repeated_gives_one_batch()
    {
        var folder = Directory.CreateTempSubdirectory("patienthub-sftp-").FullName;
        var options = Options.Create(new PrintOptions { SpoolFolder = folder, Sftp = Sftp() });
        var spool = new PrintSpool(options);
        var house = new SftpPrintHouse(spool, options);
        var ct = TestContext.Current.CancellationToken;
        spool.Write(new Manifest(Guid.CreateVersion7(), "b1", DateTimeOffset.UtcNow, new ManifestTotals(0, 0, 0), []), new Dictionary<string, byte[]>());

        // Half of the upload was there already, under its temporary name.
        await File.WriteAllTextAsync(Path.Combine(_server.In, "b1.zip.tmp"), "half", ct);
        await house.ReleaseAsync("b1", ct);
        Directory.GetFiles(_server.In).Select(Path.GetFileName).ShouldBe(["b1.zip", "b1.ok"], ignoreOrder: true);

        // After the upload, before the .ok.
        File.Delete(Path.Combine(_server.In, "b1.ok"));
        await house.ReleaseAsync("b1", ct);
        File.Exists(Path.Combine(_server.In, "b1.ok")).ShouldBeTrue();

        // After the upload, before we noted it.
        File.Move(spool.PathOf("b1", "sent"), spool.PathOf("b1", "zip"));
        File.Delete(Path.Combine(_server.In, "b1.ok"));
        await house.ReleaseAsync("b1", ct);
        Directory.GetFiles(_server.In).Length.ShouldBe(2);

        (await house.TryRecallAsync("b1", ct)).ShouldBeFalse("it may be in the print house's hands");
        File.Delete(Path.Combine(_server.In, "b1.ok"));
        (await house.TryRecallAsync("b1", ct)).ShouldBeTrue("without .ok it never was");
        Directory.GetFiles(_server.In).Concat(Directory.GetFiles(folder)).ShouldBeEmpty();
        spool.Write(new Manifest(Guid.CreateVersion7(), "b1", DateTimeOffset.UtcNow, new ManifestTotals(0, 0, 0), []), new Dictionary<string, byte[]>());
        await house.ReleaseAsync("b1", ct);

        // After the .ok: the print house has taken both.
        foreach (var file in Directory.GetFiles(_server.In))
            File.Delete(file);
        await house.ReleaseAsync("b1", ct);
        Directory.GetFiles(_server.In).ShouldBeEmpty("it has them already");
        (await house.TryRecallAsync("b1", ct)).ShouldBeFalse();
        await house.DeleteAsync("b1", ct);
        Directory.GetFiles(folder).ShouldBeEmpty();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Refused_without_a_pinned_key_and_a_way_in()
    {
        Sftp().Faults().ShouldBeEmpty();
        new SftpOptions().Faults().ShouldBeEmpty("no host, no SFTP");
        var open = new SftpOptions { Host = "sftp.print.example", UserName = "trust", Password = "secret" };
        open.Faults().ShouldHaveSingleItem().ShouldContain("HostKeySha256");
        new SftpOptions { Host = "sftp.print.example", HostKeySha256 = "SHA256:short" }.Faults().Count().ShouldBe(3);
    }

    private SftpOptions Sftp() => new() { Host = "127.0.0.1", Port = _server.Port, UserName = _server.UserName, PrivateKeyFile = _server.PrivateKeyFile, HostKeySha256 = _server.HostKeySha256 };

    private string[] Settings(string? hostKey = null) =>
    [
        "--Print:Sftp:Host=127.0.0.1", $"--Print:Sftp:Port={_server.Port}", $"--Print:Sftp:UserName={_server.UserName}", $"--Print:Sftp:PrivateKeyFile={_server.PrivateKeyFile}",
        $"--Print:Sftp:HostKeySha256={hostKey ?? _server.HostKeySha256}",
    ];

    private static async Task<Guid> DueAsync(Post post)
    {
        var (_, letter) = await post.BookAsync(await post.PatientAsync());
        await post.ExecuteAsync("update deadline set due_at = now() - interval '1 second' where state = 'Waiting'");
        return letter.LetterId;
    }
}
