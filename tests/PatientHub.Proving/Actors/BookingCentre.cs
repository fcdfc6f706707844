using System.Text.Json.Nodes;
using PatientHub.Proving.Books;
using PatientHub.Proving.Rig;

namespace PatientHub.Proving.Actors;

/// <summary>A task of the desk as FHIR shows it.</summary>
/// <param name="Version">For If-Match.</param>
/// <param name="AppointmentSourceId">The PAS's id of its appointment; null when it has none.</param>
public sealed record DeskTask(string Id, string Version, string Code, string Status, string? AppointmentSourceId)
{
    public static DeskTask Of(JsonNode task) => new(
        task["id"]!.GetValue<string>(),
        task["meta"]!["versionId"]!.GetValue<string>(),
        task["code"]!["coding"]![0]!["code"]!.GetValue<string>(),
        task["status"]!.GetValue<string>(),
        task["focus"]?["reference"]?.GetValue<string>() is { } reference && reference.StartsWith("Appointment/", StringComparison.Ordinal) ? reference["Appointment/".Length..] : null);
}

/// <summary>The booking centre's desk over <c>/fhir/Task</c>: lists, claims and closes (A9, A10).</summary>
public sealed class BookingCentre(HubUnderTest hub, Ledger ledger) : IDisposable
{
    private readonly MachineClient _client = new(hub, "booking-centre", "tasks");

    /// <summary>Oldest first, all pages. Null: the hub did not answer as it should.</summary>
    public async Task<IReadOnlyList<DeskTask>?> OpenTasksAsync(string? code = null)
    {
        var tasks = new List<DeskTask>();
        for (string? after = null; ;)
        {
            var answer = await _client.SendAsync(HttpMethod.Get, $"fhir/Task?_count=200{(code is null ? "" : "&code=" + code)}{(after is null ? "" : "&_after=" + after)}");
            if (answer is not { Taken: true, Body: { } bundle })
            {
                return null;
            }
            tasks.AddRange((bundle["entry"]?.AsArray() ?? []).Select(entry => DeskTask.Of(entry!["resource"]!)));
            if (bundle["link"]?.AsArray().Any(link => link!["relation"]!.GetValue<string>() == "next") != true)
            {
                return tasks;
            }
            after = tasks[^1].Id;
        }
    }

    /// <summary>Takes it on. The answer's body is the task as it is then.</summary>
    public Task<MachineAnswer?> ClaimAsync(DeskTask task) => PutAsync("claim-task", task, "in-progress", null);

    /// <param name="task">As it was read or claimed.</param>
    /// <param name="outcome">done, kept or not-reached.</param>
    public Task<MachineAnswer?> CloseAsync(DeskTask task, string outcome = "done") => PutAsync("close-task", task, "completed", outcome);

    /// <summary>Claims and closes what is open now; how many were closed for certain.</summary>
    public async Task<int> WorkOffAsync(string? code = null, string outcome = "done")
    {
        var closed = 0;
        foreach (var task in await OpenTasksAsync(code) ?? [])
        {
            var claimed = task.Status == "in-progress" ? task : await ClaimAsync(task) is { Taken: true, Body: { } body } ? DeskTask.Of(body) : null;
            if (claimed is not null && await CloseAsync(claimed, outcome) is { Taken: true })
            {
                closed++;
            }
        }
        return closed;
    }

    public void Dispose() => _client.Dispose();

    private async Task<MachineAnswer?> PutAsync(string act, DeskTask task, string status, string? outcome)
    {
        var body = new JsonObject { ["resourceType"] = "Task", ["id"] = task.Id, ["status"] = status, ["intent"] = "order" };
        if (outcome is not null)
        {
            body["businessStatus"] = Fhir.Concept("https://patienthub.example/CodeSystem/task-outcome", outcome, outcome);
        }
        var answer = await _client.SendAsync(HttpMethod.Put, $"fhir/Task/{task.Id}", body, "application/fhir+json", $"W/\"{task.Version}\"");
        if (answer is not null)
        {
            ledger.Add(new StaffActed(answer.AskedAt, answer.AnsweredAt, answer.Status, act, task.Id));
        }
        return answer;
    }
}
