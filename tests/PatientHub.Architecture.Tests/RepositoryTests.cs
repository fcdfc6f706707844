using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace PatientHub.Architecture.Tests;

/// <summary>Rules about the repository itself.</summary>
public sealed partial class RepositoryTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    [Fact]
    public void Package_versions_are_exact()
    {
        foreach (var line in File.ReadLines(Path.Combine(Root, "Directory.Packages.props")).Where(line => line.Contains("<PackageVersion", StringComparison.Ordinal)))
            ExactVersion().IsMatch(line).ShouldBeTrue(line.Trim());
        foreach (var project in Projects())
            Version().IsMatch(File.ReadAllText(project)).ShouldBeFalse($"{project} has a version of its own: versions are central");
    }

    [Fact]
    public void Every_service_has_a_page_that_explains_it()
    {
        foreach (var project in Projects().Where(project => project.Contains("/services/", StringComparison.Ordinal) && !project.Contains(".Contracts", StringComparison.Ordinal)))
            File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "README.md")).ShouldBeTrue($"{project} has no README.md beside it");
    }

    [Fact]
    public void Programs_read_like_a_table_of_contents()
    {
        foreach (var program in Directory.EnumerateFiles(Path.Combine(Root, "services"), "Program.cs", SearchOption.AllDirectories))
            File.ReadLines(program).Count().ShouldBeLessThan(30, program);
    }

    [Fact] // design section 8: switches that weaken a guarantee are compiled out of Release
    public void Only_a_debug_build_can_be_sabotaged()
    {
        var file = Path.Combine(Root, "services", "BuildingBlocks", "PatientHub.Messaging", "Sabotage.cs");
        var text = File.ReadAllText(file);
        ReleasePartOf(text).ShouldNotContain("Environment.");
        ReleasePartOf(text).ShouldContain("Has(string word) => false;");
        ReleasePartOf("before\n#if DEBUG\ndebug\n#else\nEnvironment.X\n#endif\nafter").ShouldContain("Environment.", customMessage: "the rule sees a guilty file");
        foreach (var code in Directory.EnumerateFiles(Path.Combine(Root, "services"), "*.cs", SearchOption.AllDirectories).Where(code => code != file))
            File.ReadAllText(code).ShouldNotContain("PATIENTHUB_SABOTAGE", customMessage: code);
    }

    [Fact] // a connection goes back to the pool as it is: what a session keeps, the next user of it would have
    public void No_service_leaves_anything_in_a_session_of_PostgreSQL()
    {
        foreach (var code in Directory.EnumerateFiles(Path.Combine(Root, "services"), "*.cs", SearchOption.AllDirectories))
            SessionState().Match(File.ReadAllText(code)).Value.ShouldBeEmpty(code);
        foreach (var guilty in (string[])["select pg_advisory_lock(1)", "select pg_try_advisory_lock(1)", "\"listen changes\"", "create temp table t()", "\"set statement_timeout = 1\"", "set session authorization x", "select set_config('a', 'b', false)"])
            SessionState().IsMatch(guilty).ShouldBeTrue(guilty);
        SessionState().IsMatch("\"set local lock_timeout = 1\" select pg_advisory_xact_lock(1), set_config('a', 'b', true)").ShouldBeFalse();
    }

    [Fact] // Npgsql uses a connection's reader again: disposed twice, it takes the rows of whoever has the connection by then
    public void Nobody_disposes_twice_of_what_is_disposed_of_at_the_end_of_its_block()
    {
        foreach (var code in Directory.EnumerateFiles(Path.Combine(Root, "services"), "*.cs", SearchOption.AllDirectories))
            DisposedTwice().Match(File.ReadAllText(code)).Value.ShouldBeEmpty(code);
        DisposedTwice().IsMatch("await using var reader = await command.ExecuteReaderAsync(ct);\n        await reader.DisposeAsync();").ShouldBeTrue();
        DisposedTwice().IsMatch("await using var reader = await command.ExecuteReaderAsync(ct);\n        await other.DisposeAsync();").ShouldBeFalse();
    }

    private static string ReleasePartOf(string code) => DebugPart().Replace(code, "$1");

    private static IEnumerable<string> Projects() => Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
        .Where(project => !project.Contains("/node_modules/", StringComparison.Ordinal));

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    [GeneratedRegex(@"#if DEBUG.*?#else(.*?)#endif", RegexOptions.Singleline)]
    private static partial Regex DebugPart();

    [GeneratedRegex("""pg_(try_)?advisory_lock(_shared)?\(|"listen [a-z_]+|create (temp|temporary) |set session |"set (?!local )[a-z_]+ ?(=|to )|set_config\([^)]*false\)""", RegexOptions.IgnoreCase)]
    private static partial Regex SessionState();

    [GeneratedRegex(@"using (?:var|\w+) (\w+) = .*?\b\1\.(?:Dispose|DisposeAsync|Close|CloseAsync)\(\)", RegexOptions.Singleline)]
    private static partial Regex DisposedTwice();

    [GeneratedRegex("""Version="\[?\d+(\.\d+)+\]?"\s*/>""")]
    private static partial Regex ExactVersion();

    [GeneratedRegex("""<PackageReference[^>]*\sVersion=""")]
    private static partial Regex Version();
}
