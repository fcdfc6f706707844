using System.Text;
using System.Text.Json.Nodes;
using PatientHub.Proving.Actors;

namespace PatientHub.Proving.Fuzz;

/// <summary>FHIR resources that are right, and the same with other things in their places; the real UK Core examples in XML among them.</summary>
public static class FhirValues
{
    private static readonly InventedPeople Invented = new(seed: 8);

    private static readonly (string Type, string Xml)[] Examples = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Examples"), "*.xml").Order()
        .Select(file => (Path.GetFileName(file).Split('-')[1], File.ReadAllText(file)))];

    public static FuzzBody Patient(Dice dice) => Json(dice, Invented.Person(9_950 + dice.Below(40)).ToFhir(), "Patient");

    public static FuzzBody Appointment(Dice dice)
    {
        var booking = Invented.Booking(Invented.Person(9_950 + dice.Below(40))) with { Status = dice.Pick(["booked", "booked", "cancelled", "fulfilled", "noshow", "proposed"]), LastUpdated = new DateTimeOffset(2026, 11, 26, dice.Below(24), dice.Below(60), 0, TimeSpan.Zero) };
        return Json(dice, booking.ToFhir(), "Appointment");
    }

    public static FuzzBody Document(Dice dice) => Json(dice, new JsonObject
    {
        ["resourceType"] = "DocumentReference",
        ["status"] = dice.Pick(["current", "superseded", "entered-in-error"]),
        ["type"] = new JsonObject { ["text"] = dice.Text() },
        ["subject"] = new JsonObject { ["reference"] = "Patient/" + dice.Value("source") },
        ["date"] = dice.Instant(),
        ["content"] = new JsonArray(new JsonObject
        {
            ["attachment"] = new JsonObject
            {
                ["contentType"] = dice.Pick(["application/pdf", "text/html", "text/plain", "image/svg+xml"]),
                ["data"] = Convert.ToBase64String(dice.Chance(50) ? "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>"u8.ToArray() : Encoding.UTF8.GetBytes("<p>" + dice.Text() + "</p>")),
                ["title"] = dice.Text(),
            },
        }),
        ["context"] = new JsonObject { ["related"] = new JsonArray(new JsonObject { ["reference"] = "Appointment/" + dice.Value("source") }) },
    }, "DocumentReference");

    public static FuzzBody Location(Dice dice) => Json(dice, new JsonObject
    {
        ["resourceType"] = "Location",
        ["name"] = dice.Text(),
        ["position"] = new JsonObject { ["latitude"] = dice.Below(90), ["longitude"] = -dice.Below(180) },
        ["address"] = new JsonObject { ["line"] = new JsonArray(dice.Text()), ["postalCode"] = "LS9 7TF" },
    }, "Location");

    public static FuzzBody Service(Dice dice) => Json(dice, new JsonObject { ["resourceType"] = "HealthcareService", ["name"] = dice.Text(), ["active"] = dice.Chance(80) }, "HealthcareService");

    public static FuzzBody Task(Dice dice) => Json(dice, new JsonObject
    {
        ["resourceType"] = "Task",
        ["status"] = dice.Pick(["in-progress", "completed", "cancelled", "requested"]),
        ["intent"] = "order",
        ["businessStatus"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["code"] = dice.Pick(["done", "kept", "not-reached", "x"]) }) },
    }, "Task");

    /// <summary>A few resources in one Bundle, each as broken as alone.</summary>
    public static FuzzBody Batch(Dice dice)
    {
        var entries = Enumerable.Range(0, dice.Below(5)).Select(_ =>
        {
            var (type, make) = dice.Pick<(string, Func<Dice, FuzzBody>)>([("Appointment", Appointment), ("Appointment", Appointment), ("Patient", Patient), ("Location", Location), ("HealthcareService", Service), ("DocumentReference", Document)]);
            var id = dice.Value("source");
            var body = make(dice);
            var resource = body.ContentType == "application/fhir+json" ? Encoding.UTF8.GetString(body.Bytes) : "null";
            var entry = new JsonObject { ["request"] = new JsonObject { ["method"] = dice.Pick(["PUT", "PUT", "PUT", "PUT", "POST", "DELETE"]), ["url"] = dice.Chance(90) ? $"{type}/{id}" : dice.Text() } }.ToJsonString();
            return $"{{\"resource\":{resource},{entry[1..]}";
        });
        var bytes = Encoding.UTF8.GetBytes($"{{\"resourceType\":\"Bundle\",\"type\":\"{dice.Pick(["batch", "batch", "batch", "batch", "transaction"])}\",\"entry\":[{string.Join(',', entries)}]}}");
        return new FuzzBody("application/fhir+json", dice.Chance(15) ? dice.Broken(bytes) : bytes);
    }

    private static FuzzBody Json(Dice dice, JsonObject resource, string type)
    {
        var id = dice.Drawn.TryGetValue("source", out var source) ? source : dice.Drawn.GetValueOrDefault("task", "x");
        var examples = Examples.Where(example => example.Type == type).ToList();
        if (examples.Count > 0 && dice.Chance(25))
        {
            // The id of the example is put right, so that more of it is read than its id.
            var xml = System.Text.RegularExpressions.Regex.Replace(dice.Pick(examples).Xml, "<id value=\"[^\"]*\"", $"<id value=\"{System.Security.SecurityElement.Escape(id)}\"");
            var bytes = Encoding.UTF8.GetBytes(xml);
            return new FuzzBody("application/fhir+xml", dice.Chance(60) ? dice.Broken(bytes) : bytes);
        }
        resource["id"] = id;
        for (var times = dice.Pick([0, 0, 0, 1, 1, 2, 4]); times > 0; times--)
        {
            var places = Places(resource).ToList();
            var (holder, name) = dice.Pick(places);
            holder[name] = dice.Below(5) switch { 0 => null, 1 => new JsonObject(), 2 => new JsonArray(), 3 => JsonValue.Create(dice.Below(9)), _ => JsonValue.Create(dice.Text()) };
        }
        var json = Encoding.UTF8.GetBytes(resource.ToJsonString());
        return new FuzzBody("application/fhir+json", dice.Chance(10) ? dice.Broken(json) : json);
    }

    private static IEnumerable<(JsonObject Holder, string Name)> Places(JsonNode? node) => node switch
    {
        JsonObject holder => holder.SelectMany(property => Places(property.Value).Prepend((holder, property.Key))),
        JsonArray list => list.SelectMany(Places),
        _ => [],
    };
}
