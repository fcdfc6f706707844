using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Persistence.Configurations;

internal sealed class DeskTaskConfiguration : IEntityTypeConfiguration<DeskTask>
{
    public void Configure(EntityTypeBuilder<DeskTask> builder)
    {
        builder.ToTable("task");
        builder.HasKey(t => t.Id);
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Code).HasMaxLength(50);
        builder.Property(t => t.ClaimedBy).HasMaxLength(200);
        builder.Property(t => t.ClaimedByName).HasMaxLength(100);

        // Claiming and withdrawing at once: one wins (A10).
        builder.Property(t => t.Version).IsConcurrencyToken();
        builder.HasIndex(t => t.MergedFrom).HasFilter("merged_from is not null");
        builder.HasIndex(t => new { t.RaisedAt, t.Id }).HasFilter("status in ('Requested', 'InProgress')").HasDatabaseName("ix_task_open");
        builder.HasIndex(t => t.AppointmentId);
        builder.HasIndex(t => t.PatientId);
    }
}
