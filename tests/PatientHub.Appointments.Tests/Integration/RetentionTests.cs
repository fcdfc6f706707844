using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Appointments.Workers;
using PatientHub.Calendar;

namespace PatientHub.Appointments.Tests.Integration;

/// <summary>A16: after 24 months appointments and closed tasks are gone for good. The clock is set back by fifteen years: no appointment of another test is that old.</summary>
public sealed class RetentionTests(AppointmentsSystem system)
{
    private static readonly DateTimeOffset May = LondonTime.ToInstant(new DateOnly(2010, 5, 10), new TimeOnly(10, 0));
    private static readonly DateTimeOffset After = LondonTime.ToInstant(new DateOnly(2012, 5, 11), TimeOnly.MinValue);

    [Theory] // Checklist 83, 79: the last day still counts, on London's calendar; from 29 February it is the 28th
    [InlineData("2010-05-10T22:30:00Z", "2012-05-09T12:00:00Z", true)]
    [InlineData("2010-05-10T22:30:00Z", "2012-05-10T22:59:59Z", true)]
    [InlineData("2010-05-10T22:30:00Z", "2012-05-10T23:00:00Z", false)]
    [InlineData("2008-02-29T10:00:00Z", "2010-02-28T23:59:59Z", true)]
    [InlineData("2008-02-29T10:00:00Z", "2010-03-01T00:00:00Z", false)]
    [InlineData("2010-02-28T10:00:00Z", "2012-02-28T23:59:59Z", true)]
    [InlineData("2010-02-28T10:00:00Z", "2012-02-29T00:00:00Z", false)]
    public async Task An_appointment_is_kept_to_the_end_of_its_last_day(string start, string now, bool kept)
    {
        var appointment = await AppointmentAsync(At(start));
        await RemoveAsync(At(now));
        foreach (var table in (string[])["appointment_letter", "awaited_patient"])
            (await system.CountAsync($"select count(*) from {table} where appointment_id = '{appointment}'")).ShouldBe(kept ? 1 : 0, table);
        (await ExistsAsync("appointment", appointment)).ShouldBe(kept);
    }

    [Fact]
    public async Task An_appointment_with_an_open_task_stays_and_the_task_alarms()
    {
        var (kept, gone) = (await AppointmentAsync(May), await AppointmentAsync(May));
        var (open, closed) = (await TaskAsync(kept, closedAt: null), await TaskAsync(gone, closedAt: After.AddDays(-1)));
        await RemoveAsync(After);
        (await ExistsAsync("appointment", kept)).ShouldBeTrue();
        (await ExistsAsync("appointment", gone)).ShouldBeFalse();
        (await system.CountAsync($"select count(*) from task where id = '{open}' and alarmed")).ShouldBe(1);
        (await ExistsAsync("task", closed)).ShouldBeTrue("it was closed yesterday");
        system.Log.ShouldContain(line => line.Contains("open tasks are about appointments of over 24 months ago", StringComparison.Ordinal));

        await system.ExecuteAsync($"update task set status = 'Completed', closed_at = '{After:O}' where id = '{open}'");
        await RemoveAsync(After);
        (await ExistsAsync("appointment", kept)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_task_goes_24_months_after_it_was_closed_and_an_open_one_never()
    {
        var (closed, open) = (await TaskAsync(appointment: null, closedAt: May), await TaskAsync(appointment: null, closedAt: null));
        await RemoveAsync(At("2012-05-10T22:59:59Z"));
        (await ExistsAsync("task", closed)).ShouldBeTrue();
        await RemoveAsync(After);
        (await ExistsAsync("task", closed)).ShouldBeFalse();
        (await ExistsAsync("task", open)).ShouldBeTrue();
    }

    [Fact]
    public async Task Evidence_of_an_answer_stays_six_years()
    {
        var (appointment, answer) = (await AppointmentAsync(May), Guid.CreateVersion7());
        await system.ExecuteAsync($"""
            insert into answer (id, appointment_id, patient_id, session_id, answer, revision, at)
            values ('{answer}', '{appointment}', '{Guid.CreateVersion7()}', '{Guid.CreateVersion7()}', 'accept', 0, '{May:O}')
            """);
        await RemoveAsync(After);
        (await ExistsAsync("appointment", appointment)).ShouldBeFalse();
        await RemoveAsync(At("2016-05-09T23:00:00Z"));
        (await ExistsAsync("answer", answer)).ShouldBeTrue();
        await RemoveAsync(At("2016-05-10T23:00:00Z"));
        (await ExistsAsync("answer", answer)).ShouldBeFalse();
    }

    [Fact]
    public async Task More_than_one_batch_goes_in_one_round()
    {
        var patient = Guid.CreateVersion7();
        await system.ExecuteAsync(Insert("gen_random_uuid()", patient, May) + " from generate_series(1, 1100)");
        (await RemoveAsync(After)).ShouldBeGreaterThanOrEqualTo(1100);
        (await system.CountAsync($"select count(*) from appointment where patient_id = '{patient}'")).ShouldBe(0);
    }

    private async Task<Guid> AppointmentAsync(DateTimeOffset start)
    {
        var (appointment, patient) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await system.ExecuteAsync($"""
            {Insert($"'{appointment}'", patient, start)};
            insert into appointment_letter (appointment_id) values ('{appointment}');
            insert into awaited_patient (patient_id, appointment_id, due_at) values ('{patient}', '{appointment}', '2100-01-01')
            """);
        return appointment;
    }

    private async Task<Guid> TaskAsync(Guid? appointment, DateTimeOffset? closedAt)
    {
        var task = Guid.CreateVersion7();
        await system.ExecuteAsync($"""
            insert into task (id, code, status, alarmed, appointment_id, note, reason, raised_at, call_back_by, closed_at, version)
            values ('{task}', 'cancel', '{(closedAt is null ? "Requested" : "Completed")}', false, {(appointment is { } id ? $"'{id}'" : "null")}, 'Old', 'the patient''s words', '{May:O}', '2010-05-12',
                {(closedAt is { } at ? $"'{at:O}'" : "null")}, 1)
            """);
        return task;
    }

    private static string Insert(string id, Guid patient, DateTimeOffset start) => $"""
        insert into appointment (id, source_system, source_id, source_version, patient_id, clinic_id, pas_status, start, medium, booked_at, booked_in_source, announced, promised, patient_request, request_open,
            request_agreed, moved_since_request, withdrawn, version, revision)
        select {id}, 'pas', 'old', '{start:O}'::timestamptz, '{patient}'::uuid, '{Guid.CreateVersion7()}'::uuid, 'Fulfilled', '{start:O}'::timestamptz, 'FaceToFace', '{start:O}'::timestamptz, '{start:O}'::timestamptz, true, true, 'None', false,
            false, false, false, 1, 0
        """;

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    private Task<int> RemoveAsync(DateTimeOffset now) => system.Services.GetRequiredService<Retention>().RunOnceAsync(now, TestContext.Current.CancellationToken);

    private async Task<bool> ExistsAsync(string table, Guid id) => await system.CountAsync($"select count(*) from {table} where id = '{id}'") == 1;
}
