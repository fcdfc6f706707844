using System.Text.RegularExpressions;
using PatientHub.Proving.Fuzz;
using PatientHub.Proving.Tests.Support;

namespace PatientHub.Proving.Tests;

/// <summary>The small form; the long one is <c>-- fuzz</c>.</summary>
public sealed partial class FuzzTests(ProvingHub proving)
{
    [Fact]
    public async Task Checklist_124_random_requests_meet_no_fault()
    {
        // A limit hides what is behind it: there are only so many requests of a session that get through here. How fast it went is nobody's business in a test.
        var report = await FuzzRun.RunAsync(await proving.HubAsync(), new FuzzOptions(2_000, Seed: 124, AtOnce: 4) { People = 12, Hang = TimeSpan.FromSeconds(30) }, TestContext.Current.CancellationToken);
        report.Failed.ShouldBe(0, report.ToString());
        report.Requests.ShouldBe(2_000);
        report.Throttled.ShouldBeLessThan(400, report.ToString());
        report.Taken.ShouldBeGreaterThan(400, report.ToString());
    }

    [Fact] // A route that is added without its random requests is red here.
    public void Every_route_from_outside_gets_random_requests()
    {
        var gateway = Path.Combine(Folders.Root, "gateway", "PatientHub.Gateway");
        var pages = Directory.GetFiles(Path.Combine(gateway, "Pages"), "*.cshtml", SearchOption.AllDirectories).SelectMany(page => PageRoute().Matches(File.ReadAllText(page)).Select(match => match.Groups[1].Value));
        var proxied = ProxyRoute().Matches(File.ReadAllText(Path.Combine(gateway, "Proxy", "Routes.cs"))).Select(match => match.Groups[1].Value);
        var routes = pages.Concat(proxied).ToList();
        routes.Count.ShouldBeGreaterThan(40);
        foreach (var route in routes)
        {
            var wanted = new Regex($"^{Regex.Replace(Regex.Replace(route, @"/\{\*\*[a-z]+\}$", "(/.*)?"), @"\{[a-zA-Z]+(:[a-z]+)?\}", "[^/]+")}$");
            FuzzRoutes.All.ShouldContain(known => wanted.IsMatch(known.Path.Split('?', StringSplitOptions.None)[0]), route);
        }
    }

    [Fact]
    public void The_same_seed_and_number_make_the_same_request()
    {
        var known = new KnownValues { Values = new Dictionary<string, string[]> { ["source"] = ["a", "b"] } };
        var (one, two, other) = (new RequestMaker(5, known), new RequestMaker(5, known), new RequestMaker(6, known));
        var lines = Enumerable.Range(0, 500).Select(number => one.Make(number).ToLine(5)).ToList();
        Enumerable.Range(0, 500).Select(number => two.Make(number).ToLine(5)).ShouldBe(lines);
        Enumerable.Range(0, 500).Count(number => other.Make(number).ToLine(5) == lines[number]).ShouldBeLessThan(50);
    }

    [Theory]
    [InlineData(500, "text/plain", "")]
    [InlineData(200, "text/html", "<p><script>fz1</script></p>")]
    [InlineData(404, "text/html", "<a title=\"\"><img src=x onerror=fz()>\">")]
    [InlineData(400, "application/json", "System.InvalidOperationException: no\n   at PatientHub.Letters.Features.X.HandleAsync(")]
    public void The_judge_sees_a_fault(int status, string type, string text) =>
        new FuzzAnswer(status, type, "", text, TimeSpan.Zero, false).Fault(new RequestMaker(1, new KnownValues { Values = new Dictionary<string, string[]>() }).Make(1), TimeSpan.FromSeconds(5)).ShouldNotBeNull();

    [Fact]
    public void The_judge_takes_a_broken_version_of_HTTP_for_what_it_is()
    {
        var maker = new RequestMaker(1, new KnownValues { Values = new Dictionary<string, string[]>() });
        var (whole, broken) = (Enumerable.Range(1, 500).Select(number => maker.Make(number)).First(request => request.Raw is null), Enumerable.Range(1, 500).Select(number => maker.Make(number)).First(request => request.Raw is not null));
        var answer = new FuzzAnswer(505, "", "", "", TimeSpan.Zero, false);
        answer.Fault(broken, TimeSpan.FromSeconds(5)).ShouldBeNull();
        answer.Fault(whole, TimeSpan.FromSeconds(5)).ShouldNotBeNull("nobody broke this one");
    }

    [GeneratedRegex("^@page \"([^\"]+)\"", RegexOptions.Multiline)]
    private static partial Regex PageRoute();

    [GeneratedRegex("(?:Public|Machine)\\(\"[a-z-]+\", \"([^\"]+)\"")]
    private static partial Regex ProxyRoute();
}
