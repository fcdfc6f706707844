using System.Security.Cryptography;
using Npgsql;
using PatientHub.AppHost.Local;
using PatientHub.AppHost.Local.Engine;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Testing;

namespace PatientHub.AppHost.Tests;

public sealed class LocalEngineTests
{
    /// <summary>A busy machine takes its time to start a process; a failure is seen before this ends.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Everything_starts_on_free_ports_under_the_names_that_aspire_injects()
    {
        await using var system = new TinySystem();
        var secret = system.Builder.AddParameter("some-secret", secret: true);
        var database = system.Builder.AddPostgres("postgres").WithDataVolume().AddDatabase("tinydb", "tiny");
        var redis = system.Builder.AddRedis("redis");
        var rabbit = system.Builder.AddRabbitMQ("rabbitmq").WithManagementPlugin();
        var migrate = system.Builder.AddProject("tiny-migrate", TinySystem.TinyProject).WithArgs("--migrate").WithReference(database).WaitFor(database).WaitFor(rabbit);
        var other = system.AddTiny("other").WithHttpEndpoint(name: "machine", env: "Tiny__MachinePort").WaitForCompletion(migrate);
        system.AddTiny("tiny").WithReference(database).WithReference(redis).WithReference(rabbit).WithReference(other)
            .WithEnvironment("Some__Secret", secret).WithEnvironment("Other__Url", other.GetEndpoint("http")).WithEnvironment("Some__Text", "text")
            .WaitForCompletion(migrate).WaitFor(redis);

        await system.StartAsync();

        var report = system.Report;
        var environment = await system.EnvironmentOfAsync("tiny");
        environment["ConnectionStrings__tinydb"].ShouldBe(report.Resources["tinydb"].ConnectionString);
        environment["ConnectionStrings__redis"].ShouldBe(report.Resources["redis"].ConnectionString);
        environment["ConnectionStrings__rabbitmq"].ShouldStartWith("amqp://patienthub:");
        environment["services__other__http__0"].ShouldBe(report.Resources["other"].Urls!["http"]);
        environment["services__other__machine__0"].ShouldBe(report.Resources["other"].Urls!["machine"]);
        environment["Other__Url"].ShouldBe(report.Resources["other"].Urls!["http"]);
        environment["Some__Secret"].ShouldBe(report.Parameters["some-secret"]);
        environment["Some__Text"].ShouldBe("text");
        environment["ASPNETCORE_ENVIRONMENT"].ShouldBe("Development");
        environment["ASPNETCORE_URLS"].ShouldBe(report.Resources["tiny"].Urls!["http"]);

        var ofOther = await system.EnvironmentOfAsync("other");
        ofOther["ASPNETCORE_URLS"].ShouldBe(report.Resources["other"].Urls!["http"], "the machine door is opened by the process itself");
        report.Resources["other"].Urls!["machine"].ShouldEndWith(":" + ofOther["Tiny__MachinePort"]);

        await using var source = NpgsqlDataSource.Create(report.Resources["tinydb"].ConnectionString!);
        await using var command = source.CreateCommand("select current_database()");
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe("tiny");

        system.Said.ShouldContain("tiny-migrate           done");
        File.GetUnixFileMode(system.Options.ReadyFile!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Stop_ends_every_process()
    {
        await using var system = new TinySystem();
        var redis = system.Builder.AddRedis("redis");
        system.AddTiny("tiny").WaitFor(redis);
        await system.StartAsync();
        var processes = system.Report.Resources.Values.Select(r => r.ProcessId!.Value).ToArray();
        processes.ShouldAllBe(id => ProcessStart.Of(id) != null);

        await system.Engine!.StopAsync();

        processes.ShouldAllBe(id => ProcessStart.Of(id) == null);
        File.Exists(system.Options.ReadyFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_instances_of_one_checkout_run_side_by_side()
    {
        await using var one = new TinySystem();
        one.AddTiny("tiny");
        await one.StartAsync();
        await using var two = new LocalEngine(Tiny(one), one.Options with { ReadyFile = one.Options.ReadyFile + "2" });
        await two.StartAsync(TestContext.Current.CancellationToken);

        two.DataFolder.ShouldBe(one.Engine!.DataFolder + "-2");
        var second = ReadyReport.FromJson(await File.ReadAllTextAsync(one.Options.ReadyFile + "2", TestContext.Current.CancellationToken));
        second.Resources["tiny"].Urls!["http"].ShouldNotBe(one.Report.Resources["tiny"].Urls!["http"]);

        static IReadOnlyList<IResource> Tiny(TinySystem like)
        {
            var builder = DistributedApplication.CreateBuilder(like.Options);
            builder.AddProject("tiny", TinySystem.TinyProject).WithHttpEndpoint().WithHttpHealthCheck("/health");
            return builder.Resources;
        }
    }

    [Fact]
    public async Task A_named_instance_runs_once()
    {
        await using var one = new TinySystem("mine");
        await one.StartAsync();
        await using var again = new LocalEngine([], one.Options);
        (await Should.ThrowAsync<LocalRunException>(() => again.StartAsync())).Message.ShouldBe("The instance 'mine' runs already.");
    }

    [Fact]
    public async Task Kill_9_takes_the_children_along_and_the_next_start_ends_what_they_left()
    {
        await using var system = new TinySystem("killed");
        var tiny = Path.GetFullPath($"../PatientHub.AppHost.Tiny/bin/{LocalOptions.Configuration}/{LocalOptions.Framework}/PatientHub.AppHost.Tiny.dll", system.Options.AppHostDirectory);
        string[] arguments = [tiny, "host", "--instance", system.Folder.Split('-')[^1], "--ready-file", system.Options.ReadyFile!, "--no-build", "--fresh"];
        using var host = await ChildProcess.StartAsync(new ChildCommand("dotnet", arguments), system.Options.Say);
        await Eventually.True(() => File.Exists(system.Options.ReadyFile) || host.HasExited, "the tiny host was never ready", StartPatience);
        host.HasExited.ShouldBeFalse(system.Said);
        var first = system.Report;
        var children = first.Resources.Values.Select(r => r.ProcessId!.Value).ToArray();
        children.Length.ShouldBe(3);
        var stray = await Eventually.NotNull(() => Task.FromResult(StrayOf(first.DataFolder)), "the careless program started nothing");

        await host.KillAsync();

        await Eventually.True(() => children.All(id => ProcessStart.Of(id) is null), "a child outlived the run");
        ProcessStart.Of(int.Parse(stray)).ShouldNotBeNull("nothing was left over: this test shows nothing");
        File.Delete(system.Options.ReadyFile!);

        using var next = await ChildProcess.StartAsync(new ChildCommand("dotnet", arguments), system.Options.Say);
        await Eventually.True(() => File.Exists(system.Options.ReadyFile) || next.HasExited, "the tiny host was not ready again", StartPatience);
        next.HasExited.ShouldBeFalse(system.Said);
        ProcessStart.Of(int.Parse(stray)).ShouldBeNull();
        system.Said.ShouldContain("processes that an earlier run had left");

        await next.StopAsync(Signals.Terminate, TimeSpan.FromSeconds(30));
        (await next.Exited).ShouldBe(0, system.Said);
        Directory.Exists(first.DataFolder).ShouldBeFalse("--fresh leaves nothing");
    }

    [Fact]
    public async Task A_service_that_crashes_is_reported_with_its_last_lines_and_started_again()
    {
        await using var system = new TinySystem();
        system.AddTiny("tiny");
        await system.StartAsync();

        await system.CrashAsync("tiny");

        await Eventually.True(() => system.Report.Resources["tiny"].Restarts == 1, "the service was not started again", StartPatience);
        system.Said.ShouldContain("tiny ended with exit code 7. Its last lines:");
        system.Said.ShouldContain("    about to lose my mind");
        (await system.EnvironmentOfAsync("tiny")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_store_that_crashes_is_started_again_on_its_port()
    {
        await using var system = new TinySystem();
        system.Builder.AddRedis("redis");
        await system.StartAsync();
        var before = system.Report.Resources["redis"];

        Signals.Send(before.ProcessId!.Value, Signals.Kill);

        await Eventually.True(() => system.Report.Resources["redis"].Restarts == 1, "Redis was not started again", StartPatience);
        system.Report.Resources["redis"].ConnectionString.ShouldBe(before.ConnectionString);
        system.Said.ShouldContain("redis ended with exit code 137");
    }

    [Fact]
    public async Task A_store_that_cannot_start_again_for_a_while_does_not_end_the_run()
    {
        await using var system = new TinySystem();
        system.Builder.AddRedis("redis");
        await system.StartAsync();
        var before = system.Report.Resources["redis"];
        var data = Path.Combine(system.Report.DataFolder, "redis", "appendonlydir");
        // As a disk that has failed: Redis refuses to begin without its file.
        Directory.Move(data, data + ".away");
        await File.WriteAllTextAsync(data, "no folder", TestContext.Current.CancellationToken);

        Signals.Send(before.ProcessId!.Value, Signals.Kill);

        await Eventually.True(() => system.Said.Contains("Redis did not start on port", StringComparison.Ordinal), "the failed start was never told", StartPatience);
        system.Report.Resources["redis"].Ready.ShouldBeFalse();
        File.Delete(data);
        Directory.Move(data + ".away", data);
        await Eventually.True(() => system.Report.Resources["redis"].Ready, "Redis was not started again", StartPatience);
    }

    [Fact]
    public async Task A_service_that_never_starts_ends_the_run_with_its_last_lines()
    {
        await using var system = new TinySystem();
        system.Builder.AddExecutable("broken", "/bin/sh", ".", "-c", "echo the reason; exit 4").WithHttpEndpoint().WithHttpHealthCheck("/health");

        var failure = await Should.ThrowAsync<ResourceFailedException>(system.StartAsync);

        failure.Resource.ShouldBe("broken");
        failure.Message.ShouldBe("broken ended with exit code 4. Its last lines:\n    the reason");
    }

    [Fact]
    public async Task Nothing_starts_when_a_migration_fails()
    {
        await using var system = new TinySystem();
        var migrate = system.Builder.AddProject("tiny-migrate", TinySystem.TinyProject).WithArgs("--migrate").WithEnvironment("TINY_MIGRATION", "fails");
        system.AddTiny("tiny").WaitForCompletion(migrate);

        var failure = await Should.ThrowAsync<ResourceFailedException>(system.StartAsync);

        failure.Message.ShouldStartWith("tiny-migrate ended with exit code 3. Its last lines:\n");
        failure.Message.ShouldContain("    column missing");
        system.Said.ShouldNotContain("tiny                   ready");
    }

    [Fact]
    public async Task A_missing_program_is_answered_with_the_command_that_installs_it()
    {
        NeededPackage[] needed = [new("postgresql", "/nowhere/*/bin/postgres"), new("chromium", "/nowhere/chromium"), new("bash", "/bin/bash")];
        var missing = await Should.ThrowAsync<MissingPackagesException>(() => Packages.EnsureAsync(needed, _ => { }, mayInstall: false));
        missing.Message.ShouldBe("Missing: postgresql, chromium. Install with:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends postgresql chromium");
    }

    [Fact]
    public async Task Parameters_are_generated_once_in_the_form_their_users_read()
    {
        await using var system = new TinySystem();
        foreach (var name in (string[])["source-id-key", "code-key", "token-signing-key", "pas-client-secret", "sendgrid-webhook-private-key"])
        {
            system.Builder.AddParameter(name, secret: true);
        }
        system.Builder.AddParameter("sendgrid-webhook-public-key");
        system.Builder.AddParameter("print-spool-folder");
        await system.StartAsync();
        var first = system.Builder.Resources.OfType<ParameterResource>().ToDictionary(p => p.Name, p => p.Value!);
        await system.Engine!.StopAsync();

        Convert.FromBase64String(first["source-id-key"]).Length.ShouldBe(32);
        Convert.FromBase64String(first["code-key"]).Length.ShouldBe(32);
        first["pas-client-secret"].Length.ShouldBe(32);
        Directory.Exists(first["print-spool-folder"]).ShouldBeTrue();
        using var signing = ECDsa.Create();
        signing.ImportPkcs8PrivateKey(Convert.FromBase64String(first["token-signing-key"]), out _);
        signing.KeySize.ShouldBe(256);
        using var webhook = ECDsa.Create();
        webhook.ImportPkcs8PrivateKey(Convert.FromBase64String(first["sendgrid-webhook-private-key"]), out _);
        Convert.ToBase64String(webhook.ExportSubjectPublicKeyInfo()).ShouldBe(first["sendgrid-webhook-public-key"]);

        await system.StartAsync();
        system.Builder.Resources.OfType<ParameterResource>().ToDictionary(p => p.Name, p => p.Value!).ShouldBe(first);
    }

    [Fact]
    public async Task Parameter_is_what_the_command_line_gives_else_its_default()
    {
        await using var system = new TinySystem(["--parameter", "print-sftp-host=print.example", "--parameter", "print-sftp-user=a=b"]);
        system.Builder.AddParameter("print-sftp-host", "", publishValueAsDefault: true);
        system.Builder.AddParameter("print-sftp-port", "22", publishValueAsDefault: true);
        system.Builder.AddParameter("print-sftp-user", "");
        await system.StartAsync();
        system.Builder.Resources.OfType<ParameterResource>().Select(parameter => parameter.Value).ShouldBe(["print.example", "22", "a=b"]);
        Should.Throw<LocalRunException>(() => LocalOptions.Parse(["--parameter", "nothing"], "."));
    }

    /// <summary>The process that the careless program started, by its mark.</summary>
    private static string? StrayOf(string dataFolder) =>
        Directory.GetDirectories("/proc").Select(Path.GetFileName).FirstOrDefault(id => int.TryParse(id, out _) && Reads($"/proc/{id}/cmdline") == "sleep\0600\0"
            && Reads($"/proc/{id}/environ").Contains($"={dataFolder}\0", StringComparison.Ordinal));

    private static string Reads(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
