using System.Security.Claims;
using System.Text;
using CsCheck;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Fhir.Tests;

public sealed class FhirReaderTests
{
    private const string Secret = "Zephyrine-Quill-07700900999";
    private readonly FhirReader reader = new(Options.Create(new FhirOptions()), TimeProvider.System, NullLogger<FhirReader>.Instance);

    public static TheoryData<string> Examples() => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Examples")).Select(f => Path.GetFileName(f)!)];

    [Theory, MemberData(nameof(Examples))]
    public async Task Uk_Core_example_is_read_as_it_is(string file)
    {
        var xml = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Examples", file), TestContext.Current.CancellationToken);
        reader.TryParse(xml, asXml: true, "any", out var resource, out var issues).ShouldBeTrue(string.Join("; ", issues));
        resource.TypeName.ShouldBe(file.Split('-')[1]);

        // The same resource as JSON is the same resource.
        var json = Encoding.UTF8.GetBytes(FhirJsonSerializer.Default.SerializeToString(resource));
        reader.TryParse(json, asXml: false, "any", out var again, out issues).ShouldBeTrue(string.Join("; ", issues));
        again.IsExactly(resource).ShouldBeTrue();
    }

    [Theory] // Bad input: 4xx that names the element, and no value of the body in the answer.
    [InlineData("""{"resourceType":"Appointment","id":"a","status":"booked","start":"2026-02-31T10:00:00Z","participant":[{"status":"accepted"}]}""", 400, "Appointment.start")]
    [InlineData("""{"resourceType":"Appointment","id":"a","status":"Zephyrine-Quill-07700900999","participant":[{"status":"accepted"}]}""", 400, "Appointment.status")]
    [InlineData("""{"resourceType":"Appointment","id":"a","status":"booked","Zephyrine-Quill-07700900999":"x","participant":[{"status":"accepted"}]}""", 400, "Appointment")]
    [InlineData("""{"resourceType":"Appointment","id":"a","status":"booked","colour":"x","participant":[{"status":"accepted"}]}""", 400, "Appointment.colour")]
    [InlineData("""{"resourceType":"Appointment","id":"a"}""", 400, "Appointment.participant")]
    [InlineData("""{"resourceType":"Appointment","id":"b","status":"booked","participant":[{"status":"accepted"}]}""", 400, "Appointment.id")]
    [InlineData("""{"resourceType":"Appointment","status":"booked","participant":[{"status":"accepted"}]}""", 400, "Appointment.id")]
    [InlineData("""{"resourceType":"Patient","id":"a"}""", 400, "Patient")]
    [InlineData("""{"resourceType":"Zephyrine-Quill-07700900999","id":"a"}""", 400, "Appointment")]
    [InlineData("""{"resourceType":"Appointment","id":"a","status":"booked","participant":[{"status":"accepted"}]} "Zephyrine-Quill-07700900999" """, 400, "Appointment")]
    [InlineData("{\"Zephyrine-Quill-07700900999\":", 400, "Appointment")]
    [InlineData("""{"resourceType":"Appointment","id":"a","status":"booked","comment":"a\u0000b","participant":[{"status":"accepted"}]}""", 400, "Appointment")]
    [InlineData("""{"resourceType":"Appointment","id":"a","status":"booked","comment":"a\ud800b","participant":[{"status":"accepted"}]}""", 400, "Appointment")]
    [InlineData("[]", 400, "Appointment")]
    [InlineData("null", 400, "Appointment")]
    [InlineData("", 400, "Appointment")]
    [InlineData("Zephyrine-Quill-07700900999", 400, "Appointment")]
    public async Task Json_that_is_not_the_resource_is_refused(string body, int status, string element) =>
        await Refuses("application/fhir+json", body, status, element);

