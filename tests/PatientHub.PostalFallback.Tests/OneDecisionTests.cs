using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PatientHub.PostalFallback.Consumers;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;
using PatientHub.PostalFallback.Tests.Support;
using PatientHub.PostalFallback.Workers;

namespace PatientHub.PostalFallback.Tests;

/// <summary>
/// Checklist 82: at the very instant of the deadline the letter is opened. Both go through the code that serves them, at once, on real rows: exactly one outcome each.
/// <c>PATIENTHUB_RACES=10000</c> makes it ten thousand.
/// </summary>
public sealed class OneDecisionTests(Servers servers) : IAsyncLifetime
{
    private static readonly int Races = int.TryParse(Environment.GetEnvironmentVariable("PATIENTHUB_RACES"), CultureInfo.InvariantCulture, out var races) ? races : 600;
    private Post _post = null!;

    public async ValueTask InitializeAsync() => _post = await Post.StartAsync(servers, working: false);

    public ValueTask DisposeAsync() => _post.DisposeAsync();

    [Fact]
    public async Task Opening_and_the_deadline_have_one_outcome_each()
    {
        await PromiseAsync();
        var letters = await LettersAsync();
        letters.Count.ShouldBe(Races);
        var order = letters.ToArray();
        Random.Shared.Shuffle(order);
        // Neither side always goes first: the openings walk in one order, the deadline takes the letters in another.
        var posted = DecideAllAsync(letters);
        await Parallel.ForEachAsync(order, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = TestContext.Current.CancellationToken }, OpenAsync);
        var decided = await posted;

        var (opened, printing) = (await CountAsync("Opened"), await CountAsync("Printing"));
        (opened + printing).ShouldBe(Races, "each letter has an outcome, and only one");
        printing.ShouldBe(decided, "what was decided to be posted is posted, opened or not");
        TestContext.Current.SendDiagnosticMessage($"{Races} races: {opened} opened, {printing} posted");
        if (Races >= 1000)
            Math.Min(opened, printing).ShouldBeGreaterThan(0, "both sides must have won some, or nothing raced");
    }

    /// <summary>A lease, a look and a decision for a few letters at a time, as a pass of the worker does.</summary>
    private async Task<int> DecideAllAsync(IReadOnlyList<DueLetter> letters)
    {
        var decided = 0;
        await Parallel.ForEachAsync(letters.Chunk(7), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (some, ct) =>
        {
            await using var scope = _post.Service<IServiceScopeFactory>().CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var batch = Batch.Open(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddHours(1));
            db.Batches.Add(batch);
            await db.SaveChangesAsync(ct);
            var won = await DueDeadlines.DecideAsync((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction(), batch.BatchId, some, ct);
            await transaction.CommitAsync(ct);
            Interlocked.Add(ref decided, won.Count);
        });
        return decided;
    }

    /// <summary>What <see cref="LetterOpenedConsumer"/> does, in its transaction.</summary>
    private async ValueTask OpenAsync(DueLetter letter, CancellationToken cancellationToken)
    {
        await using var scope = _post.Service<IServiceScopeFactory>().CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PostalDbContext>();
        var post = scope.ServiceProvider.GetRequiredService<PatientPost>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var patient = await post.LockAsync(letter.PatientId, cancellationToken);
        var facts = await post.LetterAsync(letter.LetterId, letter.PatientId, cancellationToken);
        facts.Open(letter.LetterVersion);
        await post.LookAtLetterAsync(patient, facts, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Letters without an appointment, one for each patient, all due at the same instant: in an hour, so that the service's own worker, which has just started, takes none.</summary>
    private Task PromiseAsync() => _post.ExecuteAsync($"""
        create temp table promised on commit drop as select gen_random_uuid() as patient_id, gen_random_uuid() as letter_id from generate_series(1, {Races});
        insert into patient (patient_id) select patient_id from promised;
        insert into letter (letter_id, patient_id, version, ladder, ready_at, withdrawn, opened_version, invited_version)
          select letter_id, patient_id, 1, true, now(), false, 0, 0 from promised;
        insert into deadline (deadline_id, patient_id, letter_id, letter_version, postal_notice_days, state, due_at, reason, held, created_at)
          select gen_random_uuid(), patient_id, letter_id, 1, 0, 'Waiting', now() + interval '1 hour', 'Booking', false, now() from promised
        """);

    private async Task<List<DueLetter>> LettersAsync() =>
        await _post.Service<DueDeadlines>().LeaseAsync(DateTimeOffset.UtcNow.AddHours(2), DateTimeOffset.UtcNow, TimeSpan.FromHours(1), Races + 1, TestContext.Current.CancellationToken);

    private async Task<int> CountAsync(string state) => (int)await _post.CountAsync($"select count(*) from deadline where state = '{state}'");
}
