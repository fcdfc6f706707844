using System.Diagnostics;
using PatientHub.Proving.Books;

namespace PatientHub.Proving.Checking;

/// <summary>
/// The judge of a run: waits for quiet, reads every book, holds what went in against what came out. It knows the product's tables, but calls none of its code.
/// </summary>
public sealed class Checker(HubAccess hub, Ledger ledger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Waits for quiet, then judges. What is only missing (L) may still be on its way, and is looked at again until <paramref name="patience"/> is over; what is too much
    /// (D, N, T) cannot get better.
    /// </summary>
    /// <param name="patience">How long to wait for quiet, and for what is missing.</param>
    /// <param name="untilLadderEnds">Also waits until no letter waits for its time (only with a ladder of seconds).</param>
    /// <param name="known">Violations of earlier: nobody waits for them to go.</param>
    public async Task<Verdict> JudgeAsync(TimeSpan patience, bool untilLadderEnds = false, IReadOnlySet<Violation>? known = null)
    {
        using var reading = new Reading(hub);
        for (var waited = Stopwatch.StartNew(); ;)
        {
            await QuietAsync(reading, patience - waited.Elapsed, untilLadderEnds);
            var verdict = await JudgeNowAsync(await reading.ReadAsync());
            if (waited.Elapsed > patience || verdict.Violations.All(v => !v.Rule.StartsWith('L') || known?.Contains(v) == true))
                return verdict;
            await Task.Delay(Interval);
        }
    }

    private async Task<Verdict> JudgeNowAsync(HubBooks books)
    {
        var verdict = new Verdict();
        verdict.Name(Rules.All.Keys);
        LostRules.Judge(books, ledger, verdict);
        DoubledRules.Judge(books, ledger, verdict);
        await EntryRules.JudgeAsync(hub, books, ledger, verdict);
        TimeRules.Judge(hub, books, verdict);
        return verdict;
    }

    /// <summary>True when nothing moved any more: outboxes and queues empty twice in a row, no message on its way, nothing due.</summary>
    private static async Task<bool> QuietAsync(Reading reading, TimeSpan patience, bool untilLadderEnds)
    {
        var waited = Stopwatch.StartNew();
        // The broker's counts are up to a second old.
        for (var calm = 0; calm < 5;)
        {
            if (waited.Elapsed > patience)
                return false;
            calm = await IsCalmAsync(reading, untilLadderEnds) ? calm + 1 : 0;
            await Task.Delay(Interval);
        }

        return true;
    }

    private static async Task<bool> IsCalmAsync(Reading reading, bool untilLadderEnds)
    {
        if ((await reading.OutboxesAsync()).Any(o => o.Waiting > 0) || (await reading.QueuesAsync()).Any(q => q.Messages > 0 && !IsGrave(q.Name)))
            return false;
        var moving = await reading.RowsAsync("notificationsdb",
            $"""
            select (select count(*) from journey_step where state = 'Sending' or (state = 'Open' and {(untilLadderEnds ? "kind = 'Invitation'" : "next_at < now()")}))
                 + (select count(*) from attempt where state in ('Intent', 'Unclear') and check_at is not null)
            """,
            r => r.GetInt64(0));
        var posting = await reading.RowsAsync("postaldb",
            $"select count(*) from deadline where state = 'Printing' or (state = 'Waiting' and not held and {(untilLadderEnds ? "due_at < now() + interval '1 hour'" : "due_at < now()")})", r => r.GetInt64(0));
        return moving[0] + posting[0] == 0;
    }

    private static bool IsGrave(string queue) => queue.EndsWith("_error", StringComparison.Ordinal) || queue.EndsWith(".dead-letter", StringComparison.Ordinal) || queue == "patienthub.events.unheard";
}
