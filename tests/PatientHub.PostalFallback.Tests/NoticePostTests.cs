using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.PostalFallback.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.PostalFallback.Tests;

/// <summary>News without a ladder: a cancellation that no message told (A23), and what goes by post in any case (A9, A31).</summary>
public sealed class NoticePostTests(Servers servers) : IAsyncLifetime
{
    private Post _post = null!;

    public async ValueTask InitializeAsync() => _post = await Post.StartAsync(servers, working: false);

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    [Fact]
    public async Task Cancellation_is_posted_only_when_no_message_told_it_whichever_is_heard_first()
    {
        var (told, toldBefore, untold, untoldBefore) = (await CancelledAsync(), await CancelledAsync(), await CancelledAsync(), await CancelledAsync());
        var letters = new Dictionary<AppointmentState, LetterReady>();
        await _post.PublishAsync(Told(toldBefore));
        await _post.PublishAsync(Untold(untoldBefore));
        await NewsAsync(toldBefore, untoldBefore);
        foreach (var state in new[] { told, toldBefore, untold, untoldBefore }) letters[state] = await ReadyAsync(state);
        await _post.PublishAsync(Told(told));
        await _post.PublishAsync(Told(told));
        await _post.PublishAsync(Untold(untold));
        await NewsAsync(told, untold);
        await _post.BecomesAsync(letters[told].LetterId, "Withdrawn");
        await _post.BecomesAsync(letters[toldBefore].LetterId, "Withdrawn");

        (await _post.RunAsync()).ShouldBe(2);
        foreach (var state in new[] { untold, untoldBefore }) _post.ManifestsOf(letters[state].LetterId).ShouldHaveSingleItem();
        foreach (var state in new[] { told, toldBefore }) _post.ManifestsOf(letters[state].LetterId).ShouldBeEmpty();
    }

    [Fact] // R9
    public async Task Cancellation_for_a_patient_without_contacts_is_posted_at_once()
    {
        var state = await CancelledAsync(hasContact: false);
        var letter = await ReadyAsync(state);
        (await _post.RunAsync()).ShouldBe(1);
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
    }

    [Fact] // A17, R30
    public async Task Opting_out_posts_the_letter_about_a_cancellation_that_waits()
    {
        var state = await CancelledAsync();
        var letter = await ReadyAsync(state);
        (await _post.RunAsync()).ShouldBe(0, "a message may still tell it");
        await _post.PublishAsync(new PatientOptedOut { PatientId = state.PatientId, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _post.RunAsync() == 1, "the letter never went");
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Cancellation_that_is_taken_back_is_not_posted()
    {
        var state = await CancelledAsync();
        var letter = await ReadyAsync(state);
        await _post.PublishAsync(new LetterSuperseded { LetterId = letter.LetterId, PatientId = state.PatientId, LetterVersion = 1, OccurredAt = DateTimeOffset.UtcNow });
        await _post.BecomesAsync(letter.LetterId, "Withdrawn");
        await _post.PublishAsync(Untold(state));
        await NewsAsync(state);
        (await _post.RunAsync()).ShouldBe(0);
    }

    [Fact] // A9, A31
    public async Task News_that_always_goes_by_post_goes_though_it_was_opened()
    {
        var patient = await _post.PatientAsync();
        var letter = Ready(patient, PostRule.Always);
        await _post.PublishAsync(letter);
        await _post.BecomesAsync(letter.LetterId, "Waiting");
        await _post.PublishAsync(Post.Opened(letter));
        _post.Neighbours.Letters[letter.LetterId] = _post.Neighbours.Letters[letter.LetterId] with { Opened = true };
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from letter where letter_id = '{letter.LetterId}' and opened_version = 1") == 1, "the opening was never heard of");
        (await _post.RunAsync()).ShouldBe(1);
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
        (await _post.RunAsync()).ShouldBe(0, "once");
    }

    [Fact] // A30: announced anew to its own patient while a print for the other one is under way
    public async Task Letter_that_went_back_to_its_own_patient_is_posted_to_that_one_alone()
    {
        var (survivor, own) = (await _post.PatientAsync(hasContact: false), await _post.PatientAsync(hasContact: false, lines: ["Mx Own Patient", "2 Other Road", "Leeds", "LS9 7TF"]));
        var letter = Ready(survivor, null) with { Ladder = true };
        await _post.PublishAsync(letter);
        await _post.BecomesAsync(letter.LetterId, "Waiting");
        var anew = letter with { PatientId = own, LetterVersion = 2 };
        _post.Neighbours.Letters[letter.LetterId] = _post.Neighbours.Letters[letter.LetterId] with { PatientId = own, LetterVersion = 2 };
        await _post.PublishAsync(anew);
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from deadline where letter_id = '{letter.LetterId}' and letter_version = 2 and patient_id = '{own}'") == 1, "the deadline never followed");
        (await _post.RunAsync()).ShouldBe(1);
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem()["addressLines"]![0]!.GetValue<string>().ShouldBe("Mx Own Patient");
    }

    private async Task<AppointmentState> CancelledAsync(bool hasContact = true)
    {
        var state = Post.Appointment(await _post.PatientAsync(hasContact), version: 2, status: PasStatus.Cancelled, invites: false);
        await _post.PublishAsync(new AppointmentCancelledByHospital { Appointment = state, AskedByPatient = false, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from appointment where appointment_id = '{state.AppointmentId}'") == 1, "the appointment was never heard of");
        return state;
    }

    private async Task<LetterReady> ReadyAsync(AppointmentState state)
    {
        var letter = Ready(state.PatientId, PostRule.UnlessTold) with { AboutAppointmentId = state.AppointmentId, AboutRevision = state.Revision };
        await _post.PublishAsync(letter);
        await Eventually.True(async () => await _post.StateAsync(letter.LetterId) is not null, "the letter was never promised");
        return letter;
    }

    private LetterReady Ready(Guid patient, PostRule? post)
    {
        var letter = new LetterReady { LetterId = Guid.CreateVersion7(), PatientId = patient, LetterVersion = 1, Ladder = false, Post = post, LetterDate = new DateOnly(2026, 1, 5), OccurredAt = DateTimeOffset.UtcNow };
        _post.Neighbours.Letters[letter.LetterId] = new LetterStanding { LetterId = letter.LetterId, PatientId = patient, LetterVersion = 1, Opened = false, Withdrawn = false };
        return letter;
    }

    private async Task NewsAsync(params AppointmentState[] states)
    {
        foreach (var state in states)
            await Eventually.True(async () => await _post.CountAsync($"select count(*) from cancellation_news where appointment_id = '{state.AppointmentId}'") == 1, "the news was never taken");
    }

    private static CancellationTold Told(AppointmentState state) => new() { PatientId = state.PatientId, AppointmentId = state.AppointmentId, Revision = state.Revision, OccurredAt = DateTimeOffset.UtcNow };

    private static NotificationUndeliverable Untold(AppointmentState state) =>
        new() { PatientId = state.PatientId, ContactFailed = false, AllChannelsFailed = true, AppointmentId = state.AppointmentId, Revision = state.Revision, OccurredAt = DateTimeOffset.UtcNow };
}
