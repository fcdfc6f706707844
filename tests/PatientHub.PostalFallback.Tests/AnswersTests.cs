using PatientHub.Appointments.Contracts;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Contracts;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.PostalFallback.Tests;

/// <summary>What the print house answers: read again and again, forward only, and never silence (A29).</summary>
public sealed class AnswersTests(Servers servers) : IAsyncLifetime
{
    private Post _post = null!;

    public async ValueTask InitializeAsync() => _post = await Post.StartAsync(servers, working: false);

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    [Fact]
    public async Task Batch_is_answered_closed_and_its_files_deleted()
    {
        var (one, two) = (await PostedAsync(), await PostedAsync());
        var (batch, other) = (await _post.BatchOfAsync(one), await _post.BatchOfAsync(two));
        Directory.GetFiles(_post.Spool, $"{batch}.*").Length.ShouldBe(2);

        await AnswerAsync(batch, one, "ACCEPTED");
        (await StatusAsync(one)).ShouldBe("Accepted");
        Directory.GetFiles(_post.Spool, $"{batch}.*").ShouldBeEmpty();
        Directory.GetFiles(_post.Spool, $"{other}.*").Length.ShouldBe(2, "nobody has answered for this one");
        (await _post.CountAsync("select count(*) from batch where reconciled_at is not null")).ShouldBe(1);

        await AnswerAsync(batch, one, "despatched");
        (await StatusAsync(one)).ShouldBe("Dispatched");
        (await _post.StateAsync(one)).ShouldBe("Posted");
        Answers().ShouldBeEmpty();
        _post.Heard.Of<RaiseTask>().ShouldNotContain(task => task.LetterId == one);
    }

