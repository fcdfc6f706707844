using System.IO.Compression;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts;
using PatientHub.Notifications.Contracts;
using PatientHub.PostalFallback.Contracts;
using PatientHub.PostalFallback.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.PostalFallback.Tests;

/// <summary>The whole service, with its worker running and a ladder of seconds.</summary>
public sealed class PostTests(Servers servers) : IAsyncLifetime
{
    private Post _post = null!;

    public async ValueTask InitializeAsync() => _post = await Post.StartAsync(servers, ladder: (TimeSpan.FromSeconds(2), TimeSpan.FromHours(96)));

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    [Fact] // R3, R7
    public async Task Letter_that_nobody_opened_is_posted_once_after_the_invitation()
    {
        var (appointment, letter) = await _post.BookAsync(await _post.PatientAsync());
        await Invite(letter);
        await _post.BecomesAsync(letter.LetterId, "Posted");

        var line = _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
        line["addressLines"]!.AsArray().Select(node => node!.GetValue<string>()).ShouldBe(["Mx Test Patient", "1 Example Road", "Leeds", "LS9 7TF"]);
        line["sheets"]!.GetValue<int>().ShouldBe(2);
        await Eventually.True(() => _post.Heard.Of<LetterPosted>().Count(posted => posted.LetterId == letter.LetterId && posted.AppointmentId == appointment.AppointmentId) == 1, "LetterPosted was never published");
    }

