using Microsoft.Extensions.DependencyInjection;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Letters.Features;
using PatientHub.Letters.Tests.Support;

namespace PatientHub.Letters.Tests;

/// <summary>A16: after 24 months letters are gone for good. The clock is set back by fifteen years and more: no letter of another test is that old.</summary>
public sealed class RetentionTests(RunningLetters letters)
{
    private static readonly DateOnly May = new(2010, 5, 10);

    [Theory] // Checklist 83, 79: the last day still counts, on London's calendar; from 29 February it is the 28th
    [InlineData("2010-05-10", "2012-05-09T12:00:00Z", true)]
    [InlineData("2010-05-10", "2012-05-10T22:59:59Z", true)]
    [InlineData("2010-05-10", "2012-05-10T23:00:00Z", false)]
    [InlineData("2008-02-29", "2010-02-28T23:59:59Z", true)]
    [InlineData("2008-02-29", "2010-03-01T00:00:00Z", false)]
    [InlineData("2010-02-28", "2012-02-28T23:59:59Z", true)]
    [InlineData("2010-02-28", "2012-02-29T00:00:00Z", false)]
    public async Task A_letter_is_kept_to_the_end_of_its_last_day(string date, string now, bool kept)
    {
        var letter = await LetterAsync(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture));
        await RemoveAsync(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        (await ExistsAsync(letter)).ShouldBe(kept);
    }

    [Fact]
    public async Task Versions_texts_and_enclosures_go_with_it_and_a_file_that_others_have_stays()
    {
        var (letter, other) = (await LetterAsync(May), await LetterAsync(May.AddYears(1)));
        var (own, shared, clinics) = (await FileAsync(), await FileAsync(), await FileAsync());
        await EncloseAsync(letter, own, shared, clinics);
        await EncloseAsync(other, shared);
        await letters.SqlAsync($"insert into clinic_enclosure (clinic_id, enclosure_key, file_id) values ('{Guid.CreateVersion7()}', 'leaflet', '{clinics}')");

        (await RemoveAsync(After(May))).ShouldBeGreaterThan(0);

        foreach (var table in (string[])["letter", "letter_version", "letter_body", "letter_enclosure"])
            (await CountAsync(table, "letter_id", letter)).ShouldBe(0, table);
        (await CountAsync("enclosure_file", "file_id", own)).ShouldBe(0);
        (await CountAsync("enclosure_file", "file_id", shared)).ShouldBe(1);
        (await CountAsync("enclosure_file", "file_id", clinics)).ShouldBe(1);
        (await ExistsAsync(other)).ShouldBeTrue();
    }

    [Fact] // A29
    public async Task A_letter_that_was_never_posted_stays_and_is_a_task()
    {
        var waiting = await LetterAsync(May, ladder: true);
        var (opened, posted, ended) = (await LetterAsync(May, ladder: true, "opened_at = now()"), await LetterAsync(May, ladder: true, "posted_at = now()"), await LetterAsync(May, ladder: true, "ended_at = now()"));
        await RemoveAsync(After(May));
        (await ExistsAsync(waiting)).ShouldBeTrue();
        foreach (var letter in new[] { opened, posted, ended })
            (await ExistsAsync(letter)).ShouldBeFalse();
        var task = await letters.EventAsync<RaiseTask>(task => task.LetterId == waiting, "nobody was told of the letter");
        (task.Code, task.Alarmed).ShouldBe((TaskCodes.Undeliverable, true));
        await RemoveAsync(After(May));
        await letters.SqlAsync($"update letter_version set posted_at = now() where letter_id = '{waiting}'");
        await RemoveAsync(After(May));
        (await ExistsAsync(waiting)).ShouldBeFalse();
        letters.Published.OfType<RaiseTask>().Count(raised => raised.LetterId == waiting).ShouldBe(1);
    }

    [Fact]
    public async Task A_letter_stays_while_its_appointment_is_at_somebodys_desk()
    {
        var state = Some.Appointment(start: LondonTime.ToInstant(May, new TimeOnly(10, 0)));
        letters.Appointments.Set(state);
        var letter = await LetterAsync(May, appointment: state.AppointmentId);
        await letters.SqlAsync($"""
            insert into appointment_copy (appointment_id, patient_id, clinic_id, version, revision, pas_status, start, clinic_mode, invites, letter_source, booked_at)
            values ('{state.AppointmentId}', '{state.PatientId}', '{state.ClinicId}', 1, 0, 'Fulfilled', '{state.Start:O}', 'Full', true, 'Template', '{state.Start.AddDays(-30):O}')
            """);
        await RemoveAsync(After(May));
        (await ExistsAsync(letter)).ShouldBeTrue();

        letters.Appointments.Standings.TryRemove(state.AppointmentId, out _);
        await RemoveAsync(After(May));
        (await ExistsAsync(letter)).ShouldBeFalse();
        (await CountAsync("appointment_copy", "appointment_id", state.AppointmentId)).ShouldBe(0);
    }

