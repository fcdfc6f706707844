using Npgsql;
using PatientHub.Testing;

namespace PatientHub.Messaging.Tests;

public sealed class LargeTableTests(PostgresServer postgres) : IAsyncLifetime
{
    // Four rows a page of PostgreSQL, so that the table has more than one stretch.
    private const int Rows = 10_000;
    private readonly string _name = $"t{Guid.CreateVersion7():n}";
    private NpgsqlDataSource _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync(_name));
        await ExecuteAsync("create table big (id uuid primary key, number int not null, filling text not null)");
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await postgres.DropDatabaseAsync(_name);
    }

    [Fact]
    public async Task Each_row_that_counts_is_met_once_although_those_before_it_are_removed_meanwhile()
    {
        await ExecuteAsync($"insert into big select gen_random_uuid(), i, repeat('x', 1900) from generate_series(1, {Rows}) i");
        var met = new List<Guid>();
        await foreach (var page in PagesAsync(2_500))
        {
            page.Length.ShouldBeLessThanOrEqualTo(700);
            met.AddRange(page);
            await using var remove = _database.CreateCommand("delete from big where id = any($1)");
            remove.Parameters.AddWithValue(page);
            await remove.ExecuteNonQueryAsync(Ct);
        }

        met.Distinct().Count().ShouldBe(met.Count);
        met.Count.ShouldBe(7_500);
        (await ScalarAsync("select count(*) from big")).ShouldBe(2_500);
        (await ScalarAsync("select count(*) from big where number > 2500")).ShouldBe(0);
    }

    [Fact]
    public async Task An_empty_table_has_no_page()
    {
        await foreach (var page in PagesAsync(0))
            page.ShouldBeNull();
    }

    private IAsyncEnumerable<Guid[]> PagesAsync(int above) => LargeTable.PagesAsync(_database, "big", "id", "number > @above", parameters => parameters.AddWithValue("above", above), 700, Ct);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }
}
