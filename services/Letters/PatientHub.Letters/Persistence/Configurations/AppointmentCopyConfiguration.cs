using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Letters.Domain;

namespace PatientHub.Letters.Persistence.Configurations;

internal sealed class AppointmentCopyConfiguration : IEntityTypeConfiguration<AppointmentCopy>
{
    public void Configure(EntityTypeBuilder<AppointmentCopy> table)
    {
        table.ToTable("appointment_copy");
        table.HasKey(a => a.AppointmentId);
        table.Property(a => a.AppointmentId).ValueGeneratedNever();
        table.Property(a => a.PasStatus).HasConversion<string>();
        table.Property(a => a.ClinicMode).HasConversion<string>();
        table.Property(a => a.LetterSource).HasConversion<string>();
        table.HasIndex(a => a.LetterDueAt).HasFilter("letter_due_at is not null");
        table.HasIndex(a => a.PatientId);
    }
}
