using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.PostalFallback.Contracts;
using PatientHub.PostalFallback.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.PostalFallback.Tests;

/// <summary>
/// What happens to a letter between the decision to post it and the hand-over counts (A3, A15, A24, A30, A31), and its neighbours in the batch go all the same. The test
/// itself runs each pass.
/// </summary>
public sealed class PrintedLookTests(Servers servers) : IAsyncLifetime
{
    private Post _post = null!;

    public async ValueTask InitializeAsync() => _post = await Post.StartAsync(servers, working: false);

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    [Fact] // A30: the print shows the record that was merged away
    public async Task Letter_whose_patient_was_merged_while_it_was_printed_goes_to_the_survivor_alone()
    {
        var (from, to) = (await _post.PatientAsync(), await SurvivorAsync());
        var letter = await OvertakeAsync(from, letter => MergeAsync(from, to, letter.LetterId));
        await GoesAsync(letter.LetterId);
        LinesOf(letter.LetterId).ShouldBe(SurvivorsLines);
        await Eventually.True(() => _post.Heard.Of<LetterPosted>().Any(posted => posted.LetterId == letter.LetterId), "the hand-over was never told");
        _post.Heard.Of<LetterPosted>().Where(posted => posted.LetterId == letter.LetterId).ShouldHaveSingleItem().PatientId.ShouldBe(to);
    }

    [Fact] // A30: it lies in the spool already, and the print house cannot be reached
    public async Task Batch_in_the_spool_is_taken_back_when_one_of_its_patients_is_merged()
    {
        var (from, to) = (await _post.PatientAsync(), await SurvivorAsync());
        var (_, letter) = await _post.BookAsync(from);
        var (_, neighbour) = await _post.BookAsync(await _post.PatientAsync());
        await WrittenAsync();
        await MergeAsync(from, to, letter.LetterId);

        await GoesAsync(letter.LetterId);
        await GoesAsync(neighbour.LetterId);
        LinesOf(letter.LetterId).ShouldBe(SurvivorsLines);
        Directory.GetFiles(_post.Spool, "*.zip").Length.ShouldBe(Directory.GetFiles(_post.Spool, "*.ok").Length, "nothing of the old batch stays");
    }

    [Fact] // A30: the print house may have it already, so nothing may be printed a second time
    public async Task Batch_that_may_have_been_taken_stays_given_whatever_happens_to_its_patients()
    {
        var (from, to) = (await _post.PatientAsync(), await SurvivorAsync());
        var (_, letter) = await _post.BookAsync(from);
        await DueAsync();
        await _post.RunAsync();
        await _post.ExecuteAsync("update deadline set state = 'Printing', posted_at = null; update batch set state = 'Written', lease_until = null");
        var printed = _post.Neighbours.Printed.Count;
        await MergeAsync(from, to, letter.LetterId);

        await GoesAsync(letter.LetterId);
        _post.Neighbours.Printed.Count.ShouldBe(printed);
    }

    [Theory] // A24
    [InlineData(true, false), InlineData(false, true)]
    public async Task Nothing_goes_to_whoever_died_or_was_restricted_while_the_letter_was_printed(bool deceased, bool restricted)
    {
        var patient = await _post.PatientAsync();
        var letter = await OvertakeAsync(patient, async letter =>
        {
            Forbid(patient);
            await _post.PublishAsync(new PatientDetailsChanged { Patient = Post.State(patient, 2, deceased: deceased) with { Restricted = restricted }, ContactsChanged = false, AddressChanged = false, OccurredAt = DateTimeOffset.UtcNow });
            await Eventually.True(async () => await _post.CountAsync($"select count(*) from patient where patient_id = '{patient}' and may_not_be_written_to") == 1, "the flag was never taken");
        });
        await _post.BecomesAsync(letter.LetterId, "Suspended");
        _post.ManifestsOf(letter.LetterId).ShouldBeEmpty();
    }

    [Fact] // A24: the event is late, Identity knows
    public async Task Nothing_goes_to_whoever_may_not_be_written_to_before_any_event_says_so()
    {
        var patient = await _post.PatientAsync();
        var letter = await OvertakeAsync(patient, letter =>
        {
            Forbid(patient);
            return Task.CompletedTask;
        });
        (await _post.StateAsync(letter.LetterId)).ShouldBe("Waiting");
    }

