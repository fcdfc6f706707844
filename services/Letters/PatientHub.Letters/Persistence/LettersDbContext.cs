using Microsoft.EntityFrameworkCore;
using PatientHub.Letters.Domain;
using PatientHub.Messaging;

namespace PatientHub.Letters.Persistence;

public sealed class LettersDbContext(DbContextOptions<LettersDbContext> options) : DbContext(options)
{
    public DbSet<AppointmentCopy> Appointments => Set<AppointmentCopy>();
    public DbSet<Letter> Letters => Set<Letter>();
    public DbSet<LetterVersion> Versions => Set<LetterVersion>();
    public DbSet<LetterBody> Bodies => Set<LetterBody>();
    public DbSet<EnclosureFile> EnclosureFiles => Set<EnclosureFile>();
    public DbSet<LetterEnclosure> Enclosures => Set<LetterEnclosure>();
    public DbSet<ClinicEnclosure> ClinicEnclosures => Set<ClinicEnclosure>();
    public DbSet<StoredTemplate> Templates => Set<StoredTemplate>();
    public DbSet<FeedIssue> FeedIssues => Set<FeedIssue>();
    public DbSet<Notice> Notices => Set<Notice>();
    public DbSet<PatientMerge> Merges => Set<PatientMerge>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddMessagingTables();
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(LettersDbContext).Assembly);
    }

    /// <summary>
    /// One at a time per appointment (or per letter without one), until the transaction ends: events, documents and the worker all decide on the same few rows.
    /// </summary>
    public Task LockAsync(Guid id, CancellationToken ct) =>
        Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Key(id)})", ct);

    /// <summary>Many of them, always in one order, so that two batches wait for each other instead of deadlocking.</summary>
    public Task LockAsync(IEnumerable<Guid> ids, CancellationToken ct)
    {
        var keys = ids.Select(Key).Distinct().Order().ToArray();
        return Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(key) from unnest({keys}) as key", ct);
    }

    /// <summary>The record that stands for this patient now (A30).</summary>
    public async Task<Guid> SurvivorOfAsync(Guid patientId, CancellationToken ct) =>
        (await Merges.AsNoTracking().SingleOrDefaultAsync(m => m.FromPatientId == patientId, ct))?.ToPatientId ?? patientId;

    /// <summary>Those among these patients that are merged into another, with whom they are now.</summary>
    public async Task<Dictionary<Guid, Guid>> SurvivorsOfAsync(IReadOnlyCollection<Guid> patientIds, CancellationToken ct) =>
        await Merges.AsNoTracking().Where(m => patientIds.Contains(m.FromPatientId)).ToDictionaryAsync(m => m.FromPatientId, m => m.ToPatientId, ct);

    private static long Key(Guid id) => BitConverter.ToInt64(id.ToByteArray(bigEndian: true), 8);
}
