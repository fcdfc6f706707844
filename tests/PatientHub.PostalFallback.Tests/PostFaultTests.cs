using PatientHub.PostalFallback.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.PostalFallback.Tests;

/// <summary>Crashes, silence and races; the test itself runs each pass.</summary>
public sealed class PostFaultTests(Servers servers) : IAsyncLifetime
{
    private Post _post = null!;

    public async ValueTask InitializeAsync() => _post = await Post.StartAsync(servers, working: false);

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    [Fact] // checklist 82: one outcome each, by commit order
    public async Task Opening_and_posting_race_on_one_row()
    {
        var patient = await _post.PatientAsync();
        var letters = new List<Letters.Contracts.LetterReady>();
        for (var i = 0; i < 40; i++)
            letters.Add((await _post.BookAsync(patient)).Letter);
        await DueAsync();

        await Task.WhenAll(
            OpenAllAsync(letters),
            _post.RunAsync(), _post.RunAsync());
        await Eventually.True(async () => await _post.CountAsync("select count(*) from deadline where state in ('Opened', 'Posted')") == letters.Count, "a letter has neither been opened nor posted");

        foreach (var letter in letters)
            _post.ManifestsOf(letter.LetterId).Count().ShouldBe(await _post.StateAsync(letter.LetterId) == "Posted" ? 1 : 0);
    }

    [Fact] // checklist 13, 65: killed after the hand-over, before it was recorded
    public async Task Crash_between_writing_and_recording_does_not_print_twice()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        await DueAsync();
        await _post.RunAsync();
        await _post.ExecuteAsync("update deadline set state = 'Printing', posted_at = null; update batch set state = 'Written', lease_until = null");
        var printed = _post.Neighbours.Printed.Count;

