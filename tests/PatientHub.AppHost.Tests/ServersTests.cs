using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using PatientHub.AppHost.Local.Servers;
using PatientHub.Testing;

[assembly: CaptureConsole]

namespace PatientHub.AppHost.Tests;

public sealed class ServersTests
{
    [Fact]
    public async Task Postgres_comes_back_after_kill_with_its_port_and_data()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        var connectionString = await server.CreateDatabaseAsync("kept");
        await ExecuteAsync(connectionString, "create table t (n int); insert into t values (42)");

        await server.KillAsync();
        server.IsRunning.ShouldBeFalse();
        await server.StartAsync();

        NpgsqlConnection.ClearAllPools();
        (await ExecuteAsync(connectionString, "select n from t")).ShouldBe(42);
    }

    [Fact]
    public async Task RabbitMq_comes_back_after_kill_with_its_port_and_virtual_hosts()
    {
        await using var server = new RabbitMqServer();
        await server.StartAsync();
        var uri = new Uri(await server.CreateVirtualHostAsync("kept"));
        uri.AbsolutePath.ShouldBe("/kept");
        var port = server.Port;

        await server.KillAsync();
        await server.StartAsync();

        server.Port.ShouldBe(port);
        using var answer = await server.ManagementAsync(HttpMethod.Get, "/api/vhosts/kept");
        (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["name"]!.GetValue<string>().ShouldBe("kept");
    }

    [Fact]
    public async Task Two_redis_live_side_by_side()
    {
        await using var one = new RedisServer();
        await using var two = new RedisServer();
        await Task.WhenAll(one.StartAsync(), two.StartAsync());
        one.Port.ShouldNotBe(two.Port);
        await one.KillAsync();
        one.IsRunning.ShouldBeFalse();
        two.IsRunning.ShouldBeTrue();
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    [Fact] // one that nobody heard of left a whole system waiting for its PostgreSQL
    public async Task Every_child_is_heard_of_however_soon_it_ends()
    {
        var ends = Enumerable.Range(0, 100).Select(async _ =>
        {
            using var child = await ChildProcess.StartAsync(new ChildCommand("true"));
            return await child.Exited.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        });
        (await Task.WhenAll(ends)).ShouldAllBe(code => code == 0);
    }
}
