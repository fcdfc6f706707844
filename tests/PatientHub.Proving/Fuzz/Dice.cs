using System.Globalization;
using System.Text;

namespace PatientHub.Proving.Fuzz;

/// <summary>All chance of one request: the same seed and number throw the same request again.</summary>
public sealed class Dice(int seed, long number, KnownValues known)
{
    /// <summary>What a page must never send back as it came.</summary>
    public const string Marker = "<script>fz";

    private static readonly string[] Nasty =
    [
        "", " ", "0", "-1", "2147483648", "9223372036854775808", "1e309", "NaN", "null", "true", "[]", "{}", "undefined", "../../../etc/passwd", "..\\..\\", "%00", "\0", "\r\nX-Fuzz-Injected: 1", "\n", "\t",
        Marker + "1</script>", "\"><img src=x onerror=fz()>", "'\"" + Marker + "2", "javascript:fz()", "{{7*7}}{{#each this}}", "${7*7}", "' or 1=1 --", "1;drop table patient", "%s%n%x", "\uFFFF", "\u202Eabc", "\u0000\u0001\u001F",
        "é", "日本語", "😀😀😀", "ﷺ", "İıßſ", "a\u0301\u0301\u0301", "2026-02-31", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999+14:00", "29/02/2025", "07700 900123", "+44 (0)7700 900123", "robin@example.org",
        "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}", "W/\"1\"", "*", "application/fhir+xml", "=", "&", ";", ",", "/", "//", "?", "#", "+", "%", "\\",
    ];

    private readonly Random _random = new(unchecked((seed * 397) ^ (int)number ^ (int)(number >> 32)));

    /// <summary>What was drawn for the names in the path: a FHIR body carries the same id.</summary>
    public Dictionary<string, string> Drawn { get; } = [];

    public int Below(int limit) => _random.Next(limit);

    public bool Chance(int percent) => _random.Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];

    public byte[] Bytes(int most)
    {
        var bytes = new byte[_random.Next(most + 1)];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A word that breaks things, or noise.</summary>
    public string Text() => _random.Next(12) switch
    {
        0 => new string(Pick(Nasty).FirstOrDefault('x'), 1 + _random.Next(3_000)),
        1 => Encoding.Latin1.GetString(Bytes(40)),
        2 => string.Concat(Enumerable.Range(0, _random.Next(30)).Select(_ => (char)_random.Next(1, 0xD800))),
        3 => Pick(Nasty) + Pick(Nasty),
        4 => Number(),
        5 => $"{Marker}{_random.Next(1000)}</script>",
        _ => Pick(Nasty),
    };

    public string Number() => Pick(["0", "1", "2", "3", "-1", "5", "31", "1984", "2147483647", "-2147483648", "99999999999", "1.5", "1e3", "007"]);

    /// <summary>A value for a name: mostly one that exists, else one of the right form, else anything.</summary>
    public string Value(string name)
    {
        var values = known.Of(name);
        var value = _random.Next(10) switch
        {
            < 4 when KnownValues.Own.Contains(name) => $"_own.{name}_",
            < 6 when values.Length > 0 => Pick(values),
            < 8 => Uuid().ToString(),
            8 => Pick(values.Length > 0 ? values : ["x"]).ToUpperInvariant(),
            _ => Text(),
        };
        return Drawn[name] = value;
    }

    public Guid Uuid()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public string Instant() => Chance(20) ? Text() : new DateTimeOffset(2026, 11, 26, 9, 0, 0, TimeSpan.Zero).AddMinutes(_random.Next(-2_000_000, 2_000_000)).ToString("O", CultureInfo.InvariantCulture);

    /// <summary>A few bytes changed, cut out, doubled or put in.</summary>
    public byte[] Broken(byte[] bytes)
    {
        var broken = bytes.ToList();
        for (var times = 1 + _random.Next(4); times > 0; times--)
        {
            var at = _random.Next(broken.Count + 1);
            switch (_random.Next(4))
            {
                case 0:
                    broken.InsertRange(at, Bytes(8));
                    break;
                case 1:
                    broken.RemoveRange(at, Math.Min(_random.Next(20), broken.Count - at));
                    break;
                case 2:
                    broken.InsertRange(at, broken[at..Math.Min(broken.Count, at + 200)]);
                    break;
                default:
                    broken.InsertRange(at, Encoding.UTF8.GetBytes(Text()));
                    break;
            }
        }
        return [.. broken];
    }
}
