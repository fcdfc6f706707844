using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Persistence.Configurations;

internal sealed class AppointmentConfiguration : IEntityTypeConfiguration<Appointment>
{
    public void Configure(EntityTypeBuilder<Appointment> builder)
    {
        builder.ToTable("appointment");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.SourceSystem).HasMaxLength(100);
        builder.Property(a => a.SourceId).HasMaxLength(64);

        // Two answers at once, or an answer and the feed: one wins, the other sees it (checklist 106).
        builder.Property(a => a.Version).IsConcurrencyToken();
        builder.HasIndex(a => a.MergedFrom).HasFilter("merged_from is not null");
        builder.HasIndex(a => new { a.PatientId, a.Start });
        builder.HasIndex(a => new { a.ClinicId, a.Start });
    }
}

internal sealed class AppointmentLetterConfiguration : IEntityTypeConfiguration<AppointmentLetter>
{
    public void Configure(EntityTypeBuilder<AppointmentLetter> builder)
    {
        builder.ToTable("appointment_letter");
        builder.HasKey(l => l.AppointmentId);
        builder.Property(l => l.AppointmentId).ValueGeneratedNever();
        // Consumers lock the row; this shows a writer that does not.
        builder.Property<uint>("xmin").IsRowVersion();
    }
}