    [Fact] // A24: Identity is silent by then, its event has come
    public async Task Nothing_goes_by_the_event_alone_when_nobody_answers()
    {
        var patient = await _post.PatientAsync();
        var letter = await OvertakeAsync(patient, async letter =>
        {
            _post.Neighbours.IdentitySilent = _post.Neighbours.AppointmentsSilent = true;
            await _post.PublishAsync(new PatientDetailsChanged { Patient = Post.State(patient, 2, deceased: true), ContactsChanged = false, AddressChanged = false, OccurredAt = DateTimeOffset.UtcNow });
            await Eventually.True(async () => await _post.CountAsync($"select count(*) from patient where patient_id = '{patient}' and may_not_be_written_to") == 1, "the flag was never taken");
        });
        await _post.BecomesAsync(letter.LetterId, "Suspended");
    }

    [Fact] // A31: the envelope would be opened by the parents
    public async Task Letter_that_must_not_go_to_the_parents_any_more_is_withdrawn_while_it_is_printed()
    {
        var patient = await _post.PatientAsync();
        var appointment = Post.Appointment(patient);
        var letter = await OvertakeAsync(patient, letter => ChangeAsync(appointment with { Version = 2, Invites = false }), appointment);
        await _post.BecomesAsync(letter.LetterId, "Withdrawn");
        _post.ManifestsOf(letter.LetterId).ShouldBeEmpty();
    }

    [Fact] // A3: read before the print house could have it
    public async Task Letter_opened_while_it_was_printed_is_not_posted()
    {
        var patient = await _post.PatientAsync();
        var letter = await OvertakeAsync(patient, async letter =>
        {
            _post.Neighbours.Letters[letter.LetterId] = _post.Neighbours.Letters[letter.LetterId] with { Opened = true };
            await _post.PublishAsync(Post.Opened(letter));
            await Eventually.True(async () => await _post.CountAsync($"select count(*) from letter where letter_id = '{letter.LetterId}' and opened_version = 1") == 1, "the opening was never taken");
        });
        await _post.BecomesAsync(letter.LetterId, "Opened");
        _post.ManifestsOf(letter.LetterId).ShouldBeEmpty();
    }

    [Fact] // A3: an open request holds the post
    public async Task Request_made_while_the_letter_was_printed_holds_it()
    {
        var patient = await _post.PatientAsync();
        var appointment = Post.Appointment(patient);
        var letter = await OvertakeAsync(patient, async letter =>
        {
            var asked = appointment with { Version = 2, RequestOpen = true, PatientRequest = PatientRequest.CancellationRequested };
            _post.Stand(asked);
            await _post.PublishAsync(new CancellationRequested { Appointment = asked, TaskId = Guid.CreateVersion7(), OccurredAt = DateTimeOffset.UtcNow });
            await Eventually.True(async () => await _post.CountAsync($"select count(*) from appointment where appointment_id = '{appointment.AppointmentId}' and request_open") == 1, "the request was never taken");
        }, appointment);
        (await _post.CountAsync($"select count(*) from deadline where letter_id = '{letter.LetterId}' and state = 'Waiting' and held")).ShouldBe(1);
    }

    [Fact] // A23, A15
    public async Task Cancelled_appointment_takes_its_letter_out_of_the_batch()
    {
        var patient = await _post.PatientAsync();
        var appointment = Post.Appointment(patient);
        var letter = await OvertakeAsync(patient, letter => ChangeAsync(appointment with { Version = 2, PasStatus = PasStatus.Cancelled }), appointment);
        await _post.BecomesAsync(letter.LetterId, "Withdrawn");
        _post.ManifestsOf(letter.LetterId).ShouldBeEmpty();
    }

    [Fact] // A15
    public async Task Moved_appointment_takes_the_old_letter_out_of_the_batch()
    {
        var patient = await _post.PatientAsync();
        var appointment = Post.Appointment(patient);
        var letter = await OvertakeAsync(patient, letter => ChangeAsync(appointment with { Version = 2, Revision = 1, Start = appointment.Start.AddDays(3) }), appointment);
        await _post.BecomesAsync(letter.LetterId, "Superseded");
        _post.ManifestsOf(letter.LetterId).ShouldBeEmpty();
    }

