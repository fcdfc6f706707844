using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Tests;

/// <summary>A22: working days of England, the cut-off in London.</summary>
public sealed class LastSafePostingTests
{
    [Theory]
    [InlineData("2026-05-18T09:00Z", 0, Postage.Standard, "2026-05-07T16:30Z")] // Monday; arrives Friday 15; six working days before
    [InlineData("2026-05-18T09:00Z", 0, Postage.First, "2026-05-11T16:30Z")]
    [InlineData("2026-05-18T09:00Z", 0, Postage.Economy, "2026-05-05T16:30Z")] // 4 May 2026 is the early May bank holiday
    [InlineData("2026-05-18T09:00Z", 7, Postage.Standard, "2026-04-30T16:30Z")] // a week's notice: arrives Monday 11
    [InlineData("2026-12-29T09:00Z", 0, Postage.First, "2026-12-18T17:30Z")] // Christmas, and Boxing Day in lieu on Monday 28
    public void Last_safe_posting_counts_working_days_of_England(string start, int notice, Postage postage, string expected) =>
        LastSafePosting.For(DateTimeOffset.Parse(start), notice, postage).ShouldBe(DateTimeOffset.Parse(expected));

    [Theory]
    [InlineData("2026-05-05T16:30Z", Postage.Economy), InlineData("2026-05-05T17:31Z", Postage.Standard), InlineData("2026-05-07T17:31Z", Postage.First)]
    public void Cheapest_class_that_still_arrives_is_taken(string handOver, Postage expected) =>
        LastSafePosting.Cheapest(DateTimeOffset.Parse(handOver), DateTimeOffset.Parse("2026-05-18T09:00Z"), 0).ShouldBe(expected);

    [Fact]
    public void Too_late_for_every_class_is_said() =>
        LastSafePosting.Cheapest(DateTimeOffset.Parse("2026-05-11T17:31Z"), DateTimeOffset.Parse("2026-05-18T09:00Z"), 0).ShouldBeNull();

    [Theory]
    [InlineData("2026-05-06T16:29Z", "2026-05-05T16:30Z"), InlineData("2026-05-06T16:30Z", "2026-05-06T16:30Z"), InlineData("2026-05-10T12:00Z", "2026-05-08T16:30Z")]
    [InlineData("2026-11-23T17:29Z", "2026-11-20T17:30Z")] // winter time
    public void Latest_cut_off_is_half_past_five_in_London_on_a_working_day(string now, string expected) =>
        LastSafePosting.LatestCutOff(DateTimeOffset.Parse(now)).ShouldBe(DateTimeOffset.Parse(expected));

    [Theory]
    [InlineData("A|1 Road|LS9 7TF", true), InlineData("Parent or guardian of|A|1 Road|Leeds|LS9 7TF", true), InlineData("A|1 Road|SW1A 1AA", true), InlineData("A|1 Road|M1 1AE", true)]
    [InlineData("A|LS9 7TF", false), InlineData("A|b|c|d|e|f|g|LS9 7TF", false), InlineData("A|1 Road|Leeds", false), InlineData("A|1 Road|LS97TF", false), InlineData("A|1 Road|ls9 7tf", false)]
    [InlineData("A|=1+1|LS9 7TF", false), InlineData("A|No fixed abode|LS9 7TF", false), InlineData("A||LS9 7TF", false), InlineData("A|1 Road|QV1 1AA", false)]
    public void Address_is_deliverable_or_refused(string lines, bool fine) => (AddressBlock.Fault(lines.Split('|')) is null).ShouldBe(fine);
}