    [Fact] // late, twice, and in the wrong order
    public async Task States_only_move_forward()
    {
        var letter = await PostedAsync();
        var batch = await _post.BatchOfAsync(letter);
        foreach (var status in (string[])["ACCEPTED", "DISPATCHED", "ACCEPTED", "PRINTED", "REJECTED", "DISPATCHED", "PENDING"])
            await AnswerAsync(batch, letter, status);
        (await StatusAsync(letter)).ShouldBe("Dispatched");
        (await _post.StateAsync(letter)).ShouldBe("Posted");
        (await _post.CountAsync($"select count(*) from deadline where letter_id = '{letter}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Technical_rejection_prints_again_once_and_then_people_do_it()
    {
        var letter = await PostedAsync();
        var batch = await _post.BatchOfAsync(letter);
        await AnswerAsync(batch, letter, "REJECTED", "checksum");
        await AnswerAsync(batch, letter, "REJECTED", "checksum"); // the same file again
        (await _post.CountAsync($"select count(*) from deadline where letter_id = '{letter}'")).ShouldBe(2);
        await TaskAsync(letter, TaskCodes.Unprintable, alarmed: false, 1);
        (await _post.RunAsync()).ShouldBe(1);
        var second = await _post.BatchOfAsync(letter);
        second.ShouldNotBe(batch);

        await AnswerAsync(second, letter, "FAILED");
        (await _post.StateAsync(letter)).ShouldBe("Rejected");
        await TaskAsync(letter, TaskCodes.Unprintable, alarmed: true, 1);
        (await _post.RunAsync()).ShouldBe(0);
        (await _post.CountAsync($"select count(*) from deadline where letter_id = '{letter}'")).ShouldBe(2);
    }

    [Fact] // A3: in the hub meanwhile
    public async Task Rejected_letter_that_was_opened_is_not_printed_again()
    {
        var (_, ready) = await _post.BookAsync(await _post.PatientAsync());
        await PostAllAsync();
        await _post.PublishAsync(Post.Opened(ready));
        await Eventually.True(async () => await _post.CountAsync($"select count(*) from letter where letter_id = '{ready.LetterId}' and opened_version = 1") == 1, "the opening was never taken");
        await AnswerAsync(await _post.BatchOfAsync(ready.LetterId), ready.LetterId, "FAILED", "PRINTER");
        (await _post.StateAsync(ready.LetterId)).ShouldBe("Opened");
        (await _post.RunAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("REJECTED", "ADDRESS"), InlineData("REJECTED", null), InlineData("CANCELLED", "SPECIFICATION")]
    public async Task Rejection_of_the_letter_itself_goes_to_people_at_once(string status, string? reason)
    {
        var letter = await PostedAsync();
        await AnswerAsync(await _post.BatchOfAsync(letter), letter, status, reason);
        (await _post.StateAsync(letter)).ShouldBe("Rejected");
        await TaskAsync(letter, TaskCodes.Unprintable, alarmed: true, 1);
        (await _post.CountAsync($"select count(*) from deadline where letter_id = '{letter}'")).ShouldBe(1);
    }

    [Fact] // checklist 59
    public async Task Duplicate_is_as_good_as_accepted()
    {
        var letter = await PostedAsync();
        await AnswerAsync(await _post.BatchOfAsync(letter), letter, "REJECTED", "DUPLICATE");
        ((await StatusAsync(letter)), (await _post.StateAsync(letter))).ShouldBe(("Accepted", "Posted"));
    }

    [Fact]
    public async Task Returned_letter_names_its_address_and_makes_a_task_once()
    {
        var patient = await _post.PatientAsync();
        var (_, ready) = await _post.BookAsync(patient);
        await PostAllAsync();
        var batch = await _post.BatchOfAsync(ready.LetterId);
        foreach (var status in (string[])["DISPATCHED", "RETURNED", "RETURNED", "DELIVERED"])
            await AnswerAsync(batch, ready.LetterId, status, status == "RETURNED" ? "gone away, said Mrs Smith" : null);
        await Eventually.True(() => _post.Heard.Of<LetterReturned>().Any(returned => returned.LetterId == ready.LetterId), "nobody was told of the return");
        var told = _post.Heard.Of<LetterReturned>().Where(returned => returned.LetterId == ready.LetterId).ShouldHaveSingleItem();
        (told.PatientId, told.AddressId, told.Reason).ShouldBe((patient, Post.AddressOf(patient), "OTHER"), "free text could hold anything");
        await TaskAsync(ready.LetterId, TaskCodes.ContactDoubtful, alarmed: true, 1);
        (await StatusAsync(ready.LetterId)).ShouldBe("Returned");
    }

    [Fact] // until the record names another address
    public async Task Letter_to_an_address_that_brought_one_back_is_a_task()
    {
        var patient = await _post.PatientAsync();
        _post.Neighbours.Addresses[patient] = _post.Neighbours.Addresses[patient] with { Returned = true, Lines = [] };
        var (_, ready) = await _post.BookAsync(patient);
        await PostAllAsync();
        (await _post.StateAsync(ready.LetterId)).ShouldBe("HandedToPeople");
        await TaskAsync(ready.LetterId, TaskCodes.Unprintable, alarmed: true, 1);
    }

    [Fact]
    public async Task What_cannot_be_understood_is_an_alarm_and_takes_nothing_with_it()
    {
        var letter = await PostedAsync();
        var batch = await _post.BatchOfAsync(letter);
        await File.WriteAllTextAsync(Path.Combine(_post.Spool, "answers", "1.csv"), "\0\0not,a\rtable\"", TestContext.Current.CancellationToken);
        await _post.AnswerAsync(batch, [(letter, "ACCEPTED", null), (Guid.CreateVersion7(), "ACCEPTED", null), (letter, "EATEN", null), (Guid.CreateVersion7(), "RETURNED", null)]);
        await _post.ReadAnswersAsync();
        await _post.ReadAnswersAsync();
        (await StatusAsync(letter)).ShouldBe("Accepted");
        Directory.GetFiles(Path.Combine(_post.Spool, "answers"), "*.bad").Length.ShouldBe(2);
        await Eventually.True(() => _post.Heard.Of<RaiseTask>().Count(task => task is { LetterId: null, Code: TaskCodes.Undeliverable, Alarmed: true }) == 2, "nobody was told");
    }

    [Fact]
    public async Task Silence_for_a_working_day_is_an_alarm_once()
    {
        var letter = await PostedAsync();
        await _post.ReadAnswersAsync();
        await _post.ExecuteAsync("update batch set handed_over_at = now() - interval '15 days'");
        await _post.ReadAnswersAsync();
        await _post.ReadAnswersAsync();
        await Eventually.True(() => _post.Heard.Of<RaiseTask>().Any(task => task is { LetterId: null, Alarmed: true }), "nobody was told");
        (await _post.CountAsync("select count(*) from batch where alarmed_at is not null")).ShouldBe(1);
        (await _post.StateAsync(letter)).ShouldBe("Posted", "it may be on its way: sending it again is for people to decide");
    }

    [Theory] // Friday evening is answered on Monday
    [InlineData("2026-05-14T16:30Z", "2026-05-15T16:30Z"), InlineData("2026-05-15T16:30Z", "2026-05-18T16:30Z"), InlineData("2026-05-01T16:30Z", "2026-05-05T16:30Z")]
    public void Answer_is_due_a_working_day_later(string handedOver, string due) =>
        AnswerDue.By(DateTimeOffset.Parse(handedOver), TimeSpan.FromDays(1)).ShouldBe(DateTimeOffset.Parse(due));

    [Fact]
    public void Every_pair_of_states_moves_forward_or_not_at_all()
    {
        foreach (var from in Enum.GetValues<PrintStatus>())
        {
            foreach (var to in Enum.GetValues<PrintStatus>())
                (PrintProgress.CanFollow(from, to) && PrintProgress.CanFollow(to, from)).ShouldBeFalse($"{from} and {to} would take turns");
            if (from > PrintStatus.Delivered)
                Enum.GetValues<PrintStatus>().ShouldAllBe(to => !PrintProgress.CanFollow(from, to), $"{from} is an end");
        }
    }

    [Fact]
    public void Answers_are_read_in_any_order_of_columns()
    {
        var id = Guid.CreateVersion7();
        var read = AnswerFile.Read(System.Text.Encoding.UTF8.GetBytes($"\uFEFFstatus,letter_version,note,batch,letter_id\n\"Despatched\",2,\"a, \"\"b\"\"\",B1,{id}\nACCEPTED,x,,B1,{id}\n"))!.Value;
        read.Lines.ShouldBe([new AnswerLine("B1", id, 2, PrintStatus.Dispatched, null)]);
        read.Unclear.ShouldBe(1);
        AnswerFile.Read("status,letter_id\n"u8.ToArray()).ShouldBeNull();
        AnswerFile.Read([]).ShouldBeNull();
    }

    private async Task<Guid> PostedAsync()
    {
        var (_, letter) = await _post.BookAsync(await _post.PatientAsync());
        await PostAllAsync();
        (await _post.StateAsync(letter.LetterId)).ShouldBe("Posted");
        return letter.LetterId;
    }

    private async Task PostAllAsync()
    {
        await _post.ExecuteAsync("update deadline set due_at = now() - interval '1 second' where state = 'Waiting'");
        await _post.RunAsync();
    }

    private async Task AnswerAsync(string batch, Guid letterId, string status, string? reason = null)
    {
        await _post.AnswerAsync(batch, [(letterId, status, reason is null ? null : $"\"{reason}\"")]);
        await _post.ReadAnswersAsync();
    }

    private async Task<string?> StatusAsync(Guid letterId)
    {
        await using var command = _post.Database.CreateCommand("select print_status from deadline where letter_id = $1 order by created_at desc limit 1");
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = letterId });
        return await command.ExecuteScalarAsync() as string;
    }

    private Task TaskAsync(Guid letterId, string code, bool alarmed, int times) => Eventually.True(
        () => _post.Heard.Of<RaiseTask>().Count(task => task.LetterId == letterId && task.Code == code && task.Alarmed == alarmed) == times, $"the task {code} was not raised {times} times");

    private string[] Answers() => Directory.GetFiles(Path.Combine(_post.Spool, "answers"));
}
