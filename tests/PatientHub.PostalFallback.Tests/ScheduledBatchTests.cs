using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Tests.Support;

namespace PatientHub.PostalFallback.Tests;

/// <summary>Batches at half past five in London on working days: what was due by the last one goes, what fell due since then waits for the next.</summary>
public sealed class ScheduledBatchTests(Servers servers) : IAsyncLifetime
{
    private Post _post = null!;

    public async ValueTask InitializeAsync() => _post = await Post.StartAsync(servers, working: false, more: "--Batches:AtOnce=false");

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    [Fact]
    public async Task Only_what_was_due_by_the_last_cut_off_goes()
    {
        var (_, due) = await _post.BookAsync(await _post.PatientAsync());
        var (_, later) = await _post.BookAsync(await _post.PatientAsync());
        var cutOff = LastSafePosting.LatestCutOff(DateTimeOffset.UtcNow);
        await _post.ExecuteAsync($"update deadline set due_at = '{cutOff:O}' where letter_id = '{due.LetterId}'; update deadline set due_at = '{cutOff.AddSeconds(1):O}' where letter_id = '{later.LetterId}'");
        // A cut-off that comes while we look takes the other one, too: nothing to judge then.
        var posted = await _post.RunAsync();
        if (LastSafePosting.LatestCutOff(DateTimeOffset.UtcNow) != cutOff)
            return;
        posted.ShouldBe(1);
        (await _post.StateAsync(due.LetterId)).ShouldBe("Posted");
        (await _post.StateAsync(later.LetterId)).ShouldBe("Waiting");
        (await _post.CountAsync($"select count(*) from deadline where letter_id = '{later.LetterId}' and alarmed_at is not null")).ShouldBe(0, "its batch is still to come");
    }
}
