using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Domain;
using PatientHub.Messaging;

namespace PatientHub.Identity.Persistence;

/// <summary>Identity's own database. The counters against guessing are written in SQL (<see cref="GuessCounters"/>); here they are only mapped for the schema.</summary>
public sealed class IdentityDbContext(DbContextOptions<IdentityDbContext> options) : DbContext(options)
{
    public DbSet<Patient> Patients => Set<Patient>();
    public DbSet<WrongPersonReport> WrongPersonReports => Set<WrongPersonReport>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<IntakeWarning> IntakeWarnings => Set<IntakeWarning>();
    public DbSet<FeedStop> FeedStops => Set<FeedStop>();
    public DbSet<ContactChanges> ContactChanges => Set<ContactChanges>();
    public DbSet<QuarantinedRecord> QuarantinedRecords => Set<QuarantinedRecord>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(IdentityDbContext).Assembly);
        modelBuilder.AddMessagingTables();
    }
}
