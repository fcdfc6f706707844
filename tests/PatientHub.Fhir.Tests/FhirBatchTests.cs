using System.Security.Claims;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Hl7.Fhir.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Fhir.Tests;

public sealed class FhirBatchTests
{
    private static readonly FhirOptions Limits = new() { MaxBundleEntries = 10, MaxBytes = 2_000, MaxBundleBytes = 40_000 };
    private readonly FhirBatchReader reader = new(
        new FhirReader(Options.Create(Limits), TimeProvider.System, NullLogger<FhirReader>.Instance), Options.Create(Limits), NullLogger<FhirBatch>.Instance);

    [Fact]
    public async Task Every_entry_has_its_own_answer_at_its_own_place()
    {
        var answer = await AnswerAsync(Batch(Put("a"), Put("bad", """{"resourceType":"Appointment","id":"bad","status":"nonsense"}"""), Put("c", url: "Device/c"), Put("other-id", Appointment("x")), Put("e")),
            entries => [.. entries.Select(entry => entry.Read<Appointment>().Problem ?? FhirResult.Taken(created: true))]);
        answer.Select(entry => entry.Response!.Status).ShouldBe(["201 Created", "400 Bad Request", "404 Not Found", "400 Bad Request", "201 Created"]);
        answer[0].Response!.Location.ShouldBe("Appointment/a");
        answer[0].Response!.Outcome.ShouldBeNull();
        Element(answer[1]).ShouldBe("Appointment.status");
        Element(answer[2]).ShouldBe("Bundle.entry[2].request.url");
        Element(answer[3]).ShouldBe("Appointment.id");
        answer[1].Response!.Location.ShouldBeNull();
    }

    [Fact]
    public async Task A_warning_comes_back_and_that_all_is_well_does_not()
    {
        var answer = await AnswerAsync(Batch(Put("a"), Put("b")), entries =>
            [FhirResult.Taken(created: false), FhirResult.Taken(created: false, FhirIssue.Warning(OperationOutcome.IssueType.Incomplete, "Appointment.start", "No start."))]);
        answer[0].Response!.Outcome.ShouldBeNull();
        Element(answer[1]).ShouldBe("Appointment.start");
    }

    [Theory] // What is wrong with an entry is said of the entry; the others are taken.
    [InlineData("""{"request":{"method":"POST","url":"Appointment"},"resource":{}}""", "405 Method Not Allowed", "request.method")]
    [InlineData("""{"request":{"method":"DELETE","url":"Appointment/a"}}""", "405 Method Not Allowed", "request.method")]
    [InlineData("""{"request":{"method":"PUT","url":"Appointment?identifier=7"},"resource":{}}""", "400 Bad Request", "request.url")]
    [InlineData("""{"request":{"method":"PUT","url":"Appointment/../Patient/7"},"resource":{}}""", "400 Bad Request", "request.url")]
    [InlineData("""{"request":{"method":"PUT","url":"Appointment/a","ifMatch":"W/\"1\""},"resource":{}}""", "400 Bad Request", "request")]
    [InlineData("""{"request":{"method":"PUT","url":"Appointment/a"}}""", "400 Bad Request", "resource")]
    [InlineData("""{"fullUrl":"urn:uuid:0a9e2b5e-4f0a-4d0e-9d0f-0d0d0d0d0d0d"}""", "405 Method Not Allowed", "request.method")]
    [InlineData("""{"request":{"method":"PUT","url":"Appointment/a"},"resource":"LARGE"}""", "413 Payload Too Large", "resource")]
    public async Task An_entry_that_cannot_be_taken_says_why(string entry, string status, string element)
    {
        var answer = await AnswerAsync(Batch(entry.Replace("LARGE", new string('x', 3_000), StringComparison.Ordinal), Put("good")), entries => [.. entries.Select(_ => FhirResult.Taken(created: false))]);
        answer.Select(one => one.Response!.Status).ShouldBe([status, "200 OK"]);
        Element(answer[0]).ShouldBe("Bundle.entry[0]." + element);
    }

