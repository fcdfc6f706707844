using Microsoft.EntityFrameworkCore;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Persistence;

internal sealed class PostalDbContext(DbContextOptions<PostalDbContext> options) : DbContext(options)
{
    public DbSet<PatientFacts> Patients => Set<PatientFacts>();
    public DbSet<AppointmentFacts> Appointments => Set<AppointmentFacts>();
    public DbSet<LetterFacts> Letters => Set<LetterFacts>();
    public DbSet<Deadline> Deadlines => Set<Deadline>();
    public DbSet<CancellationNews> CancellationNews => Set<CancellationNews>();
    public DbSet<Batch> Batches => Set<Batch>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PostalDbContext).Assembly);
        modelBuilder.AddMessagingTables();
    }
}