    [Fact] // A3
    public async Task Opened_letter_is_not_posted()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        await _post.PublishAsync(Post.Opened(letter));
        await _post.BecomesAsync(letter.LetterId, "Opened");
        await Invite(letter);
        await OtherLetterHasGoneAsync();
        _post.ManifestsOf(letter.LetterId).ShouldBeEmpty();
        _post.Heard.Of<LetterPostScheduled>().Last(scheduled => scheduled.LetterId == letter.LetterId).DueAt.ShouldBeNull();
    }

    [Fact] // design: a broker that is down must not make us print against an answer
    public async Task Last_look_finds_an_opening_whose_event_never_came()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        _post.Neighbours.Letters[letter.LetterId] = _post.Neighbours.Letters[letter.LetterId] with { Opened = true };
        await Invite(letter);
        await _post.BecomesAsync(letter.LetterId, "Opened");
        _post.ManifestsOf(letter.LetterId).ShouldBeEmpty();
    }

    [Fact] // A3
    public async Task Open_request_holds_the_post_and_its_withdrawal_releases_it()
    {
        var (appointment, letter) = await _post.BookAsync(await _post.PatientAsync());
        var asked = appointment with { Version = 2, RequestOpen = true, PatientRequest = PatientRequest.RebookRequested };
        _post.Stand(asked);
        await _post.PublishAsync(new RebookRequested { Appointment = asked, TaskId = Guid.CreateVersion7(), OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from deadline where letter_id = '{letter.LetterId}' and held") == 1, "the request never held the post");
        await Invite(letter);
        await OtherLetterHasGoneAsync();
        (await _post.StateAsync(letter.LetterId)).ShouldBe("Waiting");

        var kept = asked with { Version = 3, RequestOpen = false, PatientRequest = PatientRequest.None };
        _post.Stand(kept);
        await _post.PublishAsync(new RequestWithdrawn { Appointment = kept, OccurredAt = DateTimeOffset.UtcNow });
        await _post.BecomesAsync(letter.LetterId, "Posted");
    }

    [Fact] // R9
    public async Task Patient_without_mobile_and_email_gets_the_letter_at_once()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync(hasContact: false));
        await _post.BecomesAsync(letter.LetterId, "Posted");
    }

    [Fact] // A17
    public async Task Opting_out_posts_what_is_pending()
    {
        var patient = await _post.PatientAsync();
        var (_, letter) = await _post.BookAsync(patient);
        await _post.PublishAsync(new PatientOptedOut { PatientId = patient, OccurredAt = DateTimeOffset.UtcNow });
        await _post.BecomesAsync(letter.LetterId, "Posted");
    }

    [Fact] // A18
    public async Task Both_channels_failed_posts_at_once()
    {
        var patient = await _post.PatientAsync();
        var (appointment, letter) = await _post.BookAsync(patient);
        await _post.PublishAsync(new NotificationUndeliverable { PatientId = patient, ContactFailed = true, AllChannelsFailed = true, LetterId = letter.LetterId, AppointmentId = appointment.AppointmentId, OccurredAt = DateTimeOffset.UtcNow });
        await _post.BecomesAsync(letter.LetterId, "Posted");
    }

    [Fact] // A33
    public async Task Three_failed_sign_ins_post_at_once()
    {
        var patient = await _post.PatientAsync();
        var (_, letter) = await _post.BookAsync(patient);
        await _post.PublishAsync(new SignInRepeatedlyFailed { PatientId = patient, OccurredAt = DateTimeOffset.UtcNow });
        await _post.BecomesAsync(letter.LetterId, "Posted");
    }

    [Fact] // A32
    public async Task Message_to_the_wrong_person_posts_at_once()
    {
        var patient = await _post.PatientAsync();
        var (_, letter) = await _post.BookAsync(patient);
        await _post.PublishAsync(new ContactDoubted { PatientId = patient, OccurredAt = DateTimeOffset.UtcNow });
        await _post.BecomesAsync(letter.LetterId, "Posted");
    }

    [Fact] // A24
    public async Task Nothing_is_printed_for_the_deceased()
    {
        var patient = await _post.PatientAsync();
        var (_, letter) = await _post.BookAsync(patient);
        await _post.PublishAsync(new PatientDetailsChanged { Patient = Post.State(patient, 2, deceased: true), ContactsChanged = false, AddressChanged = false, OccurredAt = DateTimeOffset.UtcNow });
        await _post.BecomesAsync(letter.LetterId, "Suspended");
        await Invite(letter);
        await OtherLetterHasGoneAsync();
        _post.ManifestsOf(letter.LetterId).ShouldBeEmpty();
    }

    [Fact] // R10
    public async Task Accessible_format_found_at_printing_becomes_a_task()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync(format: PrintFormat.NotPlainPrint));
        await Invite(letter);
        await _post.BecomesAsync(letter.LetterId, "HandedToPeople");
        await TaskAsync(letter, TaskCodes.AccessibleFormat);
        _post.ManifestsOf(letter.LetterId).ShouldBeEmpty();
    }

    [Fact] // A29
    public async Task Address_that_cannot_be_printed_becomes_an_alarmed_task()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync(lines: ["Mx Test Patient", "No fixed abode", "LS9 7TF"]));
        await Invite(letter);
        await TaskAsync(letter, TaskCodes.Unprintable);
        _post.Heard.Of<RaiseTask>().Single(task => task.LetterId == letter.LetterId).Alarmed.ShouldBeTrue();
    }

    [Fact] // A22
    public async Task Too_near_for_any_post_goes_first_class_and_somebody_telephones()
    {
        var patient = await _post.PatientAsync();
        var (_, letter) = await _post.BookAsync(patient, Post.Appointment(patient, startsIn: TimeSpan.FromDays(2)));
        await _post.BecomesAsync(letter.LetterId, "Posted");
        _post.ManifestsOf(letter.LetterId).Single()["postage"]!.GetValue<string>().ShouldBe("first");
        await TaskAsync(letter, TaskCodes.TelephonePatient);
    }

    [Fact] // A15
    public async Task New_revision_is_posted_instead_of_the_old_one()
    {
        var patient = await _post.PatientAsync();
        var (appointment, letter) = await _post.BookAsync(patient);
        var moved = appointment with { Version = 2, Revision = 1, Start = appointment.Start.AddDays(1) };
        _post.Stand(moved);
        await _post.PublishAsync(new AppointmentChanged { Appointment = moved, RevisionRaised = true, OccurredAt = DateTimeOffset.UtcNow });
        var next = _post.Letter(moved, letter.LetterId, version: 2);
        await _post.PublishAsync(next);
        await Invite(next);
        await Eventually.True(() => _post.ManifestsOf(letter.LetterId).Any(), "the new version was never posted");
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem()["letterVersion"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact] // A15
    public async Task Patient_who_has_an_old_later_time_on_paper_is_telephoned_once()
    {
        var (appointment, letter) = await _post.BookAsync(await _post.PatientAsync(hasContact: false));
        await _post.BecomesAsync(letter.LetterId, "Posted");
        var moved = appointment with { Version = 2, Revision = 1, Start = appointment.Start.AddDays(-1) };
        _post.Stand(moved);
        var changed = new AppointmentChanged { Appointment = moved, RevisionRaised = true, PreviousStart = appointment.Start, OccurredAt = DateTimeOffset.UtcNow };
        await _post.PublishAsync(changed);
        await _post.PublishAsync(changed);
        await _post.PublishAsync(_post.Letter(moved, letter.LetterId, version: 2));
        await Eventually.True(() => _post.ManifestsOf(letter.LetterId).Count() == 2, "the new letter never went");
        await Eventually.True(() => _post.Heard.Of<RaiseTask>().Any(task => task.AppointmentId == appointment.AppointmentId), "nobody was asked to telephone");
        _post.Heard.Of<RaiseTask>().Where(task => task.AppointmentId == appointment.AppointmentId).ShouldHaveSingleItem().Code.ShouldBe(TaskCodes.TelephonePatient);
    }

    [Fact] // checklist 10, 11: repeats and disorder have one effect
    public async Task Events_five_times_in_reverse_order_give_one_letter()
    {
        var patient = await _post.PatientAsync();
        var appointment = Post.Appointment(patient);
        _post.Stand(appointment);
        var letter = _post.Letter(appointment);
        for (var i = 0; i < 5; i++)
        {
            await Invite(letter);
            await _post.PublishAsync(letter);
            await _post.PublishAsync(new AppointmentBooked { Appointment = appointment, OccurredAt = DateTimeOffset.UtcNow });
        }

        await _post.BecomesAsync(letter.LetterId, "Posted");
        await OtherLetterHasGoneAsync();
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
        (await _post.CountAsync($"select count(*) from deadline where letter_id = '{letter.LetterId}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Spool_is_private_and_its_batch_is_whole()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync(lines: ["Mx Test", "1 High Street", "Leeds", "LS9 7TF"]));
        await Invite(letter);
        await _post.BecomesAsync(letter.LetterId, "Posted");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_post.Spool).HasFlag(UnixFileMode.OtherRead).ShouldBeFalse();
        Directory.EnumerateFiles(_post.Spool, "*.tmp").ShouldBeEmpty();
        using var zip = ZipFile.OpenRead(Directory.EnumerateFiles(_post.Spool, "*.zip").First(file => new ZipArchive(File.OpenRead(file)).GetEntry($"{letter.LetterId}-v1.pdf") is not null));
        zip.Entries.Select(entry => entry.Name).ShouldContain("manifest.csv");
        using var csv = new StreamReader(zip.GetEntry("manifest.csv")!.Open());
        (await csv.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain($"{letter.LetterId},1,{letter.LetterId}-v1.pdf,4,2,yes,");
    }

    private Task Invite(LetterReady letter) => _post.PublishAsync(new InvitationSent
    {
        LetterId = letter.LetterId,
        LetterVersion = letter.LetterVersion,
        PatientId = letter.PatientId,
        AppointmentId = letter.AppointmentId,
        Revision = letter.Revision,
        OccurredAt = DateTimeOffset.UtcNow,
    });

    /// <summary>Something that was invited later has been posted: what should have gone before has had its chance.</summary>
    private async Task OtherLetterHasGoneAsync()
    {
        var (_, other) = await _post.BookAsync(await _post.PatientAsync());
        await Invite(other);
        await _post.BecomesAsync(other.LetterId, "Posted");
    }

    private Task TaskAsync(LetterReady letter, string code) =>
        Eventually.True(() => _post.Heard.Of<RaiseTask>().Any(task => task.LetterId == letter.LetterId && task.Code == code), $"the task {code} was never raised");
}
