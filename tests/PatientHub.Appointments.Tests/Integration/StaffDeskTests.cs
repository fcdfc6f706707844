using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Testing;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>The desk of the hospital's staff (R22, R23, A9, A10): a claim locks, an outcome closes, everything is in the trail with the person's name.</summary>
public sealed class StaffDeskTests(AppointmentsSystem system)
{
    private HttpClient Priya => system.Staff("staff-001", "Priya Shah");
    private HttpClient Tom => system.Staff("staff-002", "Tom Fletcher");
    private HttpClient Grace => system.Staff("staff-003", "Grace Adeyemi", supervisor: true);

    [Fact]
    public async Task A_claim_locks_the_task_for_colleagues_and_for_the_patient()
    {
        var (booking, task) = await AskedAsync();
        (await ClaimAsync(Priya, task)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ClaimAsync(Priya, task)).StatusCode.ShouldBe(HttpStatusCode.NoContent); // pressed twice
        await RefusedAsync(await ClaimAsync(Tom, task with { Version = 2 }), "claimed", "Priya Shah");
        await RefusedAsync(await Tom.PostAsJsonAsync($"/internal/desk/tasks/{task.TaskId}/close", new CloseDeskTask { Version = 2, Outcome = "kept" }), "claimed", "Priya Shah");
        await RefusedAsync(await Tom.PostAsJsonAsync($"/internal/desk/tasks/{task.TaskId}/release", new DeskTaskMove { Version = 2 }), "claimed", "Priya Shah");
        await AnswerTests.Refused(await booking.WithdrawAsync(), "claimed");
        (await ReadAsync(Tom, task.TaskId)).Task.ShouldSatisfyAllConditions(t => t.ClaimedBy.ShouldBe("Priya Shah"), t => t.Mine.ShouldBeFalse());

        (await Grace.PostAsJsonAsync($"/internal/desk/tasks/{task.TaskId}/release", new DeskTaskMove { Version = 2 })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await booking.WithdrawAsync()).StatusCode.ShouldBe(HttpStatusCode.NoContent); // open to all, so the patient may withdraw again
        await RefusedAsync(await ClaimAsync(Tom, task with { Version = 4 }), "closed");
        (await TrailAsync(task.TaskId)).ShouldBe([("Grace Adeyemi", StaffActs.TaskReleased), ("Priya Shah", StaffActs.TaskClaimed)]);
    }

    [Fact]
    public async Task Two_agents_at_once_one_has_it()
    {
        for (var round = 0; round < 5; round++)
        {
            var (_, task) = await AskedAsync();
            var answers = await Task.WhenAll(ClaimAsync(Priya, task), ClaimAsync(Tom, task));
            answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
            answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(1);
        }
    }

