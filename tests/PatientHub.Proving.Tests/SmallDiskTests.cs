using Npgsql;
using PatientHub.Proving.Rig;
using PatientHub.Testing;

namespace PatientHub.Proving.Tests;

/// <summary>Disks that fill up under a hub of their own (a write-ahead log that was small cannot be taken away again).</summary>
public sealed class SmallDiskTests
{
    [Fact]
    public async Task A_spool_and_a_log_that_are_full_and_then_have_room_again()
    {
        if (!SmallDisks.ArePossible)
        {
            TestContext.Current.AddWarning("Nothing was tried: only root can mount a small disk. CI is root.");
            return;
        }
        await using var hub = await HubUnderTest.StartAsync(new HubOptions { SmallDisks = true, Ladder = Ladder.Real });
        var spoolFolder = hub.Ready.Parameters["print-spool-folder"];
        var before = Directory.GetFileSystemEntries(spoolFolder).Length;

        var spool = await hub.Disks.ForSpoolAsync(freeKiB: 1024);
        spool.FreeBytes.ShouldBeInRange(900 * 1024, 1100 * 1024);
        spool.Fill();
        spool.FreeBytes.ShouldBe(0);
        Should.Throw<IOException>(() => File.WriteAllText(Path.Combine(spool.Folder, "letter"), new string('x', 10_000)));
        spool.Free();
        File.WriteAllText(Path.Combine(spool.Folder, "letter"), new string('x', 10_000));
        Directory.GetFileSystemEntries(spoolFolder).Length.ShouldBe(before, "nobody outside the hub sees its disk");

        var log = await hub.Disks.ForWalAsync(freeKiB: 48 * 1024);
        log.Fill();
        await using var database = NpgsqlDataSource.Create(hub.ConnectionString("postaldb") + ";Timeout=5;Command Timeout=20");
        await using (var fill = database.CreateCommand("create table filler as select repeat('x', 1000) from generate_series(1, 60000)"))
        {
            await Should.ThrowAsync<NpgsqlException>(() => fill.ExecuteNonQueryAsync());
        }
        log.Free();
        await Eventually.True(async () => await AnswersAsync(database), "PostgreSQL never came back", TimeSpan.FromMinutes(2));
    }

    private static async Task<bool> AnswersAsync(NpgsqlDataSource database)
    {
        try
        {
            await using var write = database.CreateCommand("create table if not exists after_the_flood (x int)");
            await write.ExecuteNonQueryAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // It recovers.
        }
    }
}
