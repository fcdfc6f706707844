using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Letters.Domain;

namespace PatientHub.Letters.Persistence.Configurations;

internal sealed class LetterConfiguration : IEntityTypeConfiguration<Letter>
{
    public void Configure(EntityTypeBuilder<Letter> table)
    {
        table.ToTable("letter");
        table.HasKey(l => l.LetterId);
        table.Property(l => l.LetterId).ValueGeneratedNever();
        table.Property(l => l.Origin).HasConversion<string>();
        table.Property(l => l.Status).HasConversion<string>();
        table.Property(l => l.Notice).HasConversion<string>();
        table.Property(l => l.Title).HasMaxLength(200);
        table.HasIndex(l => new { l.PatientId, l.LetterDate });
        // An appointment has one letter of ours; the PAS may send several.
        table.HasIndex(l => l.AppointmentId).HasDatabaseName("ix_letter_appointment");
        table.HasIndex(l => l.AppointmentId, "ux_letter_template").IsUnique().HasDatabaseName("ux_letter_template").HasFilter("origin = 'Template'");
        table.HasIndex(l => l.AboutAppointmentId).HasFilter("about_appointment_id is not null");
        table.HasIndex(l => l.MergedFrom).HasFilter("merged_from is not null");
        table.HasIndex(l => l.AnnounceDueAt).HasFilter("announce_due_at is not null");
    }
}
