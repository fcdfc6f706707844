using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Identity.Persistence;
using PatientHub.Identity.Tests.Support;
using PatientHub.Identity.Workers;

namespace PatientHub.Identity.Tests;

/// <summary>The schema and its upkeep.</summary>
public sealed class SchemaTests(IdentitySystem identity)
{
    [Fact]
    public void The_migration_is_the_model()
    {
        using var scope = identity.Services.CreateScope();
        scope.ServiceProvider.GetRequiredService<IdentityDbContext>().Database.HasPendingModelChanges().ShouldBeFalse();
    }

    [Fact]
    public async Task Housekeeping_removes_old_counters_and_sessions_and_nothing_else()
    {
        await identity.SqlAsync<object>("""
            insert into sign_in_counter (key, wrong_tries, failed_sign_ins, updated_at) values ('\x01', 5, 0, now() - interval '26 hours'), ('\x02', 5, 0, now() - interval '20 hours');
            insert into codes_sent (destination, sent_at, updated_at) values ('\x01', '{}', now() - interval '26 hours');
            insert into wrong_try_minute (minute, real, decoy) values ('2026-01-01', 1, 0);
            insert into session (id, patient_id, started_at, ends_at) values ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001', now() - interval '26 hours', now() - interval '25 hours');
            """);
        using var worker = ActivatorUtilities.CreateInstance<HousekeepingWorker>(identity.Services);
        (await worker.RunOnceAsync(TestContext.Current.CancellationToken)).ShouldBe(4);
        (await identity.SqlAsync<long>("select count(*) from sign_in_counter where key = '\\x02'")).ShouldBe(1);
    }
}
