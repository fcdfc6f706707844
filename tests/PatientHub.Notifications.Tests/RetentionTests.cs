using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Calendar;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Notifications.Workers;

namespace PatientHub.Notifications.Tests;

/// <summary>A16: after 24 months messages have no words any more; that they were sent is evidence, and kept longer. The clock is set back by fifteen years: nothing else is that old.</summary>
public sealed class RetentionTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private static readonly DateTimeOffset May = LondonTime.ToInstant(new DateOnly(2010, 5, 10), new TimeOnly(10, 0));
    private static readonly DateTimeOffset After = LondonTime.ToInstant(new DateOnly(2012, 5, 11), TimeOnly.MinValue);
    private readonly NotificationsSystem _system = fixture.System;

    [Theory] // Checklist 83, 79
    [InlineData("2010-05-10T22:30:00Z", "2012-05-09T12:00:00Z", true)]
    [InlineData("2010-05-10T22:30:00Z", "2012-05-10T22:59:59Z", true)]
    [InlineData("2010-05-10T22:30:00Z", "2012-05-10T23:00:00Z", false)]
    [InlineData("2008-02-29T10:00:00Z", "2010-02-28T23:59:59Z", true)]
    [InlineData("2008-02-29T10:00:00Z", "2010-03-01T00:00:00Z", false)]
    public async Task Words_are_kept_to_the_end_of_the_last_day(string start, string now, bool kept)
    {
        var message = await MessageAsync(At(start));
        await RemoveAsync(At(now));
        (await BodyAsync(message.Id) == "Dear Amy").ShouldBe(kept);
        (await CountAsync("appointment", "appointment_id", message.Appointment)).ShouldBe(kept ? 1 : 0);
        (await CountAsync("letter", "appointment_id", message.Appointment)).ShouldBe(kept ? 1 : 0);
    }

    [Fact]
    public async Task Evidence_of_sending_stays_six_years()
    {
        var message = await MessageAsync(May);
        await RemoveAsync(After);
        (await BodyAsync(message.Id)).ShouldBe("");
        (await _system.ScalarAsync<bool>("select subject is null and status = 'Delivered' from message where id = $1", message.Id)).ShouldBeTrue();
        foreach (var (table, column, id) in Evidence(message))
            (await CountAsync(table, column, id)).ShouldBe(1, table);

        // Sent 30 days before the appointment.
        await RemoveAsync(May.AddDays(-31).AddMonths(72));
        foreach (var (table, column, id) in Evidence(message))
            (await CountAsync(table, column, id)).ShouldBe(1, table);
        await RemoveAsync(May.AddDays(-28).AddMonths(72));
        foreach (var (table, column, id) in Evidence(message))
            (await CountAsync(table, column, id)).ShouldBe(0, table);
    }

    [Fact]
    public async Task Words_stay_while_the_appointment_is_at_somebodys_desk_and_while_a_step_is_open()
    {
        var (desk, open) = (await MessageAsync(May), await MessageAsync(May, state: "Open"));
        _system.Owners.Appointments[desk.Appointment] = Standing(desk.Appointment);
        await RemoveAsync(After);
        (await BodyAsync(desk.Id)).ShouldBe("Dear Amy");
        (await BodyAsync(open.Id)).ShouldBe("Dear Amy");
        await _system.ScalarAsync<int>("with done as (update journey_step set state = 'Lapsed' where id = $1 returning 1) select 1 from done", open.Step);
        _system.Owners.Appointments.TryRemove(desk.Appointment, out _);
        await RemoveAsync(After);
        (await BodyAsync(desk.Id)).ShouldBe("");
        (await BodyAsync(open.Id)).ShouldBe("");
    }

    [Fact]
    public async Task A_letter_without_an_appointment_counts_from_the_day_it_was_ready()
    {
        var message = await MessageAsync(May, ofAppointment: false);
        await RemoveAsync(At("2012-05-10T22:59:59Z"));
        (await BodyAsync(message.Id)).ShouldBe("Dear Amy");
        await RemoveAsync(After);
        (await BodyAsync(message.Id)).ShouldBe("");
        (await CountAsync("letter", "letter_id", message.Letter)).ShouldBe(0);
    }

    [Fact]
    public async Task One_message_about_two_appointments_keeps_its_words_for_the_later_one()
    {
        var (first, later) = (await MessageAsync(May), await MessageAsync(May.AddMonths(12)));
        await SqlAsync($"update message_step set message_id = '{first.Id}' where step_id = '{later.Step}'; delete from message where id = '{later.Id}'");
        await RemoveAsync(After);
        (await BodyAsync(first.Id)).ShouldBe("Dear Amy");
        (await CountAsync("appointment", "appointment_id", first.Appointment)).ShouldBe(0);
        await RemoveAsync(After.AddMonths(12));
        (await BodyAsync(first.Id)).ShouldBe("");
    }

    [Fact]
    public async Task Texts_from_patients_go_too()
    {
        var text = $"SM{Guid.CreateVersion7():N}";
        await SqlAsync($"insert into text_from_patient (id, kind, number_key, body, received_at, done_at) values ('{text}', 'Reply', decode('01', 'hex'), 'I cannot come', '{May:O}', '{May:O}')");
        await RemoveAsync(At("2012-05-10T22:59:59Z"));
        (await _system.ScalarAsync<long>("select count(*) from text_from_patient where id = $1", text)).ShouldBe(1);
        await RemoveAsync(After);
        (await _system.ScalarAsync<long>("select count(*) from text_from_patient where id = $1", text)).ShouldBe(0);
    }

    private sealed record Stored(Guid Id, Guid Step, Guid Attempt, Guid Appointment, Guid Letter);

    /// <summary>An invitation that was delivered, 30 days before its appointment; without an appointment its letter was ready at that instant.</summary>
    private async Task<Stored> MessageAsync(DateTimeOffset start, string state = "Sent", bool ofAppointment = true)
    {
        var (stored, patient) = (new Stored(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()), Guid.CreateVersion7());
        var (sent, its) = (start.AddDays(-30), ofAppointment ? $"'{stored.Appointment}'" : "null");
        if (ofAppointment)
            await SqlAsync($"""
                insert into appointment (appointment_id, patient_id, version, revision, pas_status, patient_request, request_open, start, clinic_mode, invites, booked_at)
                values ('{stored.Appointment}', '{patient}', 1, 0, 'Fulfilled', 'None', false, '{start:O}', 'Full', true, '{sent:O}')
                """);
        await SqlAsync($"""
            insert into letter (letter_id, patient_id, appointment_id, revision, ready_version, ladder, ended_version, opened_version, posted_version, ready_at)
            values ('{stored.Letter}', '{patient}', {its}, 0, 1, true, 0, 1, 0, '{(ofAppointment ? sent : start):O}');
            insert into journey_step (id, kind, step, patient_id, subject_id, subject_version, letter_id, letter_version, appointment_id, revision, due_at, next_at, state, asked_by_patient, created_at)
            values ('{stored.Step}', 'Invitation', 0, '{patient}', '{stored.Letter}', 1, '{stored.Letter}', 1, {its}, 0, '{sent:O}', '{sent:O}', 'Sent', false, '{sent:O}');
            insert into message_step (step_id, channel, message_id) values ('{stored.Step}', 'Email', '{stored.Id}');
            insert into message (id, patient_id, channel, template, subject, body, status, sent_at, failed_for_good, created_at)
            values ('{stored.Id}', '{patient}', 'Email', 'invitation.v1', 'A letter', 'Dear Amy', 'Delivered', '{sent:O}', false, '{sent:O}');
            insert into attempt (id, message_id, channel, state, provider_id, created_at, accepted_at, ended_at)
            values ('{stored.Attempt}', '{stored.Id}', 'Email', 'Delivered', 'x', '{sent:O}', '{sent:O}', '{sent:O}');
            insert into provider_report (event_id, attempt_id, status, received_at) values ('{stored.Attempt}', '{stored.Attempt}', 'delivered', '{sent:O}')
            """);
        // Open, but not due: the sweep would look at it.
        if (state == "Open")
            await SqlAsync($"update journey_step set state = 'Open', next_at = now() + interval '1 day' where id = '{stored.Step}'");
        return stored;
    }

    private static (string Table, string Column, Guid Id)[] Evidence(Stored stored) =>
        [("provider_report", "attempt_id", stored.Attempt), ("attempt", "id", stored.Attempt), ("message", "id", stored.Id), ("message_step", "message_id", stored.Id), ("journey_step", "id", stored.Step)];

    private static AppointmentStanding Standing(Guid id) => new()
    {
        Appointment = new AppointmentState
        {
            AppointmentId = id,
            PatientId = Guid.CreateVersion7(),
            ClinicId = Guid.CreateVersion7(),
            SourceSystem = "pas",
            SourceId = "a",
            PasStatus = PasStatus.Fulfilled,
            PatientRequest = PatientRequest.CancellationRequested,
            RequestOpen = true,
            Start = May,
            Medium = AppointmentMedium.FaceToFace,
            ClinicMode = ClinicMode.Full,
            Invites = true,
            LetterSource = LetterSource.Template,
            PostalNoticeDays = 0,
            BookedAt = May.AddDays(-30),
            Version = 1,
            Revision = 0,
        },
        SiteAddress = [],
        ClinicName = "Eye clinic",
        ClinicPhone = "0113 496 0000",
        OffersChanges = false,
    };

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    private Task<int> RemoveAsync(DateTimeOffset now) => _system.Services.GetRequiredService<Retention>().RunOnceAsync(now, TestContext.Current.CancellationToken);

    private Task<string> BodyAsync(Guid message) => _system.ScalarAsync<string>("select body from message where id = $1", message);

    private Task<long> CountAsync(string table, string column, Guid id) => _system.ScalarAsync<long>($"select count(*) from {table} where {column} = $1", id);

    private async Task SqlAsync(string sql)
    {
        await using var command = _system.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
