using System.Globalization;

namespace PatientHub.Proving.Actors;

/// <summary>
/// People and appointments out of a seed: the same seed gives the same ones. Every fourth has mobile and email, every fourth an email only, the others a mobile only.
/// Emails end in example.org; mobiles are 07700 91xxxx to 99xxxx, behind Ofcom's thousand for drama (which the simulators' people use); NHS numbers begin with 9 and
/// pass their check digit.
/// </summary>
public sealed class InventedPeople(int seed)
{
    private const int MostPeople = 10_000;
    private static readonly string[] GivenNames = ["Ada", "Bert", "Cora", "Dev", "Elsa", "Finn", "Gwen", "Hugo", "Ines", "Joel", "Kira", "Lars", "Mona", "Nils", "Olga", "Paul"];
    private static readonly string[] FamilyNames = ["Ashdown", "Birch", "Clay", "Dale", "Elmwood", "Field", "Grove", "Heath", "Islay", "Jessop", "Kemp", "Lark", "Marlow", "Nash", "Orton", "Pike"];

    // Nine groups of ten thousand: two seeds share numbers only if they share a group.
    private readonly int _group = 1 + (int)((uint)seed % 9);

    /// <summary>So many people, from that number on.</summary>
    public IEnumerable<PasPerson> People(int count, int from = 0) => Enumerable.Range(from, count).Select(Person);

    public PasPerson Person(int number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, MostPeople);
        var random = new Random(HashCode(number));
        var (given, family) = (GivenNames[random.Next(GivenNames.Length)], FamilyNames[random.Next(FamilyNames.Length)]);
        return new PasPerson
        {
            SourceId = string.Create(CultureInfo.InvariantCulture, $"R{seed}-{number:00000}"),
            Given = given,
            Family = family,
            Born = new DateOnly(1930, 1, 1).AddDays(random.Next(76 * 365)),
            Gender = number % 2 == 0 ? "female" : "male",
            NhsNumber = NhsNumber((_group * MostPeople) + number),
            Mobile = number % 4 == 2 ? null : string.Create(CultureInfo.InvariantCulture, $"07700 9{_group}{number:0000}"),
            Email = number % 4 is 0 or 2 ? string.Create(CultureInfo.InvariantCulture, $"{given}.{family}.{seed}.{number}@example.org").ToLowerInvariant() : null,
            Street = string.Create(CultureInfo.InvariantCulture, $"{1 + (number % 200)} Orchard Row"),
            LastUpdated = Midnight,
        };
    }

    /// <summary>Their <paramref name="which"/>th appointment: in a clinic of mode Full, 10 to 89 days from now, within working hours, never on a weekend.</summary>
    public PasBooking Booking(PasPerson person, int which = 1)
    {
        var random = new Random(HashCode(int.Parse(person.SourceId.Split('-')[^1], CultureInfo.InvariantCulture)) + which);
        var day = DateOnly.FromDateTime(Midnight.UtcDateTime).AddDays(10 + random.Next(80));
        day = day.DayOfWeek switch { DayOfWeek.Saturday => day.AddDays(2), DayOfWeek.Sunday => day.AddDays(1), _ => day };
        return new PasBooking
        {
            SourceId = string.Create(CultureInfo.InvariantCulture, $"{person.SourceId}-{which}"),
            PatientSourceId = person.SourceId,
            Clinic = HospitalClinic.Full[random.Next(HospitalClinic.Full.Count)],
            Start = new DateTimeOffset(day.ToDateTime(new TimeOnly(9 + random.Next(7), 5 * random.Next(12))), TimeSpan.Zero),
            Created = DateOnly.FromDateTime(Midnight.UtcDateTime),
            LastUpdated = Midnight,
        };
    }

    /// <summary>The first version of everything: what the feed stamps later is newer.</summary>
    private static DateTimeOffset Midnight => new(DateTimeOffset.UtcNow.Date, TimeSpan.Zero);

    // Not System.HashCode: that one differs from process to process.
    private int HashCode(int number) => unchecked((seed * 397) ^ (number * 7919));

    /// <summary>Nine digits from 945 on and their check digit (modulus 11). A remainder of 10 has none: then the neighbour's block of spare numbers is used.</summary>
    private static string NhsNumber(int number)
    {
        for (var nine = 945_000_000 + number; ; nine += 1_000_000)
        {
            var digits = nine.ToString(CultureInfo.InvariantCulture);
            var check = (11 - (digits.Select((digit, at) => (digit - '0') * (10 - at)).Sum() % 11)) % 11;
            if (check < 10)
            {
                return digits + check.ToString(CultureInfo.InvariantCulture);
            }
        }
    }
}
