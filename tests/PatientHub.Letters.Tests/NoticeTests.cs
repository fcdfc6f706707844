using System.Net.Http.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.Letters.Tests;

/// <summary>News that reaches the patient by a letter, too (A9, A23, A31).</summary>
public sealed class NoticeTests(RunningLetters letters)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancellation_of_a_promised_appointment_is_told_by_a_letter_once()   // A23
    {
        var state = await BookedAsync();
        var gone = Cancelled(state);
        await CancelAsync(gone);
        var ready = await NewsOfAsync(state);
        (ready.PatientId, ready.AppointmentId, ready.Ladder, ready.Post, ready.AboutRevision).ShouldBe((state.PatientId, null, false, PostRule.UnlessTold, 0));
        var content = await ReadAsync(state.PatientId, ready.LetterId);
        content.Letter.Title.ShouldBe("Your appointment is cancelled");
        content.Phone.ShouldBe("0113 496 0000");
        var html = content.Html.ShouldNotBeNull();
        html.ShouldContain("Please do not come to the hospital for it.");
        html.ShouldContain(LondonTime.FormatDate(state.Start));
        html.ShouldContain(LondonTime.FormatTime(state.Start));
        using var print = await PrintTests.PrintAsync(letters, ready.LetterId, PrintTests.Order());
        print.IsSuccessStatusCode.ShouldBeTrue();

        // Whatever else the PAS changes of it, it is told once.
        await letters.PublishAsync(Some.Changed(gone with { Version = 3 }, revisionRaised: false));
        await KnownAsync(gone with { Version = 3 });
        (await CountAsync($"select count(*) from letter where about_appointment_id = '{state.AppointmentId}'")).ShouldBe(1);
        (await CountAsync($"select count(*) from notice where appointment_id = '{state.AppointmentId}'")).ShouldBe(1);

        // Booked again: who reads "do not come" now would miss it.
        var again = state with { Version = 4, Revision = 2 };
        letters.Appointments.Set(again);
        await letters.PublishAsync(Some.Changed(again));
        (await letters.EventAsync<LetterSuperseded>(e => e.LetterId == ready.LetterId, "the letter about the cancellation was never taken back")).ReplacedByVersion.ShouldBeNull();
        (await letters.LettersOfAsync(state.PatientId)).ShouldNotContain(letter => letter.LetterId == ready.LetterId);
    }

    [Fact]
    public async Task Who_was_promised_no_letter_gets_none_about_the_cancellation_either()   // R1
    {
        var (viewOnly, hidden) = (Some.Appointment(mode: ClinicMode.ViewOnly), await BookedAsync());
        await letters.PublishAsync(Some.Booked(viewOnly));
        await KnownAsync(viewOnly);
        await CancelAsync(Cancelled(viewOnly));
        await CancelAsync(Cancelled(hidden) with { ClinicMode = ClinicMode.Hidden });
        (await CountAsync($"select count(*) from notice where appointment_id in ('{viewOnly.AppointmentId}', '{hidden.AppointmentId}')")).ShouldBe(0);
    }

    [Fact]
    public async Task Clinic_whose_letters_come_from_the_PAS_has_time_to_write_of_the_cancellation_itself()   // A23
    {
        var (source, patient) = ($"a{Guid.CreateVersion7():n}", $"p{Guid.CreateVersion7():n}");
        var silent = await BookedAsync(Some.Appointment(source: LetterSource.Pas));
        var writes = await BookedAsync(Some.Appointment(id: letters.Ids.Appointment("pas", source), patientId: letters.Ids.Patient("pas", patient), source: LetterSource.Pas));
        foreach (var state in new[] { silent, writes })
        {
            await CancelAsync(Cancelled(state));
            (await CountAsync($"select count(*) from notice where appointment_id = '{state.AppointmentId}' and due_at > now() + interval '3 hours'")).ShouldBe(1);
        }

        using var pas = letters.Machine("fhir.write");
        var document = Document.Html("<p>We are sorry</p>") with { Appointment = source, Patient = patient };
        (await pas.PutAsync($"/fhir/DocumentReference/{document.Id}", document.ToContent(), Ct)).EnsureSuccessStatusCode();
        await letters.SqlAsync($"update notice set due_at = now() where appointment_id in ('{silent.AppointmentId}', '{writes.AppointmentId}')");
        await NewsOfAsync(silent);
        await Eventually.True(async () => await CountAsync($"select count(*) from notice where appointment_id = '{writes.AppointmentId}' and due_at is null") == 1, "the notice was never looked at");
        (await CountAsync($"select count(*) from letter where about_appointment_id = '{writes.AppointmentId}'")).ShouldBe(0);
    }

    [Fact]
    public async Task Who_could_not_be_reached_by_phone_is_told_by_a_letter_that_the_appointment_stays()   // A9
    {
        var state = await BookedAsync();
        var kept = state with { Version = 2 };
        var closed = new TaskClosed { TaskId = Guid.CreateVersion7(), Code = TaskCodes.Rebook, Outcome = "not-reached", Appointment = kept, OccurredAt = DateTimeOffset.UtcNow };
        await letters.PublishAsync(closed with { TaskId = Guid.CreateVersion7(), Outcome = "kept" });
        await letters.PublishAsync(closed);
        await letters.PublishAsync(closed);
        var ready = await NewsOfAsync(state);
        (ready.Post, ready.Ladder).ShouldBe((PostRule.Always, false));
        var html = (await ReadAsync(state.PatientId, ready.LetterId)).Html.ShouldNotBeNull();
        html.ShouldContain("your appointment is still booked");
        html.ShouldContain(LondonTime.FormatDate(state.Start));
        (await CountAsync($"select count(*) from notice where appointment_id = '{state.AppointmentId}'")).ShouldBe(1);

        var moved = kept.Moved();
        letters.Appointments.Set(moved);
        await letters.PublishAsync(Some.Changed(moved));
        await letters.EventAsync<LetterSuperseded>(e => e.LetterId == ready.LetterId, "the letter still names the old time");
    }

    [Fact]
    public async Task Parent_and_young_person_are_told_before_16_and_the_young_person_at_16()   // A31
    {
        var (patient, survivor) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var announced = new ContactsEndAnnounced { PatientId = patient, Version = 7, OccurredAt = DateTimeOffset.UtcNow };
        await letters.PublishAsync(announced);
        await letters.PublishAsync(announced);
        var before = await letters.EventAsync<LetterReady>(e => e.PatientId == patient, "nobody was told before the birthday");
        (before.Post, before.Ladder, before.AboutAppointmentId).ShouldBe((PostRule.Always, false, null));
        (await ReadAsync(patient, before.LetterId)).Html.ShouldNotBeNull().ShouldContain("From their 16th birthday on");

        await letters.PublishAsync(new PatientMerged { FromPatientId = patient, ToPatientId = survivor, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await letters.LettersOfAsync(survivor)).Count == 1, "the merge was never heard of");
        await letters.PublishAsync(new ContactsEnded { PatientId = patient, Version = 9, OccurredAt = DateTimeOffset.UtcNow });
        var sixteen = await letters.EventAsync<LetterReady>(e => e.PatientId == survivor && e.LetterId != before.LetterId, "the young person was never told");
        sixteen.Post.ShouldBe(PostRule.Always);
        var content = await ReadAsync(survivor, sixteen.LetterId);
        content.Html.ShouldNotBeNull().ShouldContain("You are 16 now");
        content.Html.ShouldContain(content.Phone);
        (await CountAsync($"select count(*) from notice where subject_id = '{patient}'")).ShouldBe(2);
    }

    [Fact]
    public async Task News_whose_letter_cannot_be_made_is_a_persons_task()   // A29
    {
        var state = await BookedAsync();
        letters.Appointments.Standings.TryRemove(state.AppointmentId, out _);
        await CancelAsync(Cancelled(state));
        await letters.SqlAsync($"update notice set wanted_at = wanted_at - interval '11 minutes' where appointment_id = '{state.AppointmentId}'");
        await letters.WatchAsync();
        await letters.WatchAsync();
        var task = await letters.EventAsync<RaiseTask>(t => t.AppointmentId == state.AppointmentId, "nobody was alarmed");
        (task.Code, task.Alarmed, task.PatientId).ShouldBe((TaskCodes.Undeliverable, true, state.PatientId));
        letters.Published.OfType<RaiseTask>().Count(t => t.AppointmentId == state.AppointmentId).ShouldBe(1);

        letters.Appointments.Set(Cancelled(state));
        await letters.SqlAsync($"update notice set due_at = now() where appointment_id = '{state.AppointmentId}'");
        await NewsOfAsync(state);
    }

    private async Task<AppointmentState> BookedAsync(AppointmentState? state = null)
    {
        state ??= Some.Appointment();
        letters.Appointments.Set(state);
        await letters.PublishAsync(Some.Booked(state));
        await KnownAsync(state);
        // The PAS owes this one and is late (A29).
        if (state.LetterSource == LetterSource.Pas) await letters.SqlAsync($"update appointment_copy set letter_due_at = now() where appointment_id = '{state.AppointmentId}'");
        await letters.EventAsync<LetterReady>(e => e.AppointmentId == state.AppointmentId, "the letter never came");
        return state;
    }

    private static AppointmentState Cancelled(AppointmentState state) => state with { PasStatus = PasStatus.Cancelled, Version = state.Version + 1, Invites = false };

    private async Task CancelAsync(AppointmentState gone)
    {
        if (letters.Appointments.Standings.ContainsKey(gone.AppointmentId)) letters.Appointments.Set(gone);
        await letters.PublishAsync(new AppointmentCancelledByHospital { Appointment = gone, AskedByPatient = false, OccurredAt = DateTimeOffset.UtcNow });
        await KnownAsync(gone);
    }

    private Task KnownAsync(AppointmentState state) => Eventually.True(
        async () => await letters.ScalarAsync<int>($"select version from appointment_copy where appointment_id = '{state.AppointmentId}'") >= state.Version, "the appointment's state was never taken in", TimeSpan.FromSeconds(90));

    private Task<LetterReady> NewsOfAsync(AppointmentState state) => letters.EventAsync<LetterReady>(e => e.AboutAppointmentId == state.AppointmentId, "the letter with the news never came");

    private async Task<LetterContent> ReadAsync(Guid patientId, Guid letterId)
    {
        using var client = letters.ClientOf(patientId);
        return (await client.GetFromJsonAsync<LetterContent>($"/api/me/letters/{letterId}", RunningLetters.Json, Ct))!;
    }

    private async Task<long> CountAsync(string sql) => await letters.ScalarAsync<long>(sql);
}
