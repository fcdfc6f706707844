using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.PostalFallback.Contracts;
using PatientHub.PostalFallback.Contracts.Http;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.PostalFallback.Tests;

/// <summary>A17: "post me this letter" works at any time and is safe to press twice.</summary>
public sealed class RequestedPostTests(Servers servers) : IAsyncLifetime
{
    private Post _post = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _post = await Post.StartAsync(servers, working: false);

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    [Fact]
    public async Task Opened_letter_is_posted_once_however_often_it_is_asked_for()
    {
        var (appointment, letter) = await BookedAsync();
        await OpenAsync(letter);
        (await StandingAsync(letter)).ShouldSatisfyAllConditions(s => s.Progress.ShouldBe(PostProgress.None), s => s.CanRequest.ShouldBeTrue());

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AskAsync(letter)));
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK && answer.Standing!.Progress == PostProgress.Waiting && answer.Standing.Requested && !answer.Standing.CanRequest);
        (await _post.RunAsync()).ShouldBe(1);
        var posted = (await AskAsync(letter)).Standing!;
        (posted.Progress, posted.CanRequest).ShouldBe((PostProgress.Posted, false));
        posted.ArrivesBy.ShouldNotBeNull().ShouldBeGreaterThan(DateOnly.FromDateTime(DateTime.UtcNow));
        (await _post.RunAsync()).ShouldBe(0);
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
        await Eventually.True(() => _post.Heard.Of<LetterPosted>().Any(e => e.LetterId == letter.LetterId && e.AppointmentId == appointment.AppointmentId), "LetterPosted never named the appointment");
    }

    [Fact]
    public async Task Letter_that_waits_goes_now_and_reading_it_afterwards_does_not_stop_it()
    {
        var (_, letter) = await BookedAsync();
        (await AskAsync(letter)).Standing!.Requested.ShouldBeTrue();
        await OpenAsync(letter, expect: null);
        _post.Neighbours.Letters[letter.LetterId] = _post.Neighbours.Letters[letter.LetterId] with { Opened = true };
        (await _post.RunAsync()).ShouldBe(1);
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
    }

    [Fact] // A3: the request held the post; asking for paper is the patient's own word
    public async Task Open_request_does_not_hold_what_was_asked_for()
    {
        var (appointment, letter) = await BookedAsync();
        var asked = appointment with { Version = 2, RequestOpen = true, PatientRequest = PatientRequest.RebookRequested };
        _post.Stand(asked);
        await _post.PublishAsync(new RebookRequested { Appointment = asked, TaskId = Guid.CreateVersion7(), OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await StandingAsync(letter)).Held, "the request never held the post");
        await AskAsync(letter);
        (await _post.RunAsync()).ShouldBe(1);
    }

    [Fact] // A24
    public async Task Nothing_is_posted_to_the_deceased()
    {
        var (_, letter) = await BookedAsync();
        await OpenAsync(letter);
        await AskAsync(letter);
        await _post.PublishAsync(new PatientDetailsChanged { Patient = Post.State(letter.PatientId, 2, deceased: true), ContactsChanged = false, AddressChanged = false, OccurredAt = DateTimeOffset.UtcNow });
        await _post.BecomesAsync(letter.LetterId, "Suspended");
        (await _post.RunAsync()).ShouldBe(0);
        (await AskAsync(letter)).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact] // R10
    public async Task Another_format_is_a_persons_task_once()
    {
        var patient = await _post.PatientAsync(accessible: true);
        var letter = await OldLetterAsync(patient);
        (await AskAsync(letter)).Standing!.Progress.ShouldBe(PostProgress.ByPeople);
        await AskAsync(letter);
        await Eventually.True(() => _post.Heard.Of<RaiseTask>().Any(task => task.LetterId == letter.LetterId && task.Code == TaskCodes.AccessibleFormat), "no task was raised");
        (await _post.CountAsync($"select count(*) from deadline where letter_id = '{letter.LetterId}'")).ShouldBe(1);
    }

    [Fact] // 105, R26
    public async Task Letters_of_others_withdrawn_and_past_ones_are_404()
    {
        var (_, letter) = await BookedAsync();
        (await AskAsync(letter with { PatientId = Guid.CreateVersion7() })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await AskAsync(letter with { LetterId = Guid.CreateVersion7() })).Status.ShouldBe(HttpStatusCode.NotFound);
        _post.Neighbours.Letters[letter.LetterId] = _post.Neighbours.Letters[letter.LetterId] with { Readable = false };
        (await AskAsync(letter)).Status.ShouldBe(HttpStatusCode.NotFound);
        using var stranger = ClientOf(Guid.CreateVersion7());
        (await stranger.GetAsync($"/api/me/post/{letter.LetterId}", Ct)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var nobody = new HttpClient { BaseAddress = _post.Address };
        (await nobody.PostAsync($"/api/me/post/{letter.LetterId}", null, Ct)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Letters_away_is_503_and_decides_nothing()
    {
        var (_, letter) = await BookedAsync();
        _post.Neighbours.LettersSilent = true;
        (await AskAsync(letter)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        _post.Neighbours.LettersSilent = false;
        (await StandingAsync(letter)).Requested.ShouldBeFalse();
    }

    [Fact] // A15
    public async Task New_version_is_posted_instead_of_the_one_asked_for()
    {
        var patient = await _post.PatientAsync();
        var letter = await OldLetterAsync(patient);
        await AskAsync(letter);
        var next = letter with { LetterVersion = 2, OccurredAt = DateTimeOffset.UtcNow };
        _post.Neighbours.Letters[letter.LetterId] = _post.Neighbours.Letters[letter.LetterId] with { LetterVersion = 2 };
        await _post.PublishAsync(next);
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from deadline where letter_id = '{letter.LetterId}' and letter_version = 2") == 1, "the deadline never aimed at the new version");
        (await _post.RunAsync()).ShouldBe(1);
        _post.ManifestsOf(letter.LetterId).Single()["letterVersion"]!.GetValue<int>().ShouldBe(2);
    }

    private async Task<(AppointmentState Appointment, LetterReady Letter)> BookedAsync()
    {
        var booked = await _post.BookAsync(await _post.PatientAsync());
        _post.Neighbours.Letters[booked.Letter.LetterId] = _post.Neighbours.Letters[booked.Letter.LetterId] with { Readable = true };
        return booked;
    }

    /// <summary>A letter without an appointment and without a ladder.</summary>
    private async Task<LetterReady> OldLetterAsync(Guid patient)
    {
        var letter = new LetterReady { LetterId = Guid.CreateVersion7(), PatientId = patient, LetterVersion = 1, Ladder = false, LetterDate = new DateOnly(2026, 1, 5), OccurredAt = DateTimeOffset.UtcNow };
        _post.Neighbours.Letters[letter.LetterId] = new() { LetterId = letter.LetterId, PatientId = patient, LetterVersion = 1, Opened = false, Withdrawn = false, Readable = true };
        await _post.PublishAsync(letter);
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from letter where letter_id = '{letter.LetterId}'") == 1, "the letter never became known");
        return letter;
    }

    private async Task OpenAsync(LetterReady letter, string? expect = "Opened")
    {
        await _post.PublishAsync(Post.Opened(letter));
        if (expect is not null) await _post.BecomesAsync(letter.LetterId, expect);
        else await Eventually.True(async () => await _post.CountAsync($"select count(*) from letter where letter_id = '{letter.LetterId}' and opened_version = 1") == 1, "the opening was never taken");
    }

    [Fact] // A17, by a member of staff
    public async Task Staff_post_a_letter_now_once_and_it_is_in_the_trail()
    {
        var (_, letter) = await BookedAsync();
        await OpenAsync(letter);
        using var staff = new HttpClient { BaseAddress = _post.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", _post.Tokens.StaffToken("staff-001", "Priya Shah")) } };
        var act = Guid.CreateVersion7();
        var path = $"/internal/desk/patients/{letter.PatientId}/letters/{letter.LetterId}/post";
        for (var press = 0; press < 2; press++)
        {
            using var asked = await staff.PostAsJsonAsync(path, new PostLetterNow { ActId = act }, Ct);
            (await asked.Content.ReadFromJsonAsync<PostStanding>(Ct))!.Requested.ShouldBeTrue();
        }
        (await _post.RunAsync()).ShouldBe(1);
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
        await Eventually.True(() => _post.Heard.Of<RecordStaffAct>().Any(a => a.ActId == act && a.Act == StaffActs.PostNow && a.StaffId == "staff-001" && a.LetterId == letter.LetterId), "the act was never recorded");
        var lines = (await staff.GetFromJsonAsync<List<StaffPostLine>>($"/internal/desk/patients/{letter.PatientId}/post", Ct))!;
        lines.Select(line => line.State).ShouldContain("Posted");
        lines.ShouldContain(line => line.Reason == "Requested" && line.LetterId == letter.LetterId);

        using var other = await staff.PostAsJsonAsync($"/internal/desk/patients/{Guid.CreateVersion7()}/letters/{letter.LetterId}/post", new PostLetterNow { ActId = act }, Ct);
        other.StatusCode.ShouldBe(HttpStatusCode.NotFound, "another patient's letter");
        using var patient = ClientOf(letter.PatientId);
        using var refused = await patient.PostAsJsonAsync(path, new PostLetterNow { ActId = act }, Ct);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact] // A30
    public async Task A_merge_that_is_taken_back_gives_the_post_back_to_the_appointments_patient()
    {
        var (appointment, letter) = await BookedAsync();
        var survivor = await _post.PatientAsync();
        await _post.PublishAsync(new PatientMerged { FromPatientId = letter.PatientId, ToPatientId = survivor, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from deadline where patient_id = '{survivor}'") == 1, "the merge was never applied");
        await _post.PublishAsync(new AppointmentChanged { Appointment = appointment with { Version = appointment.Version + 1 }, RevisionRaised = false, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from deadline where patient_id = '{letter.PatientId}' and appointment_id = '{appointment.AppointmentId}'") == 1
            && await _post.CountAsync($"select count(*) from letter where patient_id = '{letter.PatientId}'") == 1, "the post never went back");
    }

    private HttpClient ClientOf(Guid patient) => new()
    {
        BaseAddress = _post.Address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", _post.Tokens.PatientToken(patient)) },
    };

    private async Task<PostStanding> StandingAsync(LetterReady letter)
    {
        using var client = ClientOf(letter.PatientId);
        return (await client.GetFromJsonAsync<PostStanding>($"/api/me/post/{letter.LetterId}", Ct))!;
    }

    private async Task<(HttpStatusCode Status, PostStanding? Standing)> AskAsync(LetterReady letter)
    {
        using var client = ClientOf(letter.PatientId);
        using var response = await client.PostAsync($"/api/me/post/{letter.LetterId}", null, Ct);
        return (response.StatusCode, response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<PostStanding>(Ct) : null);
    }
}

/// <summary>The rule alone.</summary>
public sealed class RequestedPostRuleTests
{
    [Theory] // one copy crosses another only when the first should have come
    [InlineData("2026-05-04T16:30:00Z", "2026-05-14T12:00:00Z", false)]
    [InlineData("2026-05-04T16:30:00Z", "2026-05-15T12:00:00Z", true)]
    public void Posted_letter_can_be_asked_for_again_once_it_should_have_come(string posted, string now, bool can)
    {
        var deadline = Deadline.ForRequest(Guid.CreateVersion7(), 1, Guid.CreateVersion7(), null, At(posted));
        typeof(Deadline).GetProperty(nameof(Deadline.State))!.SetValue(deadline, DeadlineState.Printing);
        deadline.Post(At(posted));
        RequestedPost.CanRequest(deadline, At(now)).ShouldBe(can);
    }

    [Theory]
    [InlineData("2026-05-14T10:00:00Z", "2026-05-14T16:30:00Z")]
    [InlineData("2026-05-14T16:30:00Z", "2026-05-14T16:30:00Z")]
    [InlineData("2026-05-14T16:30:01Z", "2026-05-15T16:30:00Z")]
    [InlineData("2026-12-24T18:00:00Z", "2026-12-29T17:30:00Z")] // Christmas, Boxing Day on a Saturday, its substitute on Monday
    public void Next_batch_goes_at_the_next_cut_off(string from, string expected) => LastSafePosting.NextCutOff(At(from)).ShouldBe(At(expected));

    [Fact] // A15, A17
    public void Move_of_the_appointment_carries_the_wish_for_paper_on()
    {
        var rules = new PostRules(new LadderTimes(TimeSpan.FromHours(72), TimeSpan.FromHours(96)));
        var now = DateTimeOffset.UtcNow;
        var facts = new AppointmentFacts { AppointmentId = Guid.CreateVersion7() };
        var state = Post.Appointment(Guid.CreateVersion7(), id: facts.AppointmentId);
        facts.Take(state);
        var patient = new PatientFacts(state.PatientId);
        var first = rules.Look(facts, null, [], patient, now).Created!;
        first.Request(now);
        facts.Take(state with { Version = 2, Revision = 1, Start = state.Start.AddDays(1) });
        var second = rules.Look(facts, null, [first], patient, now.AddMinutes(1)).Created!;
        (first.State, second.RequestedAt is not null, second.Reason).ShouldBe((DeadlineState.Superseded, true, DueReason.Requested));
    }

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
}