    [Fact] // the address on record is what counts until the last moment
    public async Task Letter_of_a_patient_who_moved_house_meanwhile_goes_to_the_new_address_alone()
    {
        var patient = await _post.PatientAsync();
        string[] lines = ["Mx Test Patient", "7 New Road", "York", "YO1 7HH"];
        var letter = await OvertakeAsync(patient, letter =>
        {
            _post.Neighbours.Addresses[patient] = _post.Neighbours.Addresses[patient] with { Lines = lines, AddressId = Guid.CreateVersion7() };
            return Task.CompletedTask;
        });
        await GoesAsync(letter.LetterId);
        LinesOf(letter.LetterId).ShouldBe(lines);
    }

    [Fact] // Letters went down after it had printed: paper in doubt
    public async Task Silence_after_the_print_lets_it_go()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        await DueAsync();
        _post.Neighbours.AfterPrinting = () => _post.Neighbours.LettersSilent = _post.Neighbours.IdentitySilent = _post.Neighbours.AppointmentsSilent = true;
        (await _post.RunAsync()).ShouldBe(1);
        (await _post.StateAsync(letter.LetterId)).ShouldBe("Posted");
    }

    private static readonly string[] SurvivorsLines = ["Mx Surviving Record", "2 Example Road", "Leeds", "LS9 7TF"];

    /// <summary>Books a letter and a neighbour, prints both, and lets something happen to the one while they are being printed. The neighbour must go, the letter must not.</summary>
    private async Task<LetterReady> OvertakeAsync(Guid patient, Func<LetterReady, Task> happens, AppointmentState? appointment = null)
    {
        var (_, letter) = await _post.BookAsync(patient, appointment);
        var (_, neighbour) = await _post.BookAsync(await _post.PatientAsync());
        await DueAsync();
        var once = 0;
        _post.Neighbours.WhilePrinting = async printed =>
        {
            if (printed == letter.LetterId && Interlocked.Exchange(ref once, 1) == 0)
                await happens(letter);
        };
        (await _post.RunAsync()).ShouldBe(1);
        _post.Neighbours.WhilePrinting = null;
        (await _post.StateAsync(neighbour.LetterId)).ShouldBe("Posted");
        _post.ManifestsOf(letter.LetterId).ShouldBeEmpty();
        _post.Neighbours.Printed.ShouldContain(letter.LetterId, "it was printed, and then left out");
        return letter;
    }

    private async Task ChangeAsync(AppointmentState changed)
    {
        _post.Stand(changed);
        await _post.PublishAsync(new AppointmentChanged { Appointment = changed, RevisionRaised = changed.Revision > 0, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from appointment where appointment_id = '{changed.AppointmentId}' and version = {changed.Version}") == 1, "the change was never taken");
    }

    private async Task MergeAsync(Guid from, Guid to, Guid letterId)
    {
        await _post.PublishAsync(new PatientMerged { FromPatientId = from, ToPatientId = to, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from deadline where letter_id = '{letterId}' and patient_id = '{to}'") == 1, "the merge never reached the letter");
    }

    private async Task<Guid> SurvivorAsync()
    {
        var patient = await _post.PatientAsync(lines: SurvivorsLines);
        _post.Neighbours.Addresses[patient] = _post.Neighbours.Addresses[patient] with { FullName = "Surviving Record" };
        return patient;
    }

    private void Forbid(Guid patient) => _post.Neighbours.Addresses[patient] = _post.Neighbours.Addresses[patient] with { MayPrint = false };

    private string[] LinesOf(Guid letterId) => [.. _post.ManifestsOf(letterId).ShouldHaveSingleItem()["addressLines"]!.AsArray().Select(line => line!.GetValue<string>())];

    /// <summary>Printed and written, as a print house that cannot be reached leaves it.</summary>
    private async Task WrittenAsync()
    {
        await DueAsync();
        await _post.RunAsync();
        await _post.ExecuteAsync("update deadline set state = 'Printing', posted_at = null; update batch set state = 'Written', lease_until = null");
        foreach (var file in Directory.GetFiles(_post.Spool, "*.ok"))
            File.Delete(file);
    }

    private Task DueAsync() => _post.ExecuteAsync("update deadline set due_at = now() - interval '1 second' where state = 'Waiting'");

    private Task GoesAsync(Guid letterId) => Eventually.True(async () =>
    {
        await _post.RunAsync();
        return await _post.StateAsync(letterId) == "Posted";
    }, "the letter never went");
}
