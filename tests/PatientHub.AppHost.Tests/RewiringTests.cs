using PatientHub.AppHost.Local;
using PatientHub.AppHost.Local.Engine;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.AppHost.Tests;

/// <summary><c>--port</c>, <c>--via</c> and <c>--set</c>: how a fault proxy gets between our processes.</summary>
public sealed class RewiringTests
{
    [Fact]
    public async Task A_detour_is_what_our_processes_are_told_and_a_wanted_port_is_where_it_listens()
    {
        int database = FreePort.Next(), one = FreePort.Next(), redisListens = FreePort.Next(), otherListens = FreePort.Next();
        await using var system = new TinySystem([
            "--via", $"tinydb={database}", "--via", $"redis={one}", "--via", $"rabbitmq={one}", "--via", $"other={one}",
            "--port", $"redis={redisListens}", "--port", $"other/machine={otherListens}"]);
        var postgres = system.Builder.AddPostgres("postgres");
        var (tinyDb, plainDb) = (postgres.AddDatabase("tinydb"), postgres.AddDatabase("plaindb"));
        var redis = system.Builder.AddRedis("redis");
        var rabbit = system.Builder.AddRabbitMQ("rabbitmq");
        var other = system.AddTiny("other").WithHttpEndpoint(name: "machine", env: "Tiny__MachinePort");
        system.AddTiny("tiny").WithReference(tinyDb).WithReference(plainDb).WithReference(redis).WithReference(rabbit).WithReference(other).WithEnvironment("Other__Url", other.GetEndpoint("http"))
            .WaitFor(tinyDb).WaitFor(plainDb).WaitFor(redis).WaitFor(rabbit).WaitFor(other);

        await system.StartAsync(); // healthy, although nobody forwards

        var report = system.Report.Resources;
        var environment = await system.EnvironmentOfAsync("tiny");
        environment["ConnectionStrings__tinydb"].ShouldContain($";Port={database};");
        environment["ConnectionStrings__plaindb"].ShouldBe(report["plaindb"].ConnectionString);
        environment["ConnectionStrings__redis"].ShouldStartWith($"127.0.0.1:{one},");
        environment["ConnectionStrings__rabbitmq"].ShouldEndWith($"@127.0.0.1:{one}");
        environment["services__other__http__0"].ShouldBe($"http://localhost:{one}");
        environment["Other__Url"].ShouldBe($"http://localhost:{one}");
        environment["services__other__machine__0"].ShouldBe($"http://localhost:{otherListens}");

        report["tinydb"].ConnectionString!.ShouldNotContain($"Port={database};");
        report["redis"].ConnectionString!.ShouldStartWith($"127.0.0.1:{redisListens},");
        report["rabbitmq"].ConnectionString!.ShouldNotEndWith($":{one}");
        (await system.EnvironmentOfAsync("other"))["ASPNETCORE_URLS"].ShouldBe(report["other"].Urls!["http"]);
        (await system.EnvironmentOfAsync("other"))["Tiny__MachinePort"].ShouldBe($"{otherListens}");
    }

    [Fact]
    public async Task A_variable_is_set_for_one_process_or_for_all_and_wins()
    {
        await using var system = new TinySystem(["--set", "tiny:Clock__Offset=-01:00:00", "--set", "tiny:Some__Text=a=b:c", "--set", "*:Ladder=short"]);
        system.AddTiny("tiny").WithEnvironment("Some__Text", "text");
        system.AddTiny("other").WithEnvironment("Some__Text", "text");

        await system.StartAsync();

        var (tiny, other) = (await system.EnvironmentOfAsync("tiny"), await system.EnvironmentOfAsync("other"));
        tiny["Clock__Offset"].ShouldBe("-01:00:00");
        tiny["Some__Text"].ShouldBe("a=b:c");
        other.ShouldNotContainKey("Clock__Offset");
        other["Some__Text"].ShouldBe("text");
        (tiny["Ladder"], other["Ladder"]).ShouldBe(("short", "short"));
    }

    [Theory]
    [InlineData("--port", "tinny=5000", "--port tinny: nothing of that name listens.")]
    [InlineData("--port", "tiny/back=5000", "--port tiny/back: nothing of that name listens.")]
    [InlineData("--via", "postgres=5000", "--via postgres: nothing of that name is reached.")]
    [InlineData("--set", "tinny:A=b", "--set tinny:A: there is no process of that name.")]
    public async Task A_name_that_nobody_has_ends_the_run(string option, string value, string message)
    {
        await using var system = new TinySystem([option, value]);
        system.AddTiny("tiny");
        (await Should.ThrowAsync<LocalRunException>(system.StartAsync)).Message.ShouldBe(message);
        system.Said.ShouldNotContain("ready");
    }

    [Theory]
    [InlineData("--port", "tiny")]
    [InlineData("--port", "tiny=none")]
    [InlineData("--via", "tiny=70000")]
    [InlineData("--via", "=5000")]
    [InlineData("--set", "tiny=a")]
    [InlineData("--set", "tiny:=a")]
    [InlineData("--set", "tiny:A")]
    public void What_cannot_be_read_is_answered_with_its_form(string option, string value) =>
        Should.Throw<LocalRunException>(() => LocalOptions.Parse([option, value], ".")).Message.ShouldStartWith($"{option} {value}: expected NAME");

    [Fact]
    public async Task A_wanted_port_that_is_taken_is_not_exchanged_for_another()
    {
        await using var first = new TinySystem();
        first.Builder.AddRedis("redis");
        await first.StartAsync();
        var taken = first.Report.Resources["redis"].ConnectionString!.Split(':', ',')[1];
        await using var second = new TinySystem(["--port", $"redis={taken}"]);
        second.Builder.AddRedis("redis");

        (await Should.ThrowAsync<InvalidOperationException>(second.StartAsync)).Message.ShouldStartWith($"Redis did not start on port {taken}.");
    }
}