    [Theory]
    [InlineData("""<Appointment xmlns="http://hl7.org/fhir"><id value="a"/><status value="booked"/><start value="2026-02-31T10:00:00Z"/><participant><status value="accepted"/></participant></Appointment>""", "Appointment.start")]
    [InlineData("""<Appointment xmlns="http://hl7.org/fhir"><id value="a"/><status value="Zephyrine-Quill-07700900999"/><participant><status value="accepted"/></participant></Appointment>""", "Appointment.status")]
    [InlineData("""<!DOCTYPE x [<!ENTITY a "Zephyrine-Quill-07700900999"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Appointment xmlns="http://hl7.org/fhir"><id value="&b;"/></Appointment>""", "Appointment")]
    [InlineData("""<!DOCTYPE x SYSTEM "file:///etc/passwd"><Appointment xmlns="http://hl7.org/fhir"/>""", "Appointment")]
    [InlineData("""<Patient xmlns="http://hl7.org/fhir"><id value="a"/></Patient>""", "Patient")]
    [InlineData("""<Zephyrine/>""", "Zephyrine")]
    [InlineData("""<Appointment xmlns="http://hl7.org/fhir">""", "Appointment")]
    [InlineData("""<Appointment xmlns="http://hl7.org/fhir"/><Appointment/>""", "Appointment")]
    public async Task Xml_that_is_not_the_resource_is_refused(string body, string element) => await Refuses("application/fhir+xml", body, 400, element);

    [Theory]
    [InlineData(40)]
    [InlineData(10_000)]
    public async Task Deep_nesting_is_refused(int depth)
    {
        var json = "{\"resourceType\":\"Appointment\",\"id\":\"a\",\"extension\":" + string.Concat(Enumerable.Repeat("[{\"url\":\"x\",\"extension\":", depth))
            + "[]" + string.Concat(Enumerable.Repeat("}]", depth)) + "}";
        await Refuses("application/fhir+json", json, 400, "Appointment");

        var xml = "<Appointment xmlns=\"http://hl7.org/fhir\">" + string.Concat(Enumerable.Repeat("<extension url=\"x\">", 2 * depth)) +
            string.Concat(Enumerable.Repeat("</extension>", 2 * depth)) + "</Appointment>";
        await Refuses("application/fhir+xml", xml, 400, "Appointment");
    }

    [Fact] // The narrative's XHTML lies in a JSON string, where no depth limit of the reader reaches it.
    public async Task Deep_or_hostile_narrative_in_json_does_no_harm()
    {
        foreach (var div in new[]
                 {
                     "<div xmlns='http://www.w3.org/1999/xhtml'>" + string.Concat(Enumerable.Repeat("<b>", 100_000)) + string.Concat(Enumerable.Repeat("</b>", 100_000)) + "</div>",
                     "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><div>&b;</div>",
                 })
        {
            var input = await Read("application/fhir+json",
                $$"""{"resourceType":"Appointment","id":"a","text":{"status":"additional","div":"{{div}}"},"status":"booked","participant":[{"status":"accepted"}]}""");
            if (!input.Refused(out var problem)) input.Resource.Id.ShouldBe("a");
            else problem.Status.ShouldBe(400);
        }
    }

    [Fact]
    public async Task Too_large_is_413_with_and_without_a_content_length()
    {
        var body = new string(' ', (1024 * 1024) + 1);
        await Refuses("application/fhir+json", body, 413, null);
        (await Read("application/fhir+json", body, declareLength: false)).Problem!.Status.ShouldBe(413);
    }

