using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.PostalFallback.Tests.Support;

namespace PatientHub.PostalFallback.Tests;

/// <summary>Checklist 128: what the nightly count is told.</summary>
public sealed class KnownAppointmentsTests(Servers servers) : IAsyncLifetime
{
    private const string Path = "/internal/appointments/known";

    private Post _post = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _post = await Post.StartAsync(servers, working: false);

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    [Fact]
    public async Task A_letter_waits_is_late_is_with_people_or_was_posted()
    {
        var (appointment, letter) = await _post.BookAsync(await _post.PatientAsync());
        var id = appointment.AppointmentId;
        (await KnownAsync(id)).ShouldBe(new KnownAppointment { AppointmentId = id, Version = appointment.Version, Revision = appointment.Revision, PasStatus = PasStatus.Booked, Telling = TellingProgress.Waiting });
        await _post.ExecuteAsync($"update deadline set due_at = now() - interval '20 minutes' where appointment_id = '{id}'");
        (await KnownAsync(id)).Telling.ShouldBe(TellingProgress.Waiting, "its alarm may just be on its way");
        await _post.ExecuteAsync($"update deadline set due_at = now() - interval '31 minutes' where appointment_id = '{id}'");
        (await KnownAsync(id)).Telling.ShouldBe(TellingProgress.Waiting, "it was promised only now (A22)");
        await _post.ExecuteAsync($"update deadline set created_at = now() - interval '32 minutes' where appointment_id = '{id}'");
        (await KnownAsync(id)).Telling.ShouldBe(TellingProgress.Late);
        await _post.ExecuteAsync($"update deadline set alarmed_at = now() where appointment_id = '{id}'");
        (await KnownAsync(id)).Telling.ShouldBe(TellingProgress.WithPeople);
        (await _post.RunAsync()).ShouldBe(1);
        (await KnownAsync(id)).Telling.ShouldBe(TellingProgress.Posted);
        (await _post.StateAsync(letter.LetterId)).ShouldBe("Posted");
    }

    [Fact]
    public async Task What_it_never_heard_of_is_left_out_and_only_a_service_may_ask()
    {
        using var service = Client(_post.Tokens.MachineToken("appointments", "standing.read"));
        using var answer = await service.PostAsJsonAsync(Path, new KnownAppointmentsQuery { AppointmentIds = [Guid.CreateVersion7()] }, Ct);
        (await answer.Content.ReadFromJsonAsync<KnownAppointment[]>(Ct)).ShouldBeEmpty();
        using var many = await service.PostAsJsonAsync(Path, new KnownAppointmentsQuery { AppointmentIds = [.. Enumerable.Range(0, 501).Select(_ => Guid.CreateVersion7())] }, Ct);
        many.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var stranger = Client(_post.Tokens.MachineToken("pas", "fhir.write"));
        using var refused = await stranger.PostAsJsonAsync(Path, new KnownAppointmentsQuery { AppointmentIds = [] }, Ct);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<KnownAppointment> KnownAsync(Guid id)
    {
        using var client = Client(_post.Tokens.MachineToken("appointments", "standing.read"));
        using var answer = await client.PostAsJsonAsync(Path, new KnownAppointmentsQuery { AppointmentIds = [id] }, Ct);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<KnownAppointment[]>(Ct))!.Single();
    }

    private HttpClient Client(string token) => new() { BaseAddress = _post.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
}
