using System.Text.RegularExpressions;
using PatientHub.Appointments.Contracts;
using PatientHub.Simulators.Pas;

namespace PatientHub.Simulators.Tests;

/// <summary>The seeds are public and run on anybody's machine: nobody real may be in them.</summary>
public sealed class SeedTests
{
    private static readonly PasRegister Register = new(TimeProvider.System);
    private static readonly IReadOnlyList<PersonView> People = PeopleView.All(Register);

    [Fact]
    public void Every_mobile_number_is_one_for_drama() =>
        Register.Patients.SelectMany(patient => patient.Mobiles.Select(mobile => mobile.Number).Append(patient.Parent?.Mobile)).OfType<string>()
            .ShouldAllBe(number => Regex.IsMatch(Messages.Destination.Normalise(number), @"^\+447700900\d{3}$"));

    [Fact]
    public void Every_landline_is_one_for_drama() =>
        Register.Patients.Select(patient => patient.Landline).OfType<string>().Concat(PeopleView.Clinics.Select(clinic => clinic.Phone))
            .ShouldAllBe(number => Regex.IsMatch(number, @"^0113 496 0\d{3}$"));

    [Fact]
    public void Every_email_address_ends_in_an_example_domain() =>
        Register.Patients.Select(patient => patient.Email).OfType<string>().ShouldAllBe(email => Regex.IsMatch(email, @"@example\.(com|org|net)$"));

    [Fact]
    public void Every_NHS_number_starts_with_9_and_passes_its_check_digit()
    {
        var numbers = Register.Patients.Select(patient => patient.NhsNumber).OfType<string>().ToList();
        numbers.ShouldBeUnique();
        foreach (var number in numbers)
        {
            number.Length.ShouldBe(10);
            number[0].ShouldBe('9');
            var check = 11 - number.Take(9).Select((digit, index) => (digit - '0') * (10 - index)).Sum() % 11;
            (check == 11 ? 0 : check).ShouldBe(number[9] - '0', number);
        }
    }

    [Fact]
    public void There_is_a_clinic_in_every_mode_and_one_that_nobody_has_configured()
    {
        var modes = PeopleView.Clinics.Select(clinic => clinic.Mode).ToList();
        foreach (var mode in Enum.GetValues<ClinicMode>())
            modes.ShouldContain(mode);
        modes.ShouldContain((ClinicMode?)null);
    }

    [Fact]
    public void The_trust_has_everybody_that_the_story_needs()
    {
        People.GroupBy(person => (person.Mobile, person.Born)).Count(group => group.Key.Mobile is not null && group.Count() == 2).ShouldBe(2); // twins, duplicates
        People.ShouldContain(person => person.Mobile == null && person.Email != null); // email only
        People.ShouldContain(person => person.Mobile == null && person.Email == null); // nothing but post
        Register.Patients.ShouldContain(patient => patient.LettersOnly);
        Register.Patients.ShouldContain(patient => patient.Restricted);
        Register.Patients.ShouldContain(patient => patient.Deceased != null);
        Register.Patients.ShouldContain(patient => patient.Parent != null);
        Register.Patients.ShouldContain(patient => patient.WrittenFormat == "11");
        Register.Patients.ShouldContain(patient => patient.WrittenFormat == "12");
        foreach (var medium in Enum.GetValues<AppointmentMedium>())
            Register.Appointments.ShouldContain(appointment => appointment.Medium == medium);
    }

    [Fact]
    public void Appointments_lie_at_every_distance()
    {
        var now = TimeProvider.System.GetUtcNow();
        var days = Register.Appointments.Select(appointment => (appointment.Start - now).TotalDays).ToList();
        days.ShouldContain(away => away > 0 && away < 2);
        days.ShouldContain(away => away > 2.5 && away < 5);
        days.ShouldContain(away => away > 8 && away < 14);
        days.ShouldContain(away => away > 20 && away < 24);
        days.ShouldContain(away => away > 85);
        days.ShouldContain(away => away < 0 && away > -700);
        days.ShouldContain(away => away < -740); // beyond 24 months
    }

    [Fact]
    public void Ids_say_nothing_about_the_person()
    {
        foreach (var patient in Register.Patients)
        {
            patient.Id.ShouldMatch(@"^P\d+$");
            Register.Appointments.Where(appointment => appointment.PatientId == patient.Id).ShouldAllBe(appointment => Regex.IsMatch(appointment.Id, @"^A\d+-\d{8}-\d$"));
        }
    }

    [Fact]
    public void Another_days_seeds_book_anew_instead_of_moving_what_was_booked()
    {
        var monday = new PasRegister(new At(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero)));
        var tuesday = new PasRegister(new At(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero)));
        var both = monday.Appointments.Join(tuesday.Appointments, appointment => appointment.Id, appointment => appointment.Id, (first, second) => (first, second)).ToList();
        both.ShouldNotBeEmpty(); // history stays where it is
        both.ShouldAllBe(pair => pair.first.Start == pair.second.Start);
    }

    [Fact]
    public void The_same_day_gives_the_same_feed()
    {
        var morning = new PasRegister(new At(new DateTimeOffset(2026, 11, 23, 0, 30, 0, TimeSpan.Zero)));
        var evening = new PasRegister(new At(new DateTimeOffset(2026, 11, 23, 23, 30, 0, TimeSpan.Zero)));
        morning.Appointments.ShouldBe(evening.Appointments);
        morning.Documents.Select(document => (document.Id, Pdf(morning, document))).ShouldBe(evening.Documents.Select(document => (document.Id, Pdf(evening, document))));

        static string Pdf(PasRegister register, PasDocument document) => Convert.ToHexString(LetterPdf.Of(document, register.Patient(document.PatientId)!));
    }

    [Theory]
    [InlineData("2026-03-28T12:00:00Z")] // the clocks go forward tomorrow
    [InlineData("2026-10-24T12:00:00Z")] // and back
    public void Clock_times_are_Londons_on_both_sides_of_a_change(string now)
    {
        var register = new PasRegister(new At(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));
        var london = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
        var tomorrow = register.Appointments.Single(appointment => appointment.PatientId == "P100104");
        TimeZoneInfo.ConvertTime(tomorrow.Start, london).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture).ShouldBe("08:45");
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