    [Fact]
    public async Task A_document_may_be_ten_times_larger()
    {
        var body = $$$"""
            {"resourceType":"DocumentReference","id":"a","status":"current","content":[{"attachment":{"contentType":"application/pdf","data":"{{{Convert.ToBase64String(new byte[3_000_000])}}}"}}]}
            """;
        var input = await reader.ReadAsync<DocumentReference>(Request("application/fhir+json", body, true), "a", TestContext.Current.CancellationToken);
        input.Refused(out _).ShouldBeFalse();
        input.Resource.Content[0].Attachment.Data!.Length.ShouldBe(3_000_000);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    [InlineData("nonsense")]
    public async Task Other_content_types_are_415(string? contentType) => await Refuses(contentType, "{}", 415, null);

    [Fact]
    public async Task Compressed_body_is_415()
    {
        var http = Request("application/fhir+json", "{}", true);
        http.Request.Headers.ContentEncoding = "gzip";
        (await reader.ReadAsync<Appointment>(http, "a", TestContext.Current.CancellationToken)).Problem!.Status.ShouldBe(415);
    }

    [Fact] // A34
    public async Task Version_is_last_updated_else_the_arrival()
    {
        const string end = "\"status\":\"booked\",\"participant\":[{\"status\":\"accepted\"}]}";
        var dated = await Read("application/fhir+json", "{\"resourceType\":\"Appointment\",\"id\":\"a\",\"meta\":{\"lastUpdated\":\"2026-05-01T10:00:00+01:00\"}," + end);
        dated.Version.ShouldBe(new DateTimeOffset(2026, 5, 1, 9, 0, 0, TimeSpan.Zero));
        dated.SourceSystem.ShouldBe("pas");
        var undated = await Read("application/fhir+json", "{\"resourceType\":\"Appointment\",\"id\":\"a\"," + end);
        undated.LastUpdated.ShouldBeNull();
        undated.Version.ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("application/fhir+xml", null, "application/fhir+xml; charset=utf-8")]
    [InlineData("application/fhir+json", null, "application/fhir+json; charset=utf-8")]
    [InlineData("application/fhir+json", "application/fhir+xml", "application/fhir+xml; charset=utf-8")]
    [InlineData("application/fhir+xml", "text/html;q=0.5, application/fhir+json;q=0.9", "application/fhir+json; charset=utf-8")]
    public async Task Outcome_speaks_the_language_asked_for(string sent, string? accept, string expected)
    {
        var http = Request(sent, "x", true);
        http.Request.Headers.Accept = accept;
        http.Response.Body = new MemoryStream();
        await FhirResult.Older("Appointment").ExecuteAsync(http);
        http.Response.ContentType.ShouldBe(expected);
        http.Response.StatusCode.ShouldBe(412);
    }

    [Fact] // Whatever the bytes, the answer is a value and not an exception.
    public void Mutated_bodies_never_throw()
    {
        var xml = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Examples", "UKCore-Appointment-OrthopaedicSurgery-Example.xml"));
        reader.TryParse(xml, true, "Appointment", out var resource, out _).ShouldBeTrue();
        var json = Encoding.UTF8.GetBytes(FhirJsonSerializer.Default.SerializeToString(resource));
        Gen.Select(Gen.Bool, Gen.Int[0, 6000], Gen.Byte, Gen.Int[0, 40], Gen.String[0, 12]).Sample((asXml, at, value, cut, insert) =>
        {
            var bytes = (asXml ? xml : json).ToList();
            at %= bytes.Count;
            bytes[at] = value;
            bytes.RemoveRange(at, Math.Min(cut, bytes.Count - at));
            bytes.InsertRange(at, Encoding.UTF8.GetBytes(insert));
            var good = reader.TryParse(bytes.ToArray(), asXml, "Appointment", out var parsed, out var issues);
            good.ShouldBe(parsed is not null);
            good.ShouldBe(issues.Count == 0);
        }, iter: 1500);
    }

    private async Task Refuses(string? contentType, string body, int status, string? element)
    {
        var input = await Read(contentType, body);
        input.Refused(out var problem).ShouldBeTrue();
        problem!.Status.ShouldBe(status);
        var text = FhirJsonSerializer.Default.SerializeToString(problem.Resource);
        text.ShouldNotContain(Secret);
        text.ShouldNotContain("Quill");
        var outcome = problem.Resource.ShouldBeOfType<OperationOutcome>();
        outcome.Issue.ShouldAllBe(i => i.Severity == OperationOutcome.IssueSeverity.Error && i.Diagnostics!.Length > 0);
        if (element is not null) outcome.Issue.SelectMany(i => i.Expression).ShouldContain(element);
        Should.Throw<InvalidOperationException>(() => input.Resource);
    }

    private Task<FhirInput<Appointment>> Read(string? contentType, string body, bool declareLength = true) =>
        reader.ReadAsync<Appointment>(Request(contentType, body, declareLength), "a", TestContext.Current.CancellationToken);

    private static DefaultHttpContext Request(string? contentType, string body, bool declareLength)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return new DefaultHttpContext
        {
            User = new ClaimsPrincipal(new ClaimsIdentity([new System.Security.Claims.Claim("client_id", "pas")], "test")),
            Request = { ContentType = contentType, Body = new MemoryStream(bytes), ContentLength = declareLength ? bytes.Length : null },
        };
    }
}
