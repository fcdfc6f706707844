using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Persistence.Configurations;

internal sealed class DeadlineConfiguration : IEntityTypeConfiguration<Deadline>
{
    public void Configure(EntityTypeBuilder<Deadline> builder)
    {
        builder.ToTable("deadline");
        builder.HasKey(deadline => deadline.DeadlineId);
        builder.Property(deadline => deadline.DeadlineId).ValueGeneratedNever();
        builder.Property(deadline => deadline.State).HasConversion<string>();
        builder.Property(deadline => deadline.Reason).HasConversion<string>();
        builder.Property(deadline => deadline.PrintStatus).HasConversion<string>();
        builder.Ignore(deadline => deadline.IsOpen).Ignore(deadline => deadline.GoesOpenedOrNot).Ignore(deadline => deadline.IsPrintedAgain);
        builder.HasIndex(deadline => deadline.PatientId);

        // One open promise for each revision of an appointment and each version of a letter without one.
        builder.HasIndex(deadline => new { deadline.AppointmentId, deadline.Revision }, "ux_deadline_open_appointment").IsUnique()
            .HasFilter("appointment_id is not null and state in ('Waiting', 'Suspended', 'Printing')");
        builder.HasIndex(deadline => deadline.LetterId, "ux_deadline_open_letter").IsUnique()
            .HasFilter("appointment_id is null and state in ('Waiting', 'Suspended', 'Printing')");
        builder.HasIndex(deadline => new { deadline.AppointmentId, deadline.CreatedAt });
        builder.HasIndex(deadline => deadline.LetterId);
        builder.HasIndex(deadline => deadline.BatchId);

        // The sweep, and the alarm about what it cannot print: an empty look must cost the same whatever waits and whatever has ended, and a claim the same wherever in
        // the table lies what is due. So its order is in the index, a lease finds room on its row's own page and touches no index, and pages are soon known as visible to all.
        builder.HasIndex(deadline => deadline.DueAt, "ix_deadline_due").IncludeProperties(deadline => new { deadline.Start, deadline.DeadlineId }).HasFilter("state in ('Waiting', 'Printing')");
        builder.HasStorageParameter("fillfactor", 85);
        builder.HasStorageParameter("autovacuum_vacuum_scale_factor", 0.02);
    }
}

internal sealed class BatchConfiguration : IEntityTypeConfiguration<Batch>
{
    public void Configure(EntityTypeBuilder<Batch> builder)
    {
        builder.ToTable("batch");
        builder.HasKey(batch => batch.BatchId);
        builder.Property(batch => batch.BatchId).ValueGeneratedNever();
        builder.Property(batch => batch.State).HasConversion<string>();
        builder.HasIndex(batch => batch.Name).IsUnique();
        builder.HasIndex(batch => batch.BatchId, "ix_batch_open").HasFilter("state in ('Open', 'Written')");
        builder.HasIndex(batch => batch.HandedOverAt, "ix_batch_unreconciled").HasFilter("state = 'HandedOver' and reconciled_at is null");
        builder.Property(batch => batch.Contents).HasColumnType("jsonb").HasConversion(
            contents => JsonSerializer.Serialize(contents, JsonSerializerOptions.Web),
            json => JsonSerializer.Deserialize<List<BatchLetter>>(json, JsonSerializerOptions.Web),
            // Written once, as a whole: another list is another value.
            new ValueComparer<List<BatchLetter>?>((a, b) => ReferenceEquals(a, b), contents => contents == null ? 0 : contents.Count, contents => contents));
    }
}
