using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class TextFromPatientConfiguration : IEntityTypeConfiguration<TextFromPatient>
{
    public void Configure(EntityTypeBuilder<TextFromPatient> text)
    {
        text.ToTable("text_from_patient");
        text.HasKey(t => t.Id);
        text.Property(t => t.Id).HasMaxLength(60);
        text.Property(t => t.Kind).HasConversion<string>().HasMaxLength(10);
        text.Property(t => t.Number).HasMaxLength(20);
        text.HasIndex(t => t.ReceivedAt, "ix_text_from_patient_open").HasFilter("done_at is null");
        text.HasIndex(t => new { t.NumberKey, t.AnsweredAt }, "ix_text_from_patient_answered").HasFilter("answered_at is not null");
        text.HasIndex(t => t.PatientId, "ix_text_from_patient_patient");
    }
}
