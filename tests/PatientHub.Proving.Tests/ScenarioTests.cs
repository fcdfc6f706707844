using PatientHub.Proving.Scenarios;

namespace PatientHub.Proving.Tests;

/// <summary>The quick scenarios of the checklist, one after the other on one hub; each is judged by the checker. The others run by command (README).</summary>
public sealed class ScenarioTests(ProvingHub proving)
{
    public static TheoryData<int, string> Quick => [.. Catalogue.All.Where(entry => entry.Quick).Select(entry => (entry.Number, entry.Title))];

    [Theory]
    [MemberData(nameof(Quick))]
    public async Task Checklist(int number, string title)
    {
        var entry = Catalogue.All.Single(entry => entry.Number == number && entry.Title == title);
        var result = await (await proving.RunAsync()).RunAsync(entry, seed: 1);
        result.Passed.ShouldBeTrue(result.ToString());
    }
}
