using System.Net;
using System.Net.Http.Json;
using System.Text;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using PatientHub.Appointments.Contracts;
using FhirTask = Hl7.Fhir.Model.Task;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>The booking centre's side: FHIR Task (R22, R23, A9, A10).</summary>
public sealed class DeskTests(AppointmentsSystem system)
{
    private static readonly FhirJsonDeserializer Fhir = new();

    [Fact]
    public async Task A_request_is_listed_claimed_and_closed()
    {
        var booking = await system.BookAsync();
        (await booking.RebookAsync(unsuitable: "not on Mondays")).EnsureSuccessStatusCode();
        var listed = (await ListAsync("?status=requested&code=rebook")).Single(t => t.Focus?.Reference == $"Appointment/{booking.SourceId}");
        listed.Code!.Coding[0].Code.ShouldBe("rebook");
        listed.Input.Single().Value.ShouldBeOfType<FhirString>().Value.ShouldBe("not on Mondays");
        listed.Restriction!.Period!.End.ShouldNotBeNullOrEmpty();

        var (task, etag) = await ReadAsync(listed.Id!);
        task.Status = FhirTask.TaskStatus.InProgress;
        (await PutAsync(task, null)).StatusCode.ShouldBe((HttpStatusCode)428);
        var claimed = await PutAsync(task, etag);
        claimed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PutAsync(task, etag)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed); // another agent was faster

        // A10: claimed, so the patient cannot withdraw any more.
        (await booking.ReadAsync()).CanWithdraw.ShouldBeFalse();
        await AnswerTests.Refused(await booking.WithdrawAsync(), "claimed");

        (task, etag) = await ReadAsync(listed.Id!);
        task.Owner!.Identifier!.Value.ShouldBe("booking-centre");
        task.Status = FhirTask.TaskStatus.Completed;
        (await PutAsync(task, etag)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity); // without an outcome
        task.BusinessStatus = new CodeableConcept { Coding = [new Coding(null, "not-reached")] };
        (await PutAsync(task, etag)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var closed = await system.EventAsync<TaskClosed>(e => e.TaskId.ToString() == listed.Id);
        (closed.Code, closed.Outcome, closed.Appointment!.PatientRequest, closed.Appointment.RequestOpen, closed.Appointment.PasStatus)
            .ShouldBe(("rebook", "not-reached", PatientRequest.None, false, PasStatus.Booked));
        (await booking.ReadAsync()).CanChange.ShouldBeTrue();
        (await ListAsync("?status=requested")).ShouldNotContain(t => t.Id == listed.Id);
        (await ListAsync("?status=completed")).ShouldContain(t => t.Id == listed.Id);

        (task, etag) = await ReadAsync(listed.Id!);
        task.Status = FhirTask.TaskStatus.InProgress;
        (await PutAsync(task, etag)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact] // R23: a request until the hospital has confirmed it
    public async Task A_cancellation_done_by_the_desk_stays_open_until_the_PAS_confirms_it()
    {
        var booking = await system.BookAsync();
        (await booking.CancelAsync()).EnsureSuccessStatusCode();
        var (task, etag) = await ReadAsync((await ListAsync("?code=cancel")).Single(t => t.Focus?.Reference == $"Appointment/{booking.SourceId}").Id!);
        task.Status = FhirTask.TaskStatus.Completed;
        task.BusinessStatus = new CodeableConcept { Coding = [new Coding(null, "done")] };
        (await PutAsync(task, etag)).EnsureSuccessStatusCode();
        var page = await booking.ReadAsync();
        (page.PasStatus, page.PatientRequest, page.RequestOpen).ShouldBe((PasStatus.Booked, PatientRequest.CancellationRequested, true));
        booking.Resource.Status = Appointment.AppointmentStatus.Cancelled;
        (await booking.SendAsync()).EnsureSuccessStatusCode();
        (await booking.ReadAsync()).RequestOpen.ShouldBeFalse();
    }

    [Fact] // A10: claim and withdraw at once: one wins
    public async Task Claim_and_withdraw_at_once_let_one_win()
    {
        for (var round = 0; round < 5; round++)
        {
            var booking = await system.BookAsync();
            (await booking.CancelAsync()).EnsureSuccessStatusCode();
            var (task, etag) = await ReadAsync((await ListAsync("?code=cancel")).Single(t => t.Focus?.Reference == $"Appointment/{booking.SourceId}").Id!);
            task.Status = FhirTask.TaskStatus.InProgress;
            var answers = await Task.WhenAll(PutAsync(task, etag), booking.WithdrawAsync());
            answers.Count(a => a.IsSuccessStatusCode).ShouldBe(1);
            (await booking.ReadAsync()).RequestOpen.ShouldBe(answers[0].IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task List_is_paged_oldest_first()
    {
        for (var i = 0; i < 3; i++) (await (await system.BookAsync(letter: false)).RebookAsync()).EnsureSuccessStatusCode();
        var first = Fhir.Deserialize<Bundle>(await system.Desk.GetStringAsync("/fhir/Task?status=requested,in-progress,completed,cancelled&_count=2"));
        first.Entry.Count.ShouldBe(2);
        var second = Fhir.Deserialize<Bundle>(await system.Desk.GetStringAsync($"/fhir/{first.Link.Single(l => l.Relation == "next").Url}"));
        second.Entry.Select(e => e.Resource!.Id).Intersect(first.Entry.Select(e => e.Resource!.Id)).ShouldBeEmpty();
        first.Entry.Concat(second.Entry).Select(e => ((FhirTask)e.Resource!).AuthoredOn).ShouldBeInOrder();
    }

    [Theory]
    [InlineData("/fhir/Task?status=nonsense", 400)]
    [InlineData("/fhir/Task/nonsense", 404)]
    [InlineData("/fhir/Task/0198c0de-0000-7000-8000-000000000000", 404)]
    public async Task Nonsense_is_an_outcome(string path, int status)
    {
        var response = await system.Desk.GetAsync(path);
        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldContain("OperationOutcome");
    }

    private async Task<FhirTask[]> ListAsync(string query)
    {
        var tasks = new List<FhirTask>();
        for (var path = $"Task{query}&_count=200"; path is not null;)
        {
            var bundle = Fhir.Deserialize<Bundle>(await system.Desk.GetStringAsync($"/fhir/{path}"));
            tasks.AddRange(bundle.Entry.Select(e => (FhirTask)e.Resource!));
            path = bundle.Link.SingleOrDefault(l => l.Relation == "next")?.Url;
        }

        return [.. tasks];
    }

    private async Task<(FhirTask Task, string ETag)> ReadAsync(string id)
    {
        var response = await system.Desk.GetAsync($"/fhir/Task/{id}");
        response.EnsureSuccessStatusCode();
        return (Fhir.Deserialize<FhirTask>(await response.Content.ReadAsStringAsync()), response.Headers.ETag!.ToString());
    }

    private Task<HttpResponseMessage> PutAsync(FhirTask task, string? etag)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/fhir/Task/{task.Id}") { Content = new StringContent(FhirJsonSerializer.Default.SerializeToString(task), Encoding.UTF8, "application/fhir+json") };
        if (etag is not null) request.Headers.TryAddWithoutValidation("If-Match", etag);
        return system.Desk.SendAsync(request);
    }
}