        await _post.RestartAsync();
        await PostedAsync(letter.LetterId);
        _post.Neighbours.Printed.Count.ShouldBe(printed);
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
    }

    [Fact] // killed after the .ok; the print house has taken the files before we are back
    public async Task Crash_after_the_ok_and_an_empty_spool_do_not_print_twice()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        await DueAsync();
        await _post.RunAsync();
        await _post.ExecuteAsync("update deadline set state = 'Printing', posted_at = null; update batch set state = 'Written', lease_until = null");
        var printed = _post.Neighbours.Printed.Count;
        foreach (var file in Directory.EnumerateFiles(_post.Spool))
            File.Delete(file);

        await _post.RestartAsync();
        await PostedAsync(letter.LetterId);
        _post.Neighbours.Printed.Count.ShouldBe(printed);
        Directory.EnumerateFiles(_post.Spool).ShouldBeEmpty();
    }

    [Fact] // killed between the file and its .ok: the print house gets it, once
    public async Task Crash_before_the_ok_hands_the_written_batch_over()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        await DueAsync();
        await _post.RunAsync();
        await _post.ExecuteAsync("update deadline set state = 'Printing', posted_at = null; update batch set state = 'Written', lease_until = null");
        var printed = _post.Neighbours.Printed.Count;
        foreach (var file in Directory.EnumerateFiles(_post.Spool, "*.ok"))
            File.Delete(file);

        await _post.RestartAsync();
        await PostedAsync(letter.LetterId);
        _post.Neighbours.Printed.Count.ShouldBe(printed);
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
    }

    [Fact] // killed after the decision, before anything was written: nothing is skipped
    public async Task Crash_between_deciding_and_writing_skips_no_letter()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        await DueAsync();
        await _post.RunAsync();
        await _post.ExecuteAsync("update deadline set state = 'Printing', posted_at = null; update batch set state = 'Open', contents = null, letters = 0, lease_until = null");
        foreach (var file in Directory.EnumerateFiles(_post.Spool))
            File.Delete(file);

        await _post.RestartAsync();
        await PostedAsync(letter.LetterId);
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
    }

    [Fact] // A3, A15: the print house was down for a while, and the patient has read the letter
    public async Task Batch_that_could_not_be_handed_over_for_long_is_looked_at_again()
    {
        var (_, opened) = await _post.BookAsync(await _post.PatientAsync());
        var (_, unread) = await _post.BookAsync(await _post.PatientAsync());
        await DueAsync();
        await _post.RunAsync();
        await _post.ExecuteAsync("update deadline set state = 'Printing', posted_at = null; update batch set state = 'Written', lease_until = null, created_at = now() - interval '20 minutes'");
        foreach (var file in Directory.EnumerateFiles(_post.Spool, "*.ok"))
            File.Delete(file);
        await _post.PublishAsync(Post.Opened(opened));
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from letter where letter_id = '{opened.LetterId}' and opened_version = 1") == 1, "the opening was never taken");

        await Eventually.True(async () => await _post.RunAsync() == 1, "the other letter never went");
        (await _post.StateAsync(opened.LetterId)).ShouldBe("Opened");
        (await _post.StateAsync(unread.LetterId)).ShouldBe("Posted");
        _post.ManifestsOf(opened.LetterId).ShouldBeEmpty();
        _post.ManifestsOf(unread.LetterId).ShouldHaveSingleItem();
        Directory.GetFiles(_post.Spool, "*.zip").ShouldHaveSingleItem();
    }

    [Theory] // killed at the commit of each step; "taken": the print house was quicker than we
    [InlineData("deadline", "Printing", false), InlineData("batch", "Written", false), InlineData("deadline", "Posted", false), InlineData("batch", "HandedOver", false), InlineData("batch", "HandedOver", true)]
    public async Task Crash_at_any_step_prints_each_letter_once_and_skips_none(string table, string state, bool taken)
    {
        var letters = new List<Guid>();
        for (var i = 0; i < 5; i++)
            letters.Add((await _post.BookAsync(await _post.PatientAsync())).Letter.LetterId);
        await DueAsync();
        await _post.ExecuteAsync($"""
            create function crash() returns trigger language plpgsql as $$ begin if new.state = '{state}' then raise exception 'crash'; end if; return new; end $$;
            create trigger crash before update on {table} for each row execute function crash()
            """);
        (await Record.ExceptionAsync(() => _post.RunAsync())).ShouldNotBeNull();
        await _post.ExecuteAsync($"drop trigger crash on {table}; update batch set lease_until = null; update deadline set lease_until = null");
        var house = Directory.CreateTempSubdirectory("patienthub-house-").FullName;
        foreach (var file in Directory.GetFiles(_post.Spool))
            if (taken)
                File.Move(file, Path.Combine(house, Path.GetFileName(file)));
            else if (state == "Written" && file.EndsWith(".zip", StringComparison.Ordinal))
                await File.WriteAllTextAsync(file + ".tmp", "half a file", TestContext.Current.CancellationToken);

        await Eventually.True(async () =>
        {
            await _post.RunAsync();
            return await _post.CountAsync("select count(*) from deadline where state = 'Posted'") == letters.Count;
        }, "a letter was skipped");
        foreach (var letter in letters)
            _post.Manifests().Concat(_post.Manifests(house)).Count(line => line["letterId"]!.GetValue<Guid>() == letter).ShouldBe(1);
        await Eventually.True(() => letters.TrueForAll(letter => _post.Heard.Of<PostalFallback.Contracts.LetterPosted>().Count(posted => posted.LetterId == letter) == 1), "a hand-over was not told, or told twice");
        Directory.GetFiles(_post.Spool, "*.tmp").ShouldBeEmpty();
        Directory.Delete(house, recursive: true);
    }

    [Fact] // design: no reply, letters go
    public async Task Silence_of_appointments_does_not_hold_the_post()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        await DueAsync();
        _post.Neighbours.Appointments.Clear();
        await _post.RunAsync();
        (await _post.StateAsync(letter.LetterId)).ShouldBe("Posted");
    }

    [Fact] // design: Letters down at the deadline: it waits and goes when they are back
    public async Task Letters_that_cannot_be_printed_now_wait_and_go_later()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        await DueAsync();
        _post.Neighbours.Letters.TryRemove(letter.LetterId, out var standing);
        (await _post.RunAsync()).ShouldBe(0);
        (await _post.StateAsync(letter.LetterId)).ShouldBe("Waiting");
        _post.Neighbours.Letters[letter.LetterId] = standing!;
        await Eventually.True(async () => await _post.RunAsync() == 1, "the letter never went");
    }

    [Fact] // A3: opened while it could not be printed
    public async Task Letter_opened_while_printing_failed_is_not_posted_afterwards()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        await DueAsync();
        _post.Neighbours.WhilePrinting = async _ =>
        {
            _post.Neighbours.Letters.TryRemove(letter.LetterId, out var _);
            await _post.PublishAsync(Post.Opened(letter));
            await Eventually.True(async () => await _post.CountAsync($"select count(*) from letter where letter_id = '{letter.LetterId}' and opened_version = 1") == 1, "the opening was never taken");
        };
        (await _post.RunAsync()).ShouldBe(0);
        (await _post.StateAsync(letter.LetterId)).ShouldBe("Opened");
    }

    [Fact] // A29, checklist 127
    public async Task Letter_overdue_for_a_quarter_of_an_hour_is_a_task_once()
    {
        var patient = await _post.PatientAsync();
        var (_, letter) = await _post.BookAsync(patient);
        _post.Neighbours.Addresses.TryRemove(patient, out _);
        await _post.ExecuteAsync("update deadline set due_at = now() - interval '16 minutes', created_at = now() - interval '17 minutes'");
        await _post.RunAsync();
        await _post.RunAsync();
        await Eventually.True(() => _post.Heard.Of<Appointments.Contracts.RaiseTask>().Count(task => task.LetterId == letter.LetterId && task.Alarmed) == 1, "nobody was told");
    }

    [Fact] // A22, A29: too near for the ladder is not the same as overdue
    public async Task Letter_promised_after_its_last_safe_time_alarms_nobody_at_once()
    {
        var patient = await _post.PatientAsync();
        var (_, letter) = await _post.BookAsync(patient, Post.Appointment(patient, startsIn: TimeSpan.FromDays(2)));
        _post.Neighbours.Addresses.TryRemove(patient, out _);
        await _post.RunAsync();
        (await _post.CountAsync($"select count(*) from deadline where letter_id = '{letter.LetterId}' and due_at < now() - interval '15 minutes' and alarmed_at is null")).ShouldBe(1);
    }

    [Fact] // checklist 60
    public async Task More_letters_than_the_print_house_takes_in_a_day_rest_until_the_next_nearest_appointment_first()
    {
        await using var post = await Post.StartAsync(servers, working: false, more: ["--Batches:MostLettersADay=3", "--Batches:Size=2"]);
        var patient = await post.PatientAsync();
        var letters = new List<Guid>();
        foreach (var days in (int[])[50, 20, 40, 30, 60]) // by appointment: second, fourth, third, first, fifth
            letters.Add((await post.BookAsync(patient, Post.Appointment(patient, startsIn: TimeSpan.FromDays(days)))).Letter.LetterId);
        await post.ExecuteAsync("update deadline set due_at = now() - interval '20 minutes', created_at = now() - interval '21 minutes' where state = 'Waiting'");

        (await post.RunAsync()).ShouldBe(3);
        foreach (var (letter, state) in letters.Zip((string[])["Waiting", "Posted", "Posted", "Posted", "Waiting"]))
            (await post.StateAsync(letter)).ShouldBe(state);
        (await post.RunAsync()).ShouldBe(0, "the day is over for the others");
        (await post.CountAsync("select count(*) from deadline where alarmed_at is not null")).ShouldBe(0, "one alarm for all of them, not a task for each");

        // The next day.
        await post.ExecuteAsync("update batch set created_at = created_at - interval '1 day', handed_over_at = handed_over_at - interval '1 day'; update deadline set lease_until = null");
        (await post.RunAsync()).ShouldBe(2);
        foreach (var letter in letters)
            post.ManifestsOf(letter).ShouldHaveSingleItem();
    }

    [Fact] // checklist 24
    public async Task Two_workers_at_once_post_each_letter_once()
    {
        var patient = await _post.PatientAsync();
        var letters = new List<Guid>();
        for (var i = 0; i < 20; i++)
            letters.Add((await _post.BookAsync(patient)).Letter.LetterId);
        await DueAsync();
        var posted = await Task.WhenAll(_post.RunAsync(), _post.RunAsync(), _post.RunAsync());
        posted.Sum().ShouldBe(letters.Count);
        foreach (var letter in letters)
            _post.ManifestsOf(letter).ShouldHaveSingleItem();
    }

    [Fact] // A29: a print that nobody could use is a task, its neighbours go
    public async Task Print_that_cannot_be_used_is_a_task_and_the_others_go()
    {
        var (_, bad) = await _post.BookAsync(await _post.PatientAsync());
        var (_, good) = await _post.BookAsync(await _post.PatientAsync());
        _post.Neighbours.Prints[bad.LetterId] = print => print with { AddressAt = (24.6, 30) };
        await DueAsync();
        (await _post.RunAsync()).ShouldBe(1);
        (await _post.StateAsync(bad.LetterId)).ShouldBe("HandedToPeople");
        (await _post.StateAsync(good.LetterId)).ShouldBe("Posted");
        await TaskAsync(bad.LetterId);
    }

    [Fact] // one wrong letter: nothing of the batch leaves; the right ones are printed and read back again
    public async Task Print_of_another_letter_stops_the_batch()
    {
        var letters = new List<Guid>();
        for (var i = 0; i < 4; i++)
            letters.Add((await _post.BookAsync(await _post.PatientAsync())).Letter.LetterId);
        _post.Neighbours.Prints[letters[2]] = print => print with { StrangePage = 3 };
        await DueAsync();
        // A slow pass may already find the right letters rested.
        await Eventually.True(async () =>
        {
            await _post.RunAsync();
            return await _post.CountAsync("select count(*) from deadline where state = 'Posted'") == 3;
        }, "the right letters never went");
        (await _post.CountAsync("select count(*) from batch where state = 'Stopped'")).ShouldBe(1);
        await using var stopped = _post.Database.CreateCommand("select name from batch where state = 'Stopped'");
        Directory.GetFiles(_post.Spool, $"{(string)(await stopped.ExecuteScalarAsync(TestContext.Current.CancellationToken))!}*").ShouldBeEmpty();
        (await _post.StateAsync(letters[2])).ShouldBe("HandedToPeople");
        await TaskAsync(letters[2]);

        _post.ManifestsOf(letters[2]).ShouldBeEmpty();
        foreach (var letter in letters.Where((_, index) => index != 2))
            _post.ManifestsOf(letter).ShouldHaveSingleItem();
    }

    [Fact] // slow, given up, and back: what the next worker did stays
    public async Task Worker_that_was_given_up_writes_nothing_over_what_the_next_one_did()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        await DueAsync();
        _post.Neighbours.WhilePrinting = async _ =>
        {
            _post.Neighbours.WhilePrinting = null;
            await _post.ExecuteAsync("update batch set lease_until = now() - interval '1 second' where state = 'Open'");
            (await _post.RunAsync()).ShouldBe(1, "the next worker takes the batch up while the first still prints");
        };
        await Should.ThrowAsync<Workers.BatchLostException>(() => _post.RunAsync());
        (await _post.StateAsync(letter.LetterId)).ShouldBe("Posted");
        _post.ManifestsOf(letter.LetterId).ShouldHaveSingleItem();
        await Eventually.True(() => _post.Heard.Of<PostalFallback.Contracts.LetterPosted>().Count(posted => posted.LetterId == letter.LetterId) == 1, "the hand-over was never told");
    }

    [Fact] // the pass runs each second, over millions of promises for later
    public async Task Pass_that_finds_nothing_never_walks_over_what_waits()
    {
        await _post.ExecuteAsync("""
            insert into deadline (deadline_id, patient_id, letter_id, letter_version, postal_notice_days, state, due_at, reason, held, created_at)
            select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 0, 'Waiting', now() + i * interval '1 minute' + interval '1 hour', 'Booking', false, now()
            from generate_series(1, 20000) as i
            """);
        await _post.ExecuteAsync("analyze deadline");
        var walks = await WalksAsync();
        var looks = await LooksAsync();

        // PostgreSQL tells what a connection did a second or so later.
        await Eventually.True(async () =>
        {
            await _post.RunAsync();
            return await LooksAsync() >= looks + 4;
        }, "no pass used the index of due letters");
        (await WalksAsync()).ShouldBe(walks);

        Task<long> WalksAsync() => _post.CountAsync("select seq_scan from pg_stat_user_tables where relname = 'deadline'");
        Task<long> LooksAsync() => _post.CountAsync("select idx_scan from pg_stat_user_indexes where indexrelname = 'ix_deadline_due_at'");
    }

    private async Task OpenAllAsync(IEnumerable<Letters.Contracts.LetterReady> letters)
    {
        foreach (var letter in letters)
            await _post.PublishAsync(Post.Opened(letter));
    }

    private Task TaskAsync(Guid letterId) =>
        Eventually.True(() => _post.Heard.Of<Appointments.Contracts.RaiseTask>().Any(task => task.LetterId == letterId && task is { Code: Appointments.Contracts.TaskCodes.Unprintable, Alarmed: true }), "nobody was told");

    private Task DueAsync() => _post.ExecuteAsync("update deadline set due_at = now() - interval '1 second' where state = 'Waiting'");

    /// <summary>The restarted worker's own first pass takes the batch up; a pass of the test's beside it would find it leased and read the state too early.</summary>
    private Task PostedAsync(Guid letterId) =>
        Eventually.True(async () => await _post.StateAsync(letterId) == "Posted", "the batch that the crash left open was never completed");
}