    [Theory] // A Bundle that is not right as a whole is refused as a whole: what is misspelt must not pass for empty.
    [InlineData("""{"resourceType":"Bundle","type":"transaction"}""", 400, "Bundle.type")]
    [InlineData("""{"resourceType":"Bundle","type":"batch","entries":[]}""", 400, "Bundle.entries[0]")]
    [InlineData("""{"resourceType":"Bundle","type":"batch","entry":{}}""", 400, null)]
    [InlineData("""{"resourceType":"Bundle","type":"batch","entry":[null]}""", 400, null)]
    [InlineData("""{"resourceType":"Bundle","type":"batch","entry":[7]}""", 400, null)]
    [InlineData("""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"PUT"},"resource":{}}]}""", 400, "Bundle.entry[0].request.url")]
    [InlineData("""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"PUT","url":"Appointment/a"},"resource":{}}],"entry":[]}""", 400, null)]
    [InlineData("""{"resourceType":"Bundle"}""", 400, "Bundle.type")]
    [InlineData("""{"resourceType":"Appointment","id":"a"}""", 400, null)]
    [InlineData("[]", 400, "Bundle")]
    [InlineData("", 400, "Bundle")]
    [InlineData("{\"resourceType\":", 400, "Bundle")]
    [InlineData("DEEP", 400, "Bundle")]
    [InlineData("LARGE", 413, null)]
    [InlineData("MANY", 413, "Bundle.entry")]
    public async Task A_bundle_that_cannot_be_read_is_refused_whole(string body, int status, string? element)
    {
        body = body switch
        {
            "DEEP" => $$"""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"PUT","url":"Appointment/a"},"resource":{{string.Concat(Enumerable.Repeat("{\"a\":", 5_000))}}1{{new string('}', 5_000)}}}]}""",
            "LARGE" => Batch(new string(' ', 50_000)),
            "MANY" => Batch([.. Enumerable.Range(0, 11).Select(number => Put($"{number}"))]),
            _ => body,
        };
        var batch = await ReadAsync(body);
        batch.Refused(out var problem).ShouldBeTrue();
        problem!.Status.ShouldBe(status);
        var outcome = problem.Resource.ShouldBeOfType<OperationOutcome>();
        if (element is not null) outcome.Issue.SelectMany(issue => issue.Expression).ShouldContain(element);
    }

    [Fact]
    public async Task An_empty_batch_has_an_empty_answer() =>
        (await AnswerAsync("""{"resourceType":"Bundle","type":"batch"}""", _ => throw new InvalidOperationException("There is nothing to take."))).ShouldBeEmpty();

    [Fact]
    public async Task Xml_is_415_because_only_json_is_taken_apart()
    {
        var http = Request("<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"batch\"/></Bundle>");
        http.Request.ContentType = "application/fhir+xml";
        (await reader.ReadAsync(http, TestContext.Current.CancellationToken)).Problem!.Status.ShouldBe(415);
    }

    [Fact]
    public async Task Of_one_id_twice_the_first_is_taken_first()
    {
        var rounds = new List<string>();
        var answer = await AnswerAsync(Batch(Put("a"), Put("b"), Put("a"), Put("c"), Put("a")), entries =>
        {
            rounds.Add(string.Join(' ', entries.Select(entry => entry.Id)));
            return [.. entries.Select(_ => FhirResult.Taken(created: rounds.Count == 1))];
        });
        rounds.ShouldBe(["a b c", "a", "a"]);
        answer.Select(entry => entry.Response!.Status).ShouldBe(["201 Created", "201 Created", "200 OK", "201 Created", "200 OK"]);
    }

    [Fact]
    public async Task What_cannot_be_taken_together_is_taken_one_by_one_and_a_defect_is_one_entrys()
    {
        var sizes = new List<int>();
        var answer = await AnswerAsync(Batch(Put("a"), Put("b"), Put("c"), Put("d")), entries =>
        {
            sizes.Add(entries.Count);
            return entries.Any(entry => entry.Id == "b") ? throw new InvalidOperationException("b") : [.. entries.Select(_ => FhirResult.Taken(created: true))];
        }, together: 3);
        sizes.ShouldBe([3, 1, 1, 1, 1]);
        answer.Select(entry => entry.Response!.Status).ShouldBe(["201 Created", "500 Internal Server Error", "201 Created", "201 Created"]);
    }

