using PatientHub.Proving.Actors;

namespace PatientHub.Proving.Tests;

public sealed class InventedPeopleTests
{
    [Fact]
    public void The_same_seed_gives_the_same_people_and_another_seed_others()
    {
        var people = new InventedPeople(4).People(200).ToArray();
        new InventedPeople(4).People(200).ShouldBe(people);
        new InventedPeople(4).Booking(people[7], 2).ShouldBe(new InventedPeople(4).Booking(people[7], 2));
        new InventedPeople(5).People(200).Select(person => person.Mobile ?? person.Email).ShouldNotContain(contact => people.Any(person => person.Mobile == contact || person.Email == contact));
    }

    [Fact]
    public void Nobody_shares_a_number_and_everybody_can_be_reached()
    {
        var people = new InventedPeople(1).People(10_000).ToArray();
        people.Select(person => person.NhsNumber).ShouldBeUnique();
        people.Select(person => person.SourceId).ShouldBeUnique();
        people.Select(person => person.CodesGoTo).ShouldBeUnique();
        people.ShouldAllBe(person => person.CodesGoTo != null);
        people.Where(person => person.Mobile is not null).ShouldAllBe(person => person.CodesGoTo!.StartsWith("+4477009", StringComparison.Ordinal) && person.CodesGoTo.Length == 13);
    }

    [Fact]
    public void Nhs_numbers_begin_with_nine_and_pass_their_check_digit() => new InventedPeople(3).People(1_000).ShouldAllBe(person =>
        person.NhsNumber!.Length == 10 && person.NhsNumber[0] == '9' && person.NhsNumber.Select((digit, at) => (digit - '0') * (10 - at)).Take(9).Sum() % 11 == (11 - (person.NhsNumber[9] - '0')) % 11);

    [Fact]
    public void Appointments_are_on_working_days_within_three_months()
    {
        var invented = new InventedPeople(2);
        foreach (var booking in invented.People(500).Select(person => invented.Booking(person)))
        {
            booking.Start.DayOfWeek.ShouldNotBeOneOf(DayOfWeek.Saturday, DayOfWeek.Sunday);
            booking.Start.ShouldBeInRange(DateTimeOffset.UtcNow.AddDays(9), DateTimeOffset.UtcNow.AddDays(93));
        }
    }
}
