using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PatientHub.AppHost.Local.Engine;
using PatientHub.AppHost.Local.Servers;

namespace PatientHub.AppHost.Tests;

/// <summary>AppHost.cs is compiled against real Aspire elsewhere, and what is published never contains the simulated outside world.</summary>
public sealed partial class AppHostFileTests
{
    /// <summary>Seen to compile against Aspire 13.5.2, or plain .NET.</summary>
    private static readonly string[] Allowed =
    [
        "CreateBuilder", "AddDockerComposeEnvironment", "AddParameter", "AddPostgres", "AddDatabase", "AddRedis", "AddRabbitMQ", "WithManagementPlugin", "WithDataVolume",
        "AddProject", "WithArgs", "WithReference", "WaitFor", "WaitForCompletion", "WithHttpEndpoint", "WithExternalHttpEndpoints", "WithHttpHealthCheck", "WithEnvironment",
        "GetEndpoint", "Build", "Run", "Contains",
    ];

    private static readonly string AppHostFolder = FindAppHostFolder();

    [Fact]
    public void AppHost_uses_only_calls_known_to_compile_against_aspire() =>
        ForbiddenCalls(File.ReadAllText(Path.Combine(AppHostFolder, "AppHost.cs"))).ShouldBeEmpty();

    [Fact]
    public void The_check_of_the_calls_sees_a_foreign_call() =>
        ForbiddenCalls("builder.AddProject(\"a\", \"b\")\n    .WithMagic<int>(1).WithArgs(\"x\");").ShouldBe(["WithMagic"]);

    [Fact]
    public async Task Simulators_and_shortened_times_are_absent_from_what_is_published()
    {
        var published = await ManifestAsync();

        published.ShouldContainKey("gateway");
        published.Select(r => r.Key).ShouldNotContain(name => name.Contains("simulator", StringComparison.Ordinal));
        var text = published.ToJsonString();
        foreach (var local in (string[])["imulators", "Development", "Ladder__", "QuietHours__", "Digest__", "Batches__", "private-key", "Clock__"])
        {
            text.ShouldNotContain(local);
        }
        published["identity"]!["env"]!["Tokens__SigningKey"]!.GetValue<string>().ShouldBe("{token-signing-key.value}");
        published["gateway"]!["env"]!["PublicBaseUrl"]!.GetValue<string>().ShouldBe("{public-base-url.value}");
        published["postal"]!["env"]!["Print__Sftp__HostKeySha256"]!.GetValue<string>().ShouldBe("{print-sftp-host-key.value}");
        published["print-sftp-host"]!["inputs"]!["value"]!["default"]!["value"]!.GetValue<string>().ShouldBeEmpty();
        published["gateway"]!["bindings"]!["http"]!["external"]!.GetValue<bool>().ShouldBeTrue();
        published["letters"]!["bindings"]!["http"]!["external"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public void Every_project_of_the_model_waits_for_every_migration()
    {
        // Read from the text: a service that is added later without its migration starts before its queues exist, and loses messages silently.
        var text = File.ReadAllText(Path.Combine(AppHostFolder, "AppHost.cs"));
        var migrations = MigrationName().Matches(text).Select(m => m.Groups["variable"].Value).ToArray();
        migrations.Length.ShouldBeGreaterThanOrEqualTo(5);
        migrations.ShouldAllBe(name => text.Contains($".WaitForCompletion({name})", StringComparison.Ordinal));
    }

    [Fact]
    public void Debug_and_release_of_the_solution_leave_the_aspire_project_alone()
    {
        var solution = File.ReadAllText(Path.Combine(AppHostFolder, "..", "PatientHub.sln"));
        var id = AspireProject().Match(solution).Groups["id"].Value;
        id.ShouldNotBeEmpty();
        solution.ShouldContain($"{id}.Aspire|Any CPU.Build.0");
        solution.ShouldNotContain($"{id}.Debug|Any CPU.Build.0");
        solution.ShouldNotContain($"{id}.Release|Any CPU.Build.0");
    }

    private static string[] ForbiddenCalls(string text) =>
        [.. Call().Matches(Comment().Replace(text, "")).Select(m => m.Groups["name"].Value).Where(name => !Allowed.Contains(name)).Distinct()];

    private static async Task<JsonObject> ManifestAsync()
    {
        var program = Path.Combine(AppHostFolder, "Local", "bin", LocalOptions.Configuration, LocalOptions.Framework, "PatientHub.AppHost.Local.dll");
        var file = Path.GetTempFileName();
        await ChildProcess.RunAsync(new ChildCommand("dotnet", program, "--publisher", "manifest", "--output-path", file), TestContext.Current.CancellationToken);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        File.Delete(file);
        return manifest["resources"]!.AsObject();
    }

    private static string FindAppHostFolder([CallerFilePath] string file = "") => Path.GetFullPath("../../PatientHub.AppHost", Path.GetDirectoryName(file)!);

    [GeneratedRegex(@"\.(?<name>\w+)(<[^>]*>)?\(")]
    private static partial Regex Call();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"var (?<variable>\w+) = builder\.AddProject\(""[a-z]+-migrate""")]
    private static partial Regex MigrationName();

    [GeneratedRegex(@"= ""PatientHub\.AppHost"", ""PatientHub\.AppHost\\PatientHub\.AppHost\.csproj"", ""(?<id>\{[0-9A-F-]+\})""")]
    private static partial Regex AspireProject();
}