    [Fact] // An outage is said of each entry that was not taken, and what is left does not wait for it in vain.
    public async Task In_an_outage_what_was_not_taken_is_503()
    {
        var asked = 0;
        var answer = await AnswerAsync(Batch(Put("a"), Put("b"), Put("c"), Put("d"), Put("e")), entries =>
            ++asked == 1 ? [.. entries.Select(_ => FhirResult.Taken(created: true))] : throw new TimeoutException(), together: 2);
        answer.Select(entry => entry.Response!.Status).ShouldBe(["201 Created", "201 Created", "503 Service Unavailable", "503 Service Unavailable", "503 Service Unavailable"]);
        asked.ShouldBe(3);
    }

    [Fact] // Whatever the bytes, the answer is a value and not an exception.
    public void Mutated_bundles_never_throw()
    {
        var body = Encoding.UTF8.GetBytes(Batch(Put("a"), Put("b"), Put("c")));
        Gen.Select(Gen.Int[0, 6000], Gen.Byte, Gen.Int[0, 40], Gen.String[0, 12]).Sample((at, value, cut, insert) =>
        {
            var bytes = body.ToList();
            at %= bytes.Count;
            bytes[at] = value;
            bytes.RemoveRange(at, Math.Min(cut, bytes.Count - at));
            bytes.InsertRange(at, Encoding.UTF8.GetBytes(insert));
            var batch = reader.ReadAsync(Request([.. bytes]), CancellationToken.None).GetAwaiter().GetResult();
            if (!batch.Refused(out _)) batch.AnswerAsync([Taker(entries => [.. entries.Select(entry => entry.Read<Appointment>().Problem ?? FhirResult.Taken(created: true))], 100)], CancellationToken.None).GetAwaiter().GetResult();
        }, iter: 1000);
    }

    private async Task<List<Bundle.EntryComponent>> AnswerAsync(string body, Func<IReadOnlyList<FhirBatchEntry>, IReadOnlyList<FhirResult>> take, int together = 100)
    {
        var batch = await ReadAsync(body);
        batch.Refused(out var problem).ShouldBeFalse(problem is null ? "" : string.Join("; ", ((OperationOutcome)problem.Resource).Issue.Select(issue => issue.Diagnostics)));
        var answer = await batch.AnswerAsync([Taker(take, together)], TestContext.Current.CancellationToken);
        answer.Status.ShouldBe(200);
        var bundle = answer.Resource.ShouldBeOfType<Bundle>();
        bundle.Type.ShouldBe(Bundle.BundleType.BatchResponse);
        return bundle.Entry;
    }

    private static FhirTaker Taker(Func<IReadOnlyList<FhirBatchEntry>, IReadOnlyList<FhirResult>> take, int together) => new("Appointment", together, entries => Task.FromResult(take(entries)));

    private static string Element(Bundle.EntryComponent entry) => entry.Response!.Outcome.ShouldBeOfType<OperationOutcome>().Issue[0].Expression.First()!;

    private Task<FhirBatch> ReadAsync(string body) => reader.ReadAsync(Request(body), TestContext.Current.CancellationToken);

    private static string Batch(params string[] entries) => $$"""{"resourceType":"Bundle","type":"batch","entry":[{{string.Join(',', entries)}}]}""";

    private static string Put(string id, string? resource = null, string? url = null) =>
        $$"""{"fullUrl":"https://pas.example/fhir/Appointment/{{id}}","resource":{{resource ?? Appointment(id)}},"request":{ "method":"PUT","url":"{{url ?? $"Appointment/{id}"}}" } }""";

    private static string Appointment(string id) =>
        new JsonObject { ["resourceType"] = "Appointment", ["id"] = id, ["status"] = "booked", ["participant"] = new JsonArray(new JsonObject { ["status"] = "accepted" }) }.ToJsonString();

    private static DefaultHttpContext Request(string body) => Request(Encoding.UTF8.GetBytes(body));

    private static DefaultHttpContext Request(byte[] body) => new()
    {
        User = new ClaimsPrincipal(new ClaimsIdentity([new System.Security.Claims.Claim("client_id", "pas")], "test")),
        Request = { ContentType = "application/fhir+json", Body = new MemoryStream(body), ContentLength = body.Length },
    };
}
