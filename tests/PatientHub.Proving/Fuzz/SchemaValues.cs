using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace PatientHub.Proving.Fuzz;

/// <summary>Random JSON out of the schema of a contract: mostly right, here and there something else in its place.</summary>
public static class SchemaValues
{
    /// <summary>Words that are right where a rule asks for more than a text.</summary>
    private static readonly Dictionary<string, string> Right = new()
    {
        ["body"] = "<p>Phone us on {{clinicPhone}}.</p>",
        ["title"] = "Your appointment",
        ["phone"] = "0113 496 0199",
        ["displayName"] = "A clinic",
        ["modeSince"] = "2025-11-26T00:00:00Z",
        ["letterTemplate"] = "standard",
    };

    public static Func<Dice, FuzzBody> Of<T>()
    {
        var schema = JsonSerializerOptions.Web.GetJsonSchemaAsNode(typeof(T));
        return dice =>
        {
            var json = Encoding.UTF8.GetBytes(Value(dice, schema, "")?.ToJsonString() ?? "null");
            return new FuzzBody("application/json", dice.Chance(8) ? dice.Broken(json) : json);
        };
    }

    private static JsonNode? Value(Dice dice, JsonNode schema, string name)
    {
        if (dice.Chance(5))
        {
            return Anything(dice);
        }
        if (Right.TryGetValue(name, out var right) && dice.Chance(60))
        {
            return right;
        }
        if (schema["enum"] is JsonArray words)
        {
            return words[dice.Below(words.Count)]?.DeepClone();
        }
        var types = schema["type"] is JsonArray several ? several.Select(type => type!.GetValue<string>()).ToArray() : [schema["type"]?.GetValue<string>() ?? "object"];
        return dice.Pick(types) switch
        {
            "object" when schema["properties"] is JsonObject properties => Object(dice, properties),
            "array" => new JsonArray([.. Enumerable.Range(0, dice.Below(4)).Select(_ => Value(dice, schema["items"] ?? schema, name))]),
            "integer" or "number" => JsonNode.Parse(dice.Chance(80) ? dice.Pick<string>(name == "revision" ? ["0", "0", "0", "1"] : ["1", "1", "1", "0", "2", "3"]) : dice.Pick(["-1", "2147483647", "99999999999", "1.5", "1e400"])),
            "boolean" => dice.Chance(50),
            "null" => null,
            "string" => Text(dice, schema["format"]?.GetValue<string>(), name),
            _ => Anything(dice),
        };
    }

    private static JsonObject Object(Dice dice, JsonObject properties)
    {
        var value = new JsonObject();
        foreach (var (name, schema) in properties)
        {
            if (dice.Chance(92))
            {
                value[name] = Value(dice, schema!, name);
            }
        }
        if (dice.Chance(5))
        {
            value[dice.Text()] = Anything(dice);
        }
        return value;
    }

    // letterId is a letter's: the last word but "Id" names what exists.
    private static string Text(Dice dice, string? format, string name) => format switch
    {
        "uuid" => dice.Value(name.EndsWith("Id", StringComparison.Ordinal) ? name[..^2].ToLowerInvariant() : name),
        "date-time" => dice.Instant(),
        "date" => dice.Instant().Split('T')[0],
        _ => dice.Text(),
    };

    private static JsonNode? Anything(Dice dice)
    {
        if (dice.Chance(5))
        {
            JsonNode deep = new JsonArray();
            for (var depth = dice.Below(60); depth > 0; depth--)
            {
                deep = new JsonArray(deep);
            }
            return deep;
        }
        return dice.Pick<Func<JsonNode?>>([() => null, () => dice.Text(), () => 0, () => true, () => new JsonObject(), () => new JsonArray(1, "2", null), () => JsonNode.Parse("123456789012345678901234567890")])();
    }
}
