using Microsoft.EntityFrameworkCore;

namespace PatientHub.Messaging.Tests;

/// <summary>A row per effect of a consumer, without any key on the message: a doubled effect is a second row.</summary>
public sealed class Effect
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid NoteId { get; init; }

    public required string By { get; init; }
}

public sealed class Desk
{
    public required Guid Id { get; init; }

    public int Version { get; set; }

    public required string State { get; set; }
}

public sealed class NotesDbContext(DbContextOptions<NotesDbContext> options) : DbContext(options)
{
    public DbSet<Effect> Effects => Set<Effect>();

    public DbSet<Desk> Desks => Set<Desk>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessagingTables();
}