    [Fact] // A34: the row of a document that came as "entered in error" keeps older ones out, for as long as those would be shown
    public async Task A_document_that_was_never_a_letter_is_forgotten_by_its_own_date()
    {
        var letter = Guid.CreateVersion7();
        await letters.SqlAsync($"""
            insert into letter (letter_id, patient_id, origin, status, current_version, title, letter_date, shown_until, source_version)
            values ('{letter}', '{Guid.CreateVersion7()}', 'Pas', 'Withdrawn', 0, '', '-infinity', '-infinity', '{May:yyyy-MM-dd}T10:00:00Z')
            """);
        await RemoveAsync(After(May).AddDays(-1));
        (await ExistsAsync(letter)).ShouldBeTrue();
        await RemoveAsync(After(May));
        (await ExistsAsync(letter)).ShouldBeFalse();
    }

    [Fact]
    public async Task More_than_one_batch_goes_in_one_round()
    {
        var patient = Guid.CreateVersion7();
        await letters.SqlAsync($"""
            with made as (insert into letter (letter_id, patient_id, origin, status, current_version, title, letter_date, shown_until)
                select gen_random_uuid(), '{patient}', 'Pas', 'Current', 1, 'Old', '{May:yyyy-MM-dd}', '{May.AddYears(2):yyyy-MM-dd}' from generate_series(1, 1100) returning letter_id)
            insert into letter_version (letter_id, version, letter_date, phone, ladder, created_at, withdrawn) select letter_id, 1, '{May:yyyy-MM-dd}', '0113', false, now(), false from made
            """);
        (await RemoveAsync(After(May))).ShouldBeGreaterThanOrEqualTo(1100);
        (await CountAsync("letter", "patient_id", patient)).ShouldBe(0);
    }

    private async Task<Guid> LetterAsync(DateOnly date, bool ladder = false, string? then = null, Guid? appointment = null)
    {
        var letter = Guid.CreateVersion7();
        var its = appointment is { } id ? $"'{id}'" : "null";
        await letters.SqlAsync($"""
            insert into letter (letter_id, patient_id, appointment_id, origin, status, current_version, title, letter_date, shown_until)
            values ('{letter}', '{Guid.CreateVersion7()}', {its}, 'Pas', 'Current', 1, 'Old', '{date:yyyy-MM-dd}', '{TwentyFourMonths.LastDay(date):yyyy-MM-dd}');
            insert into letter_version (letter_id, version, appointment_id, letter_date, phone, ladder, created_at, announced_at, withdrawn)
            values ('{letter}', 1, {its}, '{date:yyyy-MM-dd}', '0113 496 0000', {ladder}, now(), now(), false);
            insert into letter_body (letter_id, version, html) values ('{letter}', 1, '<p>Old</p>')
            """);
        if (then is not null) await letters.SqlAsync($"update letter_version set {then} where letter_id = '{letter}'");
        return letter;
    }

    private async Task<Guid> FileAsync()
    {
        var file = Guid.CreateVersion7();
        await letters.SqlAsync($"insert into enclosure_file (file_id, title, html, created_at) values ('{file}', 'Leaflet', '<p>x</p>', now())");
        return file;
    }

    private async Task EncloseAsync(Guid letter, params Guid[] files)
    {
        for (var i = 0; i < files.Length; i++)
            await letters.SqlAsync($"insert into letter_enclosure (letter_id, version, number, file_id, of_clinic) values ('{letter}', 1, {i + 1}, '{files[i]}', false)");
    }

    private static DateTimeOffset After(DateOnly date) => LondonTime.ToInstant(TwentyFourMonths.LastDay(date).AddDays(1), TimeOnly.MinValue);

    private async Task<int> RemoveAsync(DateTimeOffset now) => await letters.Services.GetRequiredService<RemoveOldLetters>().RunOnceAsync(now, TestContext.Current.CancellationToken);

    private async Task<bool> ExistsAsync(Guid letter) => await CountAsync("letter", "letter_id", letter) == 1;

    private async Task<long> CountAsync(string table, string column, Guid id) => await letters.ScalarAsync<long>($"select count(*) from {table} where {column} = '{id}'");
}
