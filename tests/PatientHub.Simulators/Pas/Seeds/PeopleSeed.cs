using PatientHub.Appointments.Contracts;
using static PatientHub.Simulators.Pas.Seeds.Booking;
using static PatientHub.Simulators.Pas.Seeds.TrustSeed;

namespace PatientHub.Simulators.Pas.Seeds;

/// <summary>A seeded person with everything the PAS knows about them.</summary>
/// <param name="Patient">The record.</param>
/// <param name="Bookings">Appointments, days counted from today.</param>
/// <param name="Letters">Letters without an appointment: title and paragraphs.</param>
internal sealed record Person(PasPatient Patient, Booking[] Bookings, (string Title, string[] Paragraphs)[] Letters);

/// <summary>
/// The people of the trust. Mobile numbers are Ofcom's for drama (07700 900xxx), email addresses end in example.*, NHS numbers start with 9 and pass
/// their check digit; the streets are invented.
/// </summary>
internal static class PeopleSeed
{
    public static readonly Person[] People =
    [
        // ---- A start for newcomers ----
        Is("P100101", "Carter", "Amy", "Ms", "1985-03-14", "female", "9990001014", "12 Orchard Row", "LS17 7ZZ",
            "Start here: a mobile and an email, three appointments that can be accepted, rebooked and cancelled, some history",
            person => person with { Mobiles = [new("07700 900101")], Email = "amy.carter@example.com" },
            InDays(21, Dermatology, "10:30"), InDays(90, Physiotherapy, "14:00").By(AppointmentMedium.Video), InDays(35, Orthopaedics, "9:15"),
            MonthsAgo(3, Dermatology, "11:00"), MonthsAgo(20, Eyes, "9:40")),
        Is("P100102", "Okafor", "Brian", "Mr", "1958-11-02", "male", "9990001111", "3 Mill Lane", "LS8 2ZZ",
            "Mobile only; one appointment in ten days",
            person => person with { Mobiles = [new("07700900102")] },
            InDays(10, Orthopaedics, "9:00")),

        // ---- Near and far ----
        Is("P100103", "Nguyen", "Chloe", "Miss", "1992-07-21", "female", "9990001219", "Flat 4, 9 Canal Street", "LS11 5ZZ",
            "Appointment in four days: no change online any more, only the phone number (R21)",
            person => person with { Mobiles = [new("+44 7700 900103")], Email = "chloe@example.org" },
            InDays(4, Dermatology, "15:20")),
        Is("P100104", "Hughes", "Daniel", "Mr", "1971-01-30", "male", "9990001316", "28 Beacon Hill", "LS12 4ZZ",
            "Appointment tomorrow: too near for the ladder (A22)",
            person => person with { Mobiles = [new("07700 900104")] },
            Tomorrow(Physiotherapy, "8:45")),

        // ---- Ways to reach people ----
        Is("P100105", "Marsh", "Edith", "Mrs", "1939-05-09", "female", "9990001413", "1 Church View", "LS15 8ZZ",
            "Letters only, as the PAS says: everything goes by post at once, though a mobile is on record (R9)",
            person => person with { Mobiles = [new("07700 900105")], LettersOnly = true },
            InDays(24, Eyes, "10:00")),
        Is("P100106", "Siddiqui", "Farah", "Dr", "1979-12-12", "female", "9990001510", "77 Park Road", "LS6 1ZZ",
            "Email only: invitation and code by email",
            person => person with { Email = "farah.siddiqui@example.net" },
            InDays(21, Dermatology, "9:10"), InDays(40, Diabetes, "13:30")),
        Is("P100107", "Whitfield", "George", "Mr", "1944-08-17", "male", "9990001618", "5 Station Cottages", "LS26 8ZZ",
            "A landline and nothing else: post at once (R9)",
            person => person with { Landline = "0113 496 0507" },
            InDays(21, Orthopaedics, "11:45")),
        Is("P100108", "Adeyemi", "Victor", "Mr", "1966-02-03", "male", "9990001715", "40 Field End", "LS10 3ZZ",
            "His mobile turns out to be a landline (30006); the email works: the other channel is tried at once (A18), codes go by email",
            person => person with { Mobiles = [new("07700 900108")], Email = "victor@example.com" },
            InDays(21, Dermatology, "9:50")),
        Is("P100109", "Fraser", "Wendy", "Mrs", "1983-10-25", "female", "9990001812", "16 Ash Grove", "LS7 3ZZ",
            "Neither mobile nor email works: post at once (A18)",
            person => person with { Mobiles = [new("07700 900109")], Email = "wendy@example.com" },
            InDays(23, Dermatology, "14:10")),
        Is("P100110", "Jensen", "Carl", "Mr", "1990-06-06", "male", "9990002010", "2 Bridge Court", "LS9 8ZZ",
            "Sent STOP to the trust's texts and has no email: post, and no code by text (R14)",
            person => person with { Mobiles = [new("07700 900110")] },
            InDays(25, Physiotherapy, "10:00")),
        Is("P100111", "Desai", "Uma", "Ms", "1987-04-19", "female", "9990002118", "8 Rose Terrace", "LS4 2ZZ",
            "Two mobiles (the first rank gets the texts, either signs in), one of long ago (neither), and an email",
            person => person with { Mobiles = [new("07700 900112", 2), new("07700 900111", 1), new("07700 900113", 3, Old: true)], Email = "uma.desai@example.com" },
            InDays(28, Physiotherapy, "16:30").By(AppointmentMedium.Telephone)),

        // ---- Children and families ----
        Is("P100112", "Jenkins", "Ruth", "Mrs", "1988-09-01", "female", "9990002215", "31 Meadow Way", "LS16 6ZZ",
            "Holly's mother, a patient herself, with the same mobile",
            person => person with { Mobiles = [new("07700 900114")], Email = "ruth.jenkins@example.com" },
            InDays(30, Dermatology, "12:00")),
        Is("P100113", "Jenkins", "Holly", null, "2019-05-14", "female", "9990002312", "31 Meadow Way", "LS16 6ZZ",
            "A child: sign in with the parent's mobile and Holly's date of birth (R16)",
            person => person with { Mobiles = [new("07700 900114")], Parent = new("Jenkins", "Ruth", "07700 900114") },
            InDays(21, TrustSeed.Children, "9:30"), MonthsAgo(6, TrustSeed.Children, "10:15")),
        Is("P100114", "Murray", "Isla", null, "2016-09-03", "female", "9990002517", "6 Quarry Bank", "LS13 2ZZ",
            "Twin of Jack: same mobile, same birthday; the UVC decides (R17, A14)",
            person => person with { Mobiles = [new("07700 900115")], Parent = new("Murray", "Fiona", "07700 900115") },
            InDays(21, TrustSeed.Children, "11:00")),
        Is("P100115", "Murray", "Jack", null, "2016-09-03", "male", "9990002614", "6 Quarry Bank", "LS13 2ZZ",
            "Twin of Isla",
            person => person with { Mobiles = [new("07700 900115")], Parent = new("Murray", "Fiona", "07700 900115") },
            InDays(21, TrustSeed.Children, "11:20")),
        Is("P100116", "Ali", "Yasmin", "Miss", "2011-01-20", "female", "9990002711", "19 Hill Top", "LS8 4ZZ",
            "Fifteen, turns sixteen in January 2027; the mobile on record is her father's (A31)",
            person => person with { Mobiles = [new("07700 900116")], Parent = new("Ali", "Tariq", "07700 900116") },
            InDays(27, TrustSeed.Children, "15:00")),

        // ---- Records ----
        Is("P100117", "Lewis", "Karen", "Mrs", "1975-02-28", "female", "9990002819", "50 Valley Road", "LS28 5ZZ",
            "Registered twice: same mobile, same birthday, two records; the UVC decides which",
            person => person with { Mobiles = [new("07700 900117")] },
            InDays(21, Dermatology, "10:50")),
        Is("P100118", "Lewis", "Karen Ann", "Mrs", "1975-02-28", "female", null, "50 Valley Road", "LS28 5ZZ",
            "Her second record, without an NHS number",
            person => person with { Mobiles = [new("07700 900117")] },
            InDays(33, Physiotherapy, "10:00")),
        Is("P100119", "O'Connor", "Liam", "Mr", "1981-07-07", "male", "9990002916", "11 Harbour Street", "LS1 2ZZ",
            "Restricted (meta.security R): nothing sent, nothing printed, sign-in as for a stranger, an alarmed task (A24)",
            person => person with { Mobiles = [new("07700 900119")], Restricted = true },
            InDays(21, Dermatology, "13:00")),
        Is("P100120", "Hill", "Margaret", "Mrs", "1931-03-03", "female", "9990003017", "4 The Green", "LS25 1ZZ",
            "Has died: nothing sent, nothing printed, no sign-in (A24)",
            person => person with { Mobiles = [new("07700 900120")], Deceased = new DateOnly(2025, 4, 12) },
            InDays(21, Eyes, "9:00")),

        // ---- Reading ----
        Is("P100121", "Rahman", "Nadia", "Ms", "1969-11-11", "female", "9990003114", "23 Elm Street", "LS5 3ZZ",
            "Needs braille: a task at once, never plain print instead (R10)",
            person => person with { Mobiles = [new("07700 900121")], WrittenFormat = "12" },
            InDays(29, Eyes, "10:40")),
        Is("P100122", "Grant", "Oliver", "Mr", "1952-06-30", "male", "9990003211", "14 Low Lane", "LS18 4ZZ",
            "Needs large print",
            person => person with { Mobiles = [new("07700 900122")], WrittenFormat = "11" },
            InDays(22, Orthopaedics, "14:45")),
        Is("P100123", "Martins", "Rosa", "Ms", "1994-01-08", "female", "9990003319", "Flat 12, 60 Wharf Road", "LS10 1ZZ",
            "Speaks Portuguese; one appointment of a hidden clinic (never shown or mentioned) and an ordinary one",
            person => person with { Mobiles = [new("07700 900123")], Email = "rosa@example.com", Language = "pt" },
            InDays(14, SexualHealth, "17:00"), InDays(26, Dermatology, "9:20")),

        // ---- Modes of clinics ----
        Is("P100124", "Patel", "Priya", "Mrs", "1973-08-24", "female", "9990003416", "9 Kestrel Close", "LS17 8ZZ",
            "Accept only: no rebook or cancel online",
            person => person with { Mobiles = [new("07700 900124")] },
            InDays(11, RapidAccess, "8:30")),
        Is("P100125", "Shaw", "Quentin", "Mr", "1962-05-15", "male", "9990003513", "33 Castle Street", "LS19 7ZZ",
            "View only: not invited, sees it when he signs in",
            person => person with { Mobiles = [new("07700 900125")] },
            InDays(18, Dental, "11:10")),
        Is("P100126", "Frost", "Adam", "Mr", "1999-12-31", "male", "9990003610", "7 Windmill Rise", "LS14 3ZZ",
            "Booked into a clinic that nobody has configured: view only and a task",
            person => person with { Mobiles = [new("07700 900126")] },
            InDays(19, Hearing, "9:30")),
        Is("P100127", "Palmer", "Zoe", "Ms", "1996-04-02", "female", "9990003718", "81 Kirk Lane", "LS20 8ZZ",
            "Her clinic goes live next month: not invited",
            person => person with { Mobiles = [new("07700 900127")] },
            InDays(16, Fracture, "10:20")),
        Is("P100128", "Brooks", "Diana", "Mrs", "1955-09-19", "female", "9990003815", "2 Abbey Walk", "LS5 2ZZ",
            "The hospital's own system writes her appointment letter (PDF)",
            person => person with { Mobiles = [new("07700 900128")], Email = "diana.brooks@example.com" },
            InDays(21, Diabetes, "9:00"), InDays(60, Heart, "13:15")),

        // ---- More of life ----
        Is("P100129", "Boateng", "Samuel", "Mr", "1977-10-10", "male", "9990003912", "15 Forge Row", "LS12 1ZZ",
            "A telephone, a video and an ordinary appointment",
            person => person with { Mobiles = [new("07700 900129")], Email = "samuel@example.com" },
            InDays(9, Physiotherapy, "9:00").By(AppointmentMedium.Telephone),
            InDays(23, Physiotherapy, "9:00").By(AppointmentMedium.Video),
            InDays(44, Dermatology, "16:00")),
        Is("P100130", "Lopez", "Xavier", "Mr", "1960-01-01", "male", "9990004013", "18 Weavers Yard", "LS2 7ZZ",
            "History: attended, missed, cancelled by the hospital, and one of 26 months ago that must not be shown (R26)",
            person => person with { Mobiles = [new("07700 900130")] },
            InDays(21, Heart, "10:30"),
            InDays(15, Dermatology, "9:30").With(PasStatus.Cancelled),
            MonthsAgo(2, Heart, "10:00"), MonthsAgo(5, Dermatology, "10:00").With(PasStatus.NoShow), MonthsAgo(23, Eyes, "9:00"), MonthsAgo(26, Eyes, "9:00")),
        Is("P100131", "Ellison", "Tom", "Mr", "1989-03-27", "male", "9990004110", "26 Copper Street", "LS9 6ZZ",
            "No appointment, but a letter of the hospital after a visit: letters have the ladder too (R10)",
            person => person with { Mobiles = [new("07700 900131")], Email = "tom.ellison@example.com" }) with
        {
            Letters =
            [
                ("Letter after your visit",
                [
                    "Thank you for coming to see us.",
                    "Your test results were normal. There is nothing you need to do, and you do not need to come back.",
                    "If you have any questions, please phone us on 0113 496 0101, Monday to Friday, 8am to 6pm.",
                ]),
            ],
        },
    ];

    /// <summary>Numbers and addresses that do not work, in the words of the providers.</summary>
    public static readonly (string Destination, Behaviour.Behaves Behaves)[] Troubles =
    [
        ("+447700900108", Behaviour.Behaves.Landline),
        ("+447700900109", Behaviour.Behaves.Unknown),
        ("wendy@example.com", Behaviour.Behaves.Unknown),
        ("+447700900110", Behaviour.Behaves.Stopped),
    ];

    private static Person Is(
        string id, string family, string given, string? prefix, string born, string gender, string? nhsNumber, string street, string postcode, string story,
        Func<PasPatient, PasPatient> contacts, params Booking[] bookings) =>
        new(
            contacts(new PasPatient
            {
                Id = id,
                Family = family,
                Given = given,
                Prefix = prefix,
                Born = DateOnly.ParseExact(born, "yyyy-MM-dd"),
                Gender = gender,
                NhsNumber = nhsNumber,
                Street = street,
                Postcode = postcode,
                Story = story,
            }),
            bookings,
            []);
}
