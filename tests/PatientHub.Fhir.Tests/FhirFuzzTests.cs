using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PatientHub.Testing;

namespace PatientHub.Fhir.Tests;

/// <summary>The real UK Core examples, broken at random: always an outcome, never an exception, never a hang.</summary>
public sealed class FhirFuzzTests
{
    private static readonly string[] Literals =
    [
        "null", "true", "0", "-1", "1e400", "123456789012345678901234567890", "\"\"", "\" \"", "\"2026-02-31\"", "\"0000-00-00T99:99:99Z\"", "\"9999-12-31T23:59:59+14:00\"", "[]", "{}", "[null]", "[[[]]]",
        "{\"extension\":[{}]}", "\"\\ud83d\\ude00\"", "\"<script>\"", "\"urn:uuid:\"", "{\"resourceType\":\"Bundle\"}", "\"../../etc\"", "\"data:;base64,####\"",
    ];
    private static readonly string[] Names = ["id", "resourceType", "extension", "_birthDate", "contained", "value", "valueString", "url", "reference", "text", "meta", "telecom", "start", "data"];

    private readonly FhirReader reader = new(Options.Create(new FhirOptions()), TimeProvider.System, NullLogger<FhirReader>.Instance);
    private readonly (string Type, byte[] Xml, byte[] Json)[] examples;

    public FhirFuzzTests() => examples = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Examples")).Order().Select(file =>
    {
        var xml = File.ReadAllBytes(file);
        reader.TryParse(xml, true, "any", out var resource, out _).ShouldBeTrue();
        return (resource!.TypeName, xml, Encoding.UTF8.GetBytes(FhirJsonSerializer.Default.SerializeToString(resource)));
    })];

    [Fact]
    public void Bytes_cut_spliced_and_overwritten() => Gen.Select(
        Gen.Int[0, 99], Gen.Int[0, 99], Gen.Bool, Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Byte.Array[0, 8]).Array[1, 4]).Sample((one, other, asXml, changes) =>
    {
        var bytes = Bytes(one, asXml).ToList();
        var donor = Bytes(other, asXml);
        foreach (var (kind, from, to, noise) in changes)
        {
            var (at, end) = ((int)(from * bytes.Count), (int)(to * donor.Length));
            if (kind == 0) bytes.RemoveRange(at, bytes.Count - at); // truncated
            else if (kind == 1) bytes = [.. bytes[..at], .. donor[end..]]; // spliced
            else if (kind == 2) bytes.InsertRange(at, noise);
            else if (kind == 3) bytes.RemoveRange(at, Math.Min(noise.Length + 1, bytes.Count - at));
            else if (kind == 4) bytes.InsertRange(at, bytes[..at]); // said twice
            else for (var i = 0; i < noise.Length && at + i < bytes.Count; i++) bytes[at + i] = noise[i];
        }

        Outcome([.. bytes], asXml, examples[one % examples.Length].Type);
    }, iter: Fuzz.Cases(4_000));

    [Fact]
    public void Json_with_other_things_in_its_places() => Gen.Select(Gen.Int[0, 99], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 10_000], Gen.OneOf(Literals), Gen.OneOf(Names)).Array[1, 5]).Sample((which, changes) =>
    {
        var root = JsonNode.Parse(Bytes(which, asXml: false))!;
        foreach (var (kind, at, literal, name) in changes)
        {
            var nodes = Inside(root).ToList();
            if (nodes.Count == 0) break;
            var node = nodes[at % nodes.Count];
            if (kind == 0) Replace(node, JsonNode.Parse(literal));
            else if (kind == 1) Replace(node, nodes[at * 31 % nodes.Count].DeepClone());
            else if (kind == 2 && node is JsonObject holder) holder[name] = JsonNode.Parse(literal);
            else if (node.Parent is JsonObject parent) parent.Remove(node.GetPropertyName());
        }

        Outcome(Encoding.UTF8.GetBytes(root.ToJsonString()), asXml: false, examples[which % examples.Length].Type);
    }, iter: Fuzz.Cases(4_000));

    [Fact]
    public void Deep_and_huge_bodies() => Gen.Select(Gen.Int[0, 99], Gen.Bool, Gen.Int[0, 6], Gen.Int[1, 400_000]).Sample((which, asXml, kind, size) =>
    {
        var text = Encoding.UTF8.GetString(Bytes(which, asXml));
        var middle = text.LastIndexOf(asXml ? '<' : '}');
        string Many(string part) => new StringBuilder().Insert(0, part, size / part.Length + 1).ToString();
        var inserted = (kind, asXml) switch
        {
            (0, true) => Many("<extension>"),
            (0, false) => ",\"extension\":" + Many("[{\"extension\":"),
            (1, true) => $"<!--{new string('-', size)}-->",
            (1, false) => "," + new string(' ', size),
            (2, true) => $"<language value=\"{new string('x', size)}\"/>",
            (2, false) => $",\"language\":\"{new string('x', size)}\"",
            (3, true) => Many("<identifier><value value=\"1\"/></identifier>"),
            (3, false) => ",\"identifier\":[" + Many("{\"value\":\"1\"},") + "{}]",
            (4, true) => Many("<contained><Patient/></contained>"),
            (4, false) => ",\"contained\":[" + Many("{\"resourceType\":\"Patient\"},") + "{}]",
            (5, true) => Many("&#9;"),
            (5, false) => ",\"implicitRules\":\"" + Many("\\u00e9") + "\"",
            (_, true) => $"<birthDate value=\"{new string('1', size)}\"/><start value=\"{new string('9', size)}\"/>",
            (_, false) => $",\"birthDate\":\"{new string('1', size)}\",\"start\":\"{new string('9', size)}\",\"minutesDuration\":{new string('9', size)}",
        };
        Outcome(Encoding.UTF8.GetBytes(text.Insert(Math.Max(0, middle), inserted)), asXml, examples[which % examples.Length].Type);
    }, iter: Fuzz.Cases(40));

    private byte[] Bytes(int which, bool asXml) => asXml ? examples[which % examples.Length].Xml : examples[which % examples.Length].Json;

    private void Outcome(byte[] body, bool asXml, string type)
    {
        var clock = Stopwatch.StartNew();
        var good = reader.TryParse(body, asXml, type, out var resource, out var issues);
        clock.Elapsed.ShouldBeLessThan(Fuzz.Hang, $"{body.Length} bytes");
        good.ShouldBe(resource is not null);
        good.ShouldBe(issues.Count == 0);
        foreach (var issue in issues)
        {
            issue.Severity.ShouldBe(OperationOutcome.IssueSeverity.Error);
            issue.Element.ShouldNotBeNull().ShouldMatch(@"^[A-Za-z_]+[0-9]{0,2}(\[[0-9]+\])?(\.[A-Za-z_]+[0-9]{0,2}(\[[0-9]+\])?)*\z");
        }
    }

    private static IEnumerable<JsonNode> Inside(JsonNode node) => node switch
    {
        JsonObject holder => holder.Where(p => p.Value is not null).SelectMany(p => Inside(p.Value!).Prepend(p.Value!)),
        JsonArray list => list.Where(item => item is not null).SelectMany(item => Inside(item!).Prepend(item!)),
        _ => [],
    };

    private static void Replace(JsonNode node, JsonNode? with)
    {
        if (node.Parent is JsonObject holder) holder[node.GetPropertyName()] = with;
        else if (node.Parent is JsonArray list) list[node.GetElementIndex()] = with;
    }
}
