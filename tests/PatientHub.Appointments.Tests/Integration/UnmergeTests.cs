using System.Net.Http.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts;
using PatientHub.Testing;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>A merge that is taken back (A30): what came with the record goes back, what is the survivor's own stays.</summary>
public sealed class UnmergeTests(AppointmentsSystem system)
{
    [Fact]
    public async Task Appointments_and_tasks_go_back_and_are_told_again()
    {
        var (moved, own) = (await system.BookAsync(), await system.BookAsync());
        (await moved.RebookAsync()).EnsureSuccessStatusCode();
        var (record, survivor) = (moved.PatientId, own.PatientId);
        await system.SendAsync(new PatientMerged { FromPatientId = record, ToPatientId = survivor, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await ListAsync(survivor)).Count == 2, "the merge was never applied");

        await system.SendAsync(new PatientUnmerged { PatientId = record, FromPatientId = survivor, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await ListAsync(record)).Count == 1, "the appointment never went back");
        (await ListAsync(survivor)).Single().AppointmentId.ShouldBe(own.Id);
        (await system.CountAsync($"select count(*) from task where patient_id = '{record}'")).ShouldBe(1);
        var told = await Eventually.NotNull(() => Task.FromResult(system.Events<AppointmentChanged>().FirstOrDefault(e => e.Appointment.AppointmentId == moved.Id && e.Appointment.PatientId == record)), "nobody was told", TimeSpan.FromMinutes(1));
        told.RevisionRaised.ShouldBeFalse();

        // The feed's own words are taken under the record's id again.
        moved.Resource.Start = moved.Resource.Start!.Value.AddHours(1);
        (await moved.SendAsync()).EnsureSuccessStatusCode();
        (await ListAsync(record)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_merge_the_other_way_round_leads_to_the_last_survivor()
    {
        var (one, two) = (await system.BookAsync(letter: false), await system.BookAsync(letter: false));
        var (first, second) = (one.PatientId, two.PatientId);
        await system.SendAsync(new PatientMerged { FromPatientId = first, ToPatientId = second, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await ListAsync(second)).Count == 2, "the merge was never applied");
        await system.SendAsync(new PatientUnmerged { PatientId = first, FromPatientId = second, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await ListAsync(first)).Count == 1, "the appointment never went back");
        await system.SendAsync(new PatientMerged { FromPatientId = second, ToPatientId = first, OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await ListAsync(first)).Count == 2, "the second merge was never applied");
    }

    private async Task<IReadOnlyList<MyAppointment>> ListAsync(Guid patient) => (await system.Patient(patient).GetFromJsonAsync<MyAppointments>("/api/me/appointments", AppointmentsSystem.Json))!.Upcoming;
}
