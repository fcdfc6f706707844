using CsCheck;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Tests;

/// <summary>
/// A22 against an oracle that knows none of our code: it walks forward, day by day, from each possible hand-over, as a letter does. Every instant lies in the years that
/// the bank holidays cover.
/// </summary>
public sealed class DeadlinePropertyTests
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
    private static readonly DateTimeOffset First = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Gen<DateTimeOffset> Instants = Gen.Int[0, 60 * 24 * 540].Select(minutes => First.AddMinutes(minutes));
    private static readonly Gen<int> Notices = Gen.Int[0, 21];

    // Typed from gov.uk/bank-holidays (England and Wales), apart from the file that the product reads.
    private static readonly HashSet<DateOnly> BankHolidays =
    [
        new(2026, 1, 1), new(2026, 4, 3), new(2026, 4, 6), new(2026, 5, 4), new(2026, 5, 25), new(2026, 8, 31), new(2026, 12, 25), new(2026, 12, 28),
        new(2027, 1, 1), new(2027, 3, 26), new(2027, 3, 29), new(2027, 5, 3), new(2027, 5, 31), new(2027, 8, 30), new(2027, 12, 27), new(2027, 12, 28),
    ];

    [Fact]
    public void Last_safe_posting_is_the_last_cut_off_from_which_the_letter_still_arrives() => Gen.Select(Instants, Notices, Gen.Enum<Postage>()).Sample((start, notice, postage) =>
    {
        var last = LastSafePosting.For(start, notice, postage);
        var day = DateOnly.FromDateTime(InLondon(last).DateTime);
        InLondon(last).TimeOfDay.ShouldBe(new TimeSpan(17, 30, 0));
        Works(day).ShouldBeTrue("the print house takes nothing on other days");
        Arrives(day, postage).ShouldBeLessThanOrEqualTo(Needed(start, notice));
        // One working day later it would come too late.
        Arrives(Next(day), postage).ShouldBeGreaterThan(Needed(start, notice));
    }, iter: 20_000);

    [Fact]
    public void Class_is_the_cheapest_that_still_arrives_and_none_is_said_when_none_does() => Gen.Select(Instants, Gen.Int[-60 * 24 * 20, 60 * 24 * 40], Notices).Sample((start, minutes, notice) =>
    {
        var handOver = start.AddMinutes(-Math.Abs(minutes));
        var expected = ((Postage[])[Postage.Economy, Postage.Standard, Postage.First])
            .Select(postage => (Postage?)postage).FirstOrDefault(postage => Arrives(TakenOn(handOver), postage!.Value) <= Needed(start, notice));
        LastSafePosting.Cheapest(handOver, start, notice).ShouldBe(expected);
        LastSafePosting.PostageFor(handOver, start, notice).ShouldBe(expected ?? Postage.First);
    }, iter: 20_000);

    [Fact] // the ladder is shortened, or the letter goes at once: never later than booking + 96 h, never later than safe while safe can be kept
    public void Deadline_is_the_earlier_of_the_ladder_and_the_last_safe_posting() => Gen.Select(Instants, Gen.Int[1, 60 * 24 * 90], Notices).Sample((booked, ahead, notice) =>
    {
        var start = booked.AddMinutes(ahead);
        var facts = new AppointmentFacts { AppointmentId = Guid.CreateVersion7() };
        facts.Take(State(booked, start, notice));
        var deadline = Deadline.ForAppointment(facts, new LadderTimes(TimeSpan.FromHours(72), TimeSpan.FromHours(96)), booked, booked);

        deadline.DueAt.ShouldBeLessThanOrEqualTo(booked.AddHours(96));
        deadline.LastSafeAt.ShouldNotBeNull();
        deadline.DueAt.ShouldBeLessThanOrEqualTo(deadline.LastSafeAt.Value);
        (deadline.DueAt == booked.AddHours(96) || deadline.DueAt == deadline.LastSafeAt).ShouldBeTrue();
        var leaves = LastSafePosting.NextCutOff(deadline.DueAt > booked ? deadline.DueAt : booked);
        // Handed over with the batch of its deadline, it arrives in time whenever any class could bring it in time.
        if (Arrives(TakenOn(LastSafePosting.NextCutOff(booked)), Postage.First) <= Needed(start, notice))
            LastSafePosting.Cheapest(leaves, start, notice).ShouldNotBeNull();

        // The invitation never moves it back.
        var before = deadline.DueAt;
        deadline.BringForward(booked.AddHours(90), DueReason.Invitation);
        deadline.DueAt.ShouldBeLessThanOrEqualTo(before);
    }, iter: 20_000);

    [Fact]
    public void Cut_offs_enclose_every_instant() => Instants.Sample(now =>
    {
        var (past, next) = (LastSafePosting.LatestCutOff(now), LastSafePosting.NextCutOff(now));
        past.ShouldBeLessThanOrEqualTo(now);
        next.ShouldBeGreaterThanOrEqualTo(now);
        foreach (var cutOff in (DateTimeOffset[])[past, next])
        {
            Works(DateOnly.FromDateTime(InLondon(cutOff).DateTime)).ShouldBeTrue();
            InLondon(cutOff).TimeOfDay.ShouldBe(new TimeSpan(17, 30, 0));
        }

        LastSafePosting.TakenAt(now).ShouldBe(now - past <= TimeSpan.FromHours(1) ? past : next);
    }, iter: 20_000);

    [Fact]
    public void Calendar_file_says_what_the_government_says()
    {
        for (var day = new DateOnly(2026, 1, 1); day <= new DateOnly(2027, 12, 31); day = day.AddDays(1))
            WorkingDays.IsWorkingDay(day).ShouldBe(Works(day), day.ToString());
    }

    /// <summary>Two working days to dispatch, then the post's own, counted one by one.</summary>
    private static DateOnly Arrives(DateOnly handOver, Postage postage)
    {
        var day = handOver;
        for (var left = 2 + postage switch { Postage.First => 2, Postage.Standard => 4, _ => 6 }; left > 0; left--)
            day = Next(day);
        return day;
    }

    /// <summary>The day before the appointment, or as many days before as the clinic wants.</summary>
    private static DateOnly Needed(DateTimeOffset start, int notice) => DateOnly.FromDateTime(InLondon(start).DateTime).AddDays(-Math.Max(1, notice));

    /// <summary>The day of the batch that takes it: today until an hour after half past five, else the next working day.</summary>
    private static DateOnly TakenOn(DateTimeOffset handOver)
    {
        var there = InLondon(handOver);
        var day = DateOnly.FromDateTime(there.DateTime);
        return Works(day) && there.TimeOfDay <= new TimeSpan(18, 30, 0) ? day : Next(day);
    }

    private static DateOnly Next(DateOnly day)
    {
        do
            day = day.AddDays(1);
        while (!Works(day));
        return day;
    }

    private static bool Works(DateOnly day) => (int)day.DayOfWeek is >= 1 and <= 5 && !BankHolidays.Contains(day);

    private static DateTimeOffset InLondon(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, London);

    private static AppointmentState State(DateTimeOffset booked, DateTimeOffset start, int notice) => new()
    {
        AppointmentId = Guid.CreateVersion7(),
        PatientId = Guid.CreateVersion7(),
        ClinicId = Guid.CreateVersion7(),
        SourceSystem = "pas",
        SourceId = "a",
        PasStatus = PasStatus.Booked,
        PatientRequest = PatientRequest.None,
        RequestOpen = false,
        Start = start,
        Medium = AppointmentMedium.FaceToFace,
        ClinicMode = ClinicMode.Full,
        Invites = true,
        LetterSource = LetterSource.Template,
        PostalNoticeDays = notice,
        BookedAt = booked,
        Version = 1,
        Revision = 0,
    };
}