    [Fact] // A9
    public async Task Not_reached_needs_three_calls_on_two_working_days()
    {
        var (booking, task) = await AskedAsync();
        (await ClaimAsync(Priya, task)).EnsureSuccessStatusCode();
        await RefusedAsync(await CloseAsync(Priya, task.TaskId, "not-reached"), "calls-missing");
        var call = Guid.CreateVersion7();
        for (var repeat = 0; repeat < 2; repeat++) // the same call is noted once
            (await Priya.PostAsJsonAsync($"/internal/desk/tasks/{task.TaskId}/calls", new NoteCall { CallId = call, Note = "no answer" })).EnsureSuccessStatusCode();
        await RefusedAsync(await Tom.PostAsJsonAsync($"/internal/desk/tasks/{task.TaskId}/calls", new NoteCall { CallId = Guid.CreateVersion7() }), "claimed", "Priya Shah");
        (await Priya.PostAsJsonAsync($"/internal/desk/tasks/{task.TaskId}/calls", new NoteCall { CallId = Guid.CreateVersion7() })).EnsureSuccessStatusCode();
        (await Priya.PostAsJsonAsync($"/internal/desk/tasks/{task.TaskId}/calls", new NoteCall { CallId = Guid.CreateVersion7() })).EnsureSuccessStatusCode();
        await RefusedAsync(await CloseAsync(Priya, task.TaskId, "not-reached"), "calls-missing"); // all on one day
        // Two working days that are none of the days between, whatever day this test runs on.
        await system.ExecuteAsync($"update task_call set at = case when id = '{call}' then timestamptz '2026-11-23 10:00Z' else timestamptz '2026-11-24 10:00Z' end where task_id = '{task.TaskId}'");
        (await CloseAsync(Priya, task.TaskId, "not-reached")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await CloseAsync(Priya, task.TaskId, "not-reached")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await RefusedAsync(await CloseAsync(Priya, task.TaskId, "kept"), "closed");
        (await booking.ReadAsync()).RequestOpen.ShouldBeFalse();
        (await system.EventAsync<TaskClosed>(e => e.TaskId == task.TaskId)).Outcome.ShouldBe("not-reached");
        (await TrailAsync(task.TaskId)).Count(line => line.Act == StaffActs.TaskClosed).ShouldBe(1);
    }

    [Fact]
    public async Task A_kind_closes_only_with_its_own_outcomes_and_only_after_a_claim()
    {
        var id = Guid.CreateVersion7();
        await system.SendAsync(new RaiseTask { TaskId = id, Code = TaskCodes.Unprintable, Note = "The address has no postcode.", OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await Priya.GetAsync($"/internal/desk/tasks/{id}")).IsSuccessStatusCode, "the task never came");
        var task = await ReadAsync(Priya, id);
        task.Outcomes.ShouldBe(["done", "not-needed"]);
        (await CloseAsync(Priya, id, "kept")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await RefusedAsync(await CloseAsync(Priya, id, "done", 1), "not-claimed");
        (await ClaimAsync(Priya, task.Task)).EnsureSuccessStatusCode();
        (await CloseAsync(Priya, id, "not-needed")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task The_list_is_by_urgency_and_filtered()
    {
        var (later, laterTask) = await AskedAsync(TimeSpan.FromDays(40));
        var (_, soonerTask) = await AskedAsync(TimeSpan.FromDays(12));
        var alarmed = Guid.CreateVersion7();
        await system.SendAsync(new RaiseTask { TaskId = alarmed, Code = TaskCodes.SafeRoute, Alarmed = true, Note = "Tell by the safe route.", OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await Priya.GetAsync($"/internal/desk/tasks/{alarmed}")).IsSuccessStatusCode, "the task never came");
        var order = new List<Guid>();
        for (var page = 1; ; page++)
        {
            var list = (await Priya.GetFromJsonAsync<DeskTaskPage>($"/internal/desk/tasks?page={page}", AppointmentsSystem.Json))!;
            order.AddRange(list.Tasks.Select(task => task.TaskId));
            if (page >= list.Pages) break;
        }
        order.IndexOf(alarmed).ShouldBeLessThan(order.IndexOf(soonerTask.TaskId));
        order.IndexOf(soonerTask.TaskId).ShouldBeLessThan(order.IndexOf(laterTask.TaskId));

        var clinic = system.Ids.Clinic("pas", later.Clinic);
        var filtered = (await Priya.GetFromJsonAsync<DeskTaskPage>($"/internal/desk/tasks?kind=rebook&clinic={clinic}", AppointmentsSystem.Json))!;
        filtered.Tasks.Select(task => task.TaskId).ShouldBe([laterTask.TaskId]);
        filtered.Clinics.ShouldContain(found => found.Key == clinic.ToString() && found.Name == "Fracture clinic" && found.Count == 1);
        (await ClaimAsync(Tom, laterTask)).EnsureSuccessStatusCode();
        (await Tom.GetFromJsonAsync<DeskTaskPage>($"/internal/desk/tasks?mine=true&clinic={clinic}", AppointmentsSystem.Json))!.Total.ShouldBe(1);
        (await Priya.GetFromJsonAsync<DeskTaskPage>($"/internal/desk/tasks?mine=true&clinic={clinic}", AppointmentsSystem.Json))!.Total.ShouldBe(0);
    }

    [Fact]
    public async Task What_nobody_claims_in_time_is_overdue_and_alarms_once()
    {
        var (_, task) = await AskedAsync();
        (await ReadAsync(Priya, task.TaskId)).Task.Overdue.ShouldBeFalse();
        await system.ExecuteAsync($"update task set raised_at = raised_at - interval '6 days' where id = '{task.TaskId}'");
        await Eventually.True(async () => (await ReadAsync(Priya, task.TaskId)).Task.Overdue, "the task never became overdue");
        system.Log.Count(line => line.Contains("nobody has claimed task", StringComparison.Ordinal) && line.Contains(task.TaskId.ToString(), StringComparison.Ordinal) && line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task An_act_is_written_down_before_and_confirmed_after()
    {
        var (act, patient) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        (await Priya.PutAsJsonAsync($"/internal/desk/acts/{act}", new IntendStaffAct { Act = StaffActs.OptOut, PatientId = patient, Why = "asked on the phone" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Priya.PutAsJsonAsync($"/internal/desk/acts/{act}", new IntendStaffAct { Act = StaffActs.OptOut, PatientId = patient, Why = "asked on the phone" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Tom.PutAsJsonAsync($"/internal/desk/acts/{act}", new IntendStaffAct { Act = StaffActs.OptOut, PatientId = patient })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Priya.PutAsJsonAsync($"/internal/desk/acts/{Guid.CreateVersion7()}", new IntendStaffAct { Act = "nonsense" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ActsAsync(patient)).Single().Done.ShouldBeFalse();
        await system.SendAsync(new RecordStaffAct { ActId = act, Act = StaffActs.OptOut, StaffId = "staff-001", PatientId = patient, OccurredAt = DateTimeOffset.UtcNow });
        // An act that nobody has announced is in the trail too, with the person's name from another line.
        await system.SendAsync(new RecordStaffAct { ActId = Guid.CreateVersion7(), Act = StaffActs.PatientRead, StaffId = "staff-001", PatientId = patient, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await ActsAsync(patient)) is { Count: 2 } acts && acts.All(line => line.Done && line.By == "Priya Shah"), "the act was never confirmed");
        (await ActsAsync(patient)).Single(line => line.Act == StaffActs.OptOut).Why.ShouldBe("asked on the phone");
        system.Log.ShouldNotContain(line => line.Contains("asked on the phone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_staff_come_in_and_only_supervisors_read_the_whole_trail()
    {
        foreach (var stranger in new[] { system.Client(null), system.Desk, system.TrustAdmin, system.Machine("desk"), system.Patient(Guid.CreateVersion7()) })
            ((int)(await stranger.GetAsync("/internal/desk/tasks")).StatusCode).ShouldBeOneOf(401, 403);
        (await Priya.GetAsync("/internal/desk/acts")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Grace.GetAsync("/internal/desk/acts")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Priya.GetAsync($"/internal/desk/tasks/{Guid.CreateVersion7()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<(Booking Booking, DeskTaskLine Task)> AskedAsync(TimeSpan? ahead = null)
    {
        var booking = await system.BookAsync(ahead, letter: false);
        (await booking.RebookAsync()).EnsureSuccessStatusCode();
        var list = (await Priya.GetFromJsonAsync<DeskTaskPage>($"/internal/desk/tasks?clinic={system.Ids.Clinic("pas", booking.Clinic)}", AppointmentsSystem.Json))!;
        return (booking, list.Tasks.Single());
    }

    private static Task<HttpResponseMessage> ClaimAsync(HttpClient who, DeskTaskLine task) => who.PostAsJsonAsync($"/internal/desk/tasks/{task.TaskId}/claim", new DeskTaskMove { Version = task.Version });

    private static async Task<HttpResponseMessage> CloseAsync(HttpClient who, Guid id, string outcome, int version = 2) =>
        await who.PostAsJsonAsync($"/internal/desk/tasks/{id}/close", new CloseDeskTask { Version = version, Outcome = outcome });

    private static async Task<DeskTaskDetails> ReadAsync(HttpClient who, Guid id) => (await who.GetFromJsonAsync<DeskTaskDetails>($"/internal/desk/tasks/{id}", AppointmentsSystem.Json))!;

    private async Task<List<StaffActLine>> ActsAsync(Guid patient) => (await Priya.GetFromJsonAsync<List<StaffActLine>>($"/internal/desk/acts?patient={patient}", AppointmentsSystem.Json))!;

    private async Task<List<(string By, string Act)>> TrailAsync(Guid task) =>
        [.. (await Priya.GetFromJsonAsync<List<StaffActLine>>($"/internal/desk/acts?task={task}", AppointmentsSystem.Json))!.Select(line => (line.By, line.Act))];

    private static async Task RefusedAsync(HttpResponseMessage response, string code, string? by = null)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe(code);
        if (by is not null) problem.GetProperty("by").GetString().ShouldBe(by);
    }
}
