using PatientHub.Proving.Attack;
using PatientHub.Proving.Enumeration;

namespace PatientHub.Proving.Tests;

/// <summary>The attacks in their small form, through the gateway's pages; the large one is <c>-- attack</c>. No guess is the right code, so an entry is never luck.</summary>
public sealed class AttackTests(ProvingHub proving) : IAsyncLifetime
{
    // Far behind the people of other scenarios.
    private static int _from = 9_500;
    private Victims _victims = null!;

    public async ValueTask InitializeAsync() => _victims = new Victims(await proving.HubAsync(), seed: 17, Interlocked.Add(ref _from, 20));

    public ValueTask DisposeAsync()
    {
        _victims.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Checklist_85_after_five_wrong_codes_the_right_one_is_refused() => ShouldHold(await GuessingCodes.SerialAsync(_victims));

    [Fact]
    public async Task Checklist_38_two_hundred_guesses_at_once_are_five_tries() => ShouldHold(await GuessingCodes.ParallelAsync(_victims, 200));

    [Fact]
    public async Task Checklist_87_the_right_code_at_once_makes_one_session() => ShouldHold(await Replays.SameCodeAtOnceAsync(_victims, 10));

    [Fact]
    public async Task Checklist_87_a_used_code_is_refused() => ShouldHold(await Replays.UsedCodeAsync(_victims));

    [Fact]
    public async Task Checklist_88_a_code_of_another_sign_in_is_refused() => ShouldHold(await Replays.CodeOfAnotherSignInAsync(_victims));

    [Fact]
    public async Task Checklist_89_a_code_of_another_patient_is_refused() => ShouldHold(await Replays.CodeOfAnotherPatientAsync(_victims));

    [Fact]
    public async Task Checklist_90_the_old_code_is_refused_after_a_new_one() => ShouldHold(await Replays.OldCodeAfterNewAsync(_victims));

    [Fact]
    public async Task Checklist_92_known_and_unknown_pairs_get_the_same_bytes()
    {
        var report = await EnumerationRun.RunAsync(await proving.HubAsync(), pairs: 10, seed: 26, from: 9_300, atOnce: 3, TestContext.Current.CancellationToken);
        report.Differences.ShouldBeEmpty(report.ToString());
        report.Transcripts.Keys.ShouldBe(["Deceased", "Known", "OptedOut", "OptedOut locked", "UnknownContact", "WrongBirthday", "WrongBirthday locked"], ignoreOrder: true);
    }

    [Fact]
    public async Task Checklist_93_dates_of_birth_for_a_known_mobile_tell_nothing() => ShouldHold(await GuessingBirthdays.DatesAsync(_victims, 20));

    [Fact]
    public async Task Checklist_94_a_phone_gets_eight_codes_however_many_ask() => ShouldHold(await GuessingBirthdays.FloodAsync(_victims, 60));

    [Fact]
    public async Task Checklist_97_twins_need_the_uvc() => ShouldHold(await SharedContacts.RunAsync(_victims, related: true));

    [Fact]
    public async Task Checklist_98_a_recycled_number_leaks_neither_owner() => ShouldHold(await SharedContacts.RunAsync(_victims, related: false));

    [Fact]
    public async Task Checklist_100_old_and_planted_cookies_open_nothing() => ShouldHold(await Replays.CookiesAsync(_victims));

    [Fact]
    public async Task Checklist_105_ids_of_others_are_not_found() => ShouldHold(await WalkingIds.RunAsync(_victims));

    private static void ShouldHold(AttackLine line) => line.Held.ShouldBeTrue(line.ToRow());
}
