using System.Net;
using System.Net.Http.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Calendar;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Tests.Support;
using PatientHub.PostalFallback.Contracts;
using PatientHub.Testing;

namespace PatientHub.Letters.Tests;

public sealed class AppointmentLetterTests(RunningLetters letters)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Booked_appointment_of_a_full_clinic_gets_a_letter_that_names_hub_and_phone()
    {
        var state = Some.Appointment();
        var ready = await BookAsync(state);

        ready.Ladder.ShouldBeTrue();
        ready.LetterVersion.ShouldBe(1);
        ready.Revision.ShouldBe(0);
        var mine = (await letters.LettersOfAsync(state.PatientId)).ShouldHaveSingleItem();
        mine.LetterId.ShouldBe(ready.LetterId);
        mine.Opened.ShouldBeFalse();

        var content = await OpenAsync(state.PatientId, ready.LetterId);
        content.Phone.ShouldBe("0113 496 0000");
        content.Html.ShouldNotBeNull();
        content.Html.ShouldContain(LondonTime.FormatDate(state.Start));
        content.Html.ShouldContain("0113 496 0000");
        content.Html.ShouldContain("https://hub.example");
        content.Html.ShouldContain("ask for another time");
        content.Html.ShouldContain("for a child, the date of birth of the child"); // R16
        content.Html.ShouldNotContain("<fracture>");
        content.Html.ShouldContain("Orthopaedic clinic &amp; &lt;fracture&gt; service");
    }

    [Fact]
    public async Task Letter_of_an_accept_only_clinic_offers_to_accept_online_and_names_the_phone_for_the_rest()   // R1
    {
        var state = Some.Appointment(mode: ClinicMode.AcceptOnly);
        var ready = await BookAsync(state);

        var content = await OpenAsync(state.PatientId, ready.LetterId);
        var html = content.Html.ShouldNotBeNull();
        html.ShouldContain("0113 496 0000");
        html.ShouldContain("cannot be changed online");
        html.ShouldContain("accept this appointment at https://hub.example");
        html.ShouldNotContain("ask to cancel");
    }

    [Fact]
    public async Task View_only_clinic_gets_no_letter_of_ours()   // R1
    {
        var other = Some.Appointment();
        var state = Some.Appointment(mode: ClinicMode.ViewOnly);
        letters.Appointments.Set(state);
        await letters.PublishAsync(Some.Booked(state));
        await BookAsync(other);   // a later one is through, so the first is decided

        await Eventually.True(async () => await letters.ScalarAsync<long>($"select count(*) from appointment_copy where appointment_id = '{state.AppointmentId}'") == 1, "the event was never taken in");
        (await letters.LettersOfAsync(state.PatientId)).ShouldBeEmpty();
        (await letters.ScalarAsync<long>($"select count(*) from appointment_copy where appointment_id = '{state.AppointmentId}' and letter_due_at is null")).ShouldBe(1);
    }

    [Fact]
    public async Task Letter_is_opened_exactly_once_by_many_readers()   // A3, A27
    {
        var state = Some.Appointment();
        var ready = await BookAsync(state);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => OpenAsync(state.PatientId, ready.LetterId)));
        answers.Count(a => a.Letter.Opened).ShouldBeGreaterThan(0);
        var opened = await letters.EventAsync<LetterOpened>(e => e.LetterId == ready.LetterId, "LetterOpened never came");
        opened.LetterVersion.ShouldBe(1);
        opened.Revision.ShouldBe(0);

        // A later event of Letters overtakes nothing on the one queue: if there were a second LetterOpened, it would be here by then.
        await BookAsync(Some.Appointment());
        letters.Published.OfType<LetterOpened>().Count(e => e.LetterId == ready.LetterId).ShouldBe(1);
        (await letters.LettersOfAsync(state.PatientId)).ShouldHaveSingleItem().Opened.ShouldBeTrue();
    }

    [Theory]
    [InlineData("Sec-Purpose", "prefetch;anonymous-client-ip")]
    [InlineData("Purpose", "prefetch")]
    public async Task Prefetch_does_not_open(string header, string value)   // A27
    {
        var state = Some.Appointment();
        var ready = await BookAsync(state);
        using var client = letters.ClientOf(state.PatientId);
        client.DefaultRequestHeaders.Add(header, value);

        var content = await client.GetFromJsonAsync<LetterContent>($"/api/me/letters/{ready.LetterId}", RunningLetters.Json, Ct);
        content!.Letter.Opened.ShouldBeFalse();
        (await letters.LettersOfAsync(state.PatientId)).ShouldHaveSingleItem().Opened.ShouldBeFalse();
    }

    [Fact]
    public async Task Listing_and_head_and_standing_open_nothing()   // A27
    {
        var state = Some.Appointment();
        var ready = await BookAsync(state);
        using var client = letters.ClientOf(state.PatientId);
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/api/me/letters/{ready.LetterId}"), Ct);
        head.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);

        (await StandingAsync(ready.LetterId)).ShouldNotBeNull().Opened.ShouldBeFalse();
        (await letters.LettersOfAsync(state.PatientId)).ShouldHaveSingleItem().Opened.ShouldBeFalse();
    }

    [Fact]
    public async Task Someone_elses_letter_is_404_like_a_missing_one()
    {
        var state = Some.Appointment();
        var ready = await BookAsync(state);
        using var stranger = letters.ClientOf(Guid.CreateVersion7());

        foreach (var path in (string[])["", "/pdf"])
        {
            using var theirs = await stranger.GetAsync($"/api/me/letters/{ready.LetterId}{path}", Ct);
            using var missing = await stranger.GetAsync($"/api/me/letters/{Guid.CreateVersion7()}{path}", Ct);
            theirs.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            Without(await theirs.Content.ReadAsStringAsync(Ct), "traceId").ShouldBe(Without(await missing.Content.ReadAsStringAsync(Ct), "traceId"));
        }

        (await StandingAsync(ready.LetterId))!.Opened.ShouldBeFalse();
    }

    [Fact]
    public async Task Doors_need_their_tokens()
    {
        var id = Guid.CreateVersion7();
        using var nobody = letters.Client(null);
        using var pas = letters.Machine("fhir.write");
        using var patient = letters.ClientOf(Guid.CreateVersion7());
        (await nobody.GetAsync("/api/me/letters", Ct)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await pas.GetAsync("/api/me/letters", Ct)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var door in (string[])["/internal/letters/standing", "/internal/appointments/known", $"/internal/letters/{id}/print"])
        {
            (await patient.PostAsJsonAsync(door, new { }, Ct)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await pas.PostAsJsonAsync(door, new { }, Ct)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Theory]   // 124
    [InlineData("PUT", "/api/letter-templates/x", "trust.admin", """{"title":null,"body":null}""")]
    [InlineData("PUT", "/api/letter-templates/x", "trust.admin", """{"title":"\u0000","body":"{{clinicPhone}}"}""")]
    [InlineData("PUT", "/api/letter-templates/x", "trust.admin", """{"title":"T","body":"{{clinicPhone}}\u0000"}""")]
    [InlineData("PUT", "/api/letter-templates/X%2F..%2Fy", "trust.admin", """{"title":"T","body":"{{clinicPhone}}"}""")]
    [InlineData("PUT", "/api/letter-templates/x", "trust.admin", "null")]
    [InlineData("PUT", "/api/letter-templates/x", "trust.admin", "[[[")]
    [InlineData("GET", "/api/letter-templates/..%2F..%2Fetc%2Fpasswd", "trust.admin", null)]
    [InlineData("POST", "/internal/letters/standing", "standing.read", """{"letterIds":null}""")]
    [InlineData("POST", "/internal/letters/standing", "standing.read", """{"letterIds":["x"]}""")]
    [InlineData("POST", "/internal/letters/standing", "standing.read", "{}")]
    [InlineData("POST", "/internal/appointments/known", "standing.read", """{"appointmentIds":null}""")]
    [InlineData("POST", "/internal/letters/019ab3f2-8c1e-7d55-9f11-3a5b1c9d0e42/print", "print", """{"addressLines":null,"fullName":null,"largePrint":false,"dispatchDate":"2026-01-01"}""")]
    [InlineData("POST", "/internal/letters/019ab3f2-8c1e-7d55-9f11-3a5b1c9d0e42/print", "print", """{"addressLines":[null],"fullName":"x","largePrint":false,"dispatchDate":"2026-01-01"}""")]
    [InlineData("POST", "/internal/letters/nonsense/print", "print", "{}")]
    public async Task Nonsense_is_a_4xx(string method, string path, string scope, string? body)
    {
        using var client = letters.Machine(scope, "someone");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        using var response = await client.SendAsync(request, Ct);
        ((int)response.StatusCode).ShouldBeInRange(400, 499);
    }

    [Fact]
    public async Task Moved_appointment_gets_the_next_version_and_the_old_one_ends()   // A15
    {
        var state = Some.Appointment();
        var ready = await BookAsync(state);
        // Checklist 128: what the nightly count is told.
        using (var count = letters.Machine("standing.read", "appointments"))
        using (var known = await count.PostAsJsonAsync("/internal/appointments/known", new KnownAppointmentsQuery { AppointmentIds = [state.AppointmentId, Guid.CreateVersion7()] }, Ct))
            (await known.Content.ReadFromJsonAsync<KnownAppointment[]>(Ct)).ShouldBe([new KnownAppointment { AppointmentId = state.AppointmentId, Version = state.Version, Revision = state.Revision, PasStatus = state.PasStatus }]);
        await OpenAsync(state.PatientId, ready.LetterId);
        await letters.PublishAsync(new LetterPosted
        {
            LetterId = ready.LetterId,
            LetterVersion = 1,
            PatientId = state.PatientId,
            AppointmentId = state.AppointmentId,
            Revision = 0,
            OccurredAt = DateTimeOffset.UtcNow,
        });
        await Eventually.True(async () => await letters.ScalarAsync<long>($"select count(*) from letter_version where letter_id = '{ready.LetterId}' and posted_at is not null") == 1, "the post was never noted");

        var moved = state.Moved();
        letters.Appointments.Set(moved);
        await letters.PublishAsync(Some.Changed(moved));
        var next = await letters.EventAsync<LetterReady>(e => e.LetterId == ready.LetterId && e.LetterVersion == 2, "the second version never came");
        next.Revision.ShouldBe(1);
        var ended = await letters.EventAsync<LetterSuperseded>(e => e.LetterId == ready.LetterId, "the first version never ended");
        (ended.LetterVersion, ended.ReplacedByVersion).ShouldBe((1, 2));

        (await letters.LettersOfAsync(state.PatientId)).ShouldHaveSingleItem().Opened.ShouldBeFalse();
        var content = await OpenAsync(state.PatientId, ready.LetterId);
        content.Letter.LetterVersion.ShouldBe(2);
        content.ReplacesLetterOf.ShouldBe(ready.LetterDate);
        var html = content.Html.ShouldNotBeNull();
        html.ShouldContain(LondonTime.FormatDate(moved.Start));
        html.ShouldContain($"This letter replaces our letter of {LondonTime.FormatDate(ready.LetterDate)}");
        await letters.EventAsync<LetterOpened>(e => e.LetterId == ready.LetterId && e.LetterVersion == 2, "the second version was never opened");
    }

    [Fact]
    public async Task Moved_before_anyone_saw_the_first_letter_replaces_nothing()   // A15
    {
        var state = Some.Appointment();
        var ready = await BookAsync(state);
        var moved = state.Moved();
        letters.Appointments.Set(moved);
        await letters.PublishAsync(Some.Changed(moved));
        await letters.EventAsync<LetterReady>(e => e.LetterId == ready.LetterId && e.LetterVersion == 2, "the second version never came");
        (await OpenAsync(state.PatientId, ready.LetterId)).ReplacesLetterOf.ShouldBeNull();
    }

    [Fact]
    public async Task Other_edits_of_the_pas_make_no_new_letter_and_an_overtaken_event_changes_nothing()   // A15, design section 4
    {
        var state = Some.Appointment();
        var moved = state.Moved();
        letters.Appointments.Set(moved);
        await letters.PublishAsync(Some.Changed(moved));   // overtook AppointmentBooked
        var ready = await letters.EventAsync<LetterReady>(e => e.AppointmentId == state.AppointmentId, "the letter never came");
        ready.Revision.ShouldBe(1);
        await letters.PublishAsync(Some.Booked(state));
        await letters.PublishAsync(Some.Changed(moved with { Version = 3 }, revisionRaised: false));
        await Eventually.True(async () => await letters.ScalarAsync<int>($"select version from appointment_copy where appointment_id = '{state.AppointmentId}'") == 3, "the newest state was never taken in");

        (await letters.LettersOfAsync(state.PatientId)).ShouldHaveSingleItem().LetterVersion.ShouldBe(1);
        letters.Published.OfType<LetterReady>().Count(e => e.AppointmentId == state.AppointmentId).ShouldBe(1);
    }

    [Theory]
    [InlineData(PasStatus.Cancelled)]
    [InlineData(PasStatus.EnteredInError)]
    public async Task Cancelled_appointment_takes_its_letter_back(PasStatus status)   // A23
    {
        var state = Some.Appointment();
        var ready = await BookAsync(state);
        var gone = state with { PasStatus = status, Version = 2, Invites = false };
        if (status == PasStatus.Cancelled) await letters.PublishAsync(new AppointmentCancelledByHospital { Appointment = gone, AskedByPatient = false, OccurredAt = DateTimeOffset.UtcNow });
        else await letters.PublishAsync(new AppointmentCompleted { Appointment = gone, OccurredAt = DateTimeOffset.UtcNow });

        (await letters.EventAsync<LetterSuperseded>(e => e.LetterId == ready.LetterId, "the letter was never withdrawn")).ReplacedByVersion.ShouldBeNull();
        (await letters.LettersOfAsync(state.PatientId)).ShouldNotContain(letter => letter.LetterId == ready.LetterId);
        (await StandingAsync(ready.LetterId))!.Withdrawn.ShouldBeTrue();
        using var client = letters.ClientOf(state.PatientId);
        (await client.GetAsync($"/api/me/letters/{ready.LetterId}", Ct)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var print = await PrintTests.PrintAsync(letters, ready.LetterId, PrintTests.Order());
        print.StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Letters_disappear_after_24_months()   // R26, A16
    {
        var state = Some.Appointment();
        var ready = await BookAsync(state);
        var today = LondonTime.DateOf(DateTimeOffset.UtcNow);
        await letters.SqlAsync($"update letter set shown_until = '{today:yyyy-MM-dd}' where letter_id = '{ready.LetterId}'");
        (await letters.LettersOfAsync(state.PatientId)).ShouldHaveSingleItem();
        await letters.SqlAsync($"update letter set shown_until = '{today.AddDays(-1):yyyy-MM-dd}' where letter_id = '{ready.LetterId}'");
        (await letters.LettersOfAsync(state.PatientId)).ShouldBeEmpty();
        using var client = letters.ClientOf(state.PatientId);
        (await client.GetAsync($"/api/me/letters/{ready.LetterId}", Ct)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Hidden_clinic_is_never_shown_but_its_letter_stays_printable()   // R1
    {
        var state = Some.Appointment();
        var ready = await BookAsync(state);
        await letters.PublishAsync(Some.Changed(state with { ClinicMode = ClinicMode.Hidden, Invites = false, Version = 2 }, revisionRaised: false));
        await Eventually.True(async () => (await letters.LettersOfAsync(state.PatientId)).Count == 0, "the letter of a hidden clinic is still shown");
        (await StandingAsync(ready.LetterId))!.Withdrawn.ShouldBeFalse();
    }

    [Fact]
    public async Task Merged_patients_letters_belong_to_the_survivor_and_so_do_later_ones()   // A30
    {
        var survivor = Guid.CreateVersion7();
        var state = Some.Appointment();
        var ready = await BookAsync(state);
        await letters.PublishAsync(new PatientMerged { FromPatientId = state.PatientId, ToPatientId = survivor, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await letters.LettersOfAsync(survivor)).Any(l => l.LetterId == ready.LetterId), "the survivor never got the letter");
        (await letters.LettersOfAsync(state.PatientId)).ShouldBeEmpty();

        var later = await BookAsync(Some.Appointment(patientId: state.PatientId), owner: survivor);
        later.PatientId.ShouldBe(survivor);
    }

    [Fact]
    public async Task Appointments_down_delays_the_letter_and_loses_nothing()
    {
        var state = Some.Appointment();
        letters.Appointments.Set(state);
        letters.Appointments.Standings.TryRemove(state.AppointmentId, out var standing).ShouldBeTrue();
        await letters.PublishAsync(Some.Booked(state));
        // Leased, and still due: the claim was made and Appointments did not know it.
        await Eventually.True(async () => await letters.ScalarAsync<long>($"select count(*) from appointment_copy where appointment_id = '{state.AppointmentId}' and letter_due_at > now()") == 1, "the letter was never tried");
        letters.Appointments.Standings[state.AppointmentId] = standing!;
        await letters.EventAsync<LetterReady>(e => e.AppointmentId == state.AppointmentId, "the letter never came after Appointments was back");
    }

    [Fact]
    public async Task Overdue_letter_becomes_a_task_once()   // A29
    {
        var state = Some.Appointment() with { BookedAt = DateTimeOffset.UtcNow.AddMinutes(-11) };
        await letters.PublishAsync(Some.Booked(state));   // Appointments does not know it
        await Eventually.True(async () => await letters.ScalarAsync<long>($"select count(*) from appointment_copy where appointment_id = '{state.AppointmentId}' and letter_due_at is not null") == 1, "the event was never taken in");
        await letters.WatchAsync();
        await letters.WatchAsync();
        (await letters.EventAsync<RaiseTask>(e => e.AppointmentId == state.AppointmentId, "nobody was alarmed")).Alarmed.ShouldBeTrue();
        letters.Appointments.Set(state);
        await letters.EventAsync<LetterReady>(e => e.AppointmentId == state.AppointmentId, "the letter never came");
        letters.Published.OfType<RaiseTask>().Count(e => e.AppointmentId == state.AppointmentId).ShouldBe(1);
    }

    [Fact]
    public async Task Campaign_of_hundreds_makes_every_letter_once()
    {
        var states = Enumerable.Range(0, 300).Select(_ => Some.Appointment()).ToList();
        states.ForEach(s => letters.Appointments.Set(s));
        await Task.WhenAll(states.Select(s => letters.PublishAsync(Some.Booked(s))));
        var ids = states.Select(s => s.AppointmentId).ToHashSet();
        await Eventually.True(() => letters.Published.OfType<LetterReady>().Count(e => e.AppointmentId is { } id && ids.Contains(id)) >= 300, "not all letters were made", TimeSpan.FromSeconds(90));
        letters.Published.OfType<LetterReady>().Where(e => e.AppointmentId is { } id && ids.Contains(id)).Select(e => e.AppointmentId).Distinct().Count().ShouldBe(300);
        letters.Published.OfType<LetterReady>().Count(e => e.AppointmentId is { } id && ids.Contains(id)).ShouldBe(300);
    }

    [Fact]
    public async Task No_name_or_address_reaches_a_log()
    {
        await BookAsync(Some.Appointment());
        letters.Logs.ShouldNotContain(line => line.Contains("fracture", StringComparison.Ordinal) || line.Contains("0113 496 0000", StringComparison.Ordinal));
    }

    private async Task<LetterReady> BookAsync(AppointmentState state, Guid? owner = null)
    {
        letters.Appointments.Set(state);
        await letters.PublishAsync(Some.Booked(state));
        var ready = await letters.EventAsync<LetterReady>(e => e.AppointmentId == state.AppointmentId, "the letter never came");
        ready.PatientId.ShouldBe(owner ?? state.PatientId);
        return ready;
    }

    private async Task<LetterContent> OpenAsync(Guid patientId, Guid letterId)
    {
        using var client = letters.ClientOf(patientId);
        return (await client.GetFromJsonAsync<LetterContent>($"/api/me/letters/{letterId}", RunningLetters.Json, Ct))!;
    }

    private async Task<LetterStanding?> StandingAsync(Guid letterId)
    {
        using var client = letters.Machine("standing.read", "postal");
        using var response = await client.PostAsJsonAsync("/internal/letters/standing", new LetterStandingQuery { LetterIds = [letterId, Guid.CreateVersion7()] }, Ct);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<List<LetterStanding>>(RunningLetters.Json, Ct))!.SingleOrDefault();
    }

    private static string Without(string json, string member) => string.Join(',', json.Split(',').Where(part => !part.Contains(member, StringComparison.Ordinal)));
}
