using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class JourneyStepConfiguration : IEntityTypeConfiguration<JourneyStep>
{
    public void Configure(EntityTypeBuilder<JourneyStep> step)
    {
        step.ToTable("journey_step");
        step.HasKey(s => s.Id);
        // Room in each page for the claim's new row version beside the old one: then no index has to be written.
        step.HasStorageParameter("fillfactor", 80);
        step.Property(s => s.Kind).HasConversion<string>().HasMaxLength(30);
        step.Property(s => s.State).HasConversion<string>().HasMaxLength(20);
        step.Property(s => s.Reason).HasMaxLength(30);
        // A repeated or overtaken event cannot start a journey twice.
        step.HasIndex(s => new { s.SubjectId, s.SubjectVersion, s.Kind, s.Step }, "ux_journey_step_subject").IsUnique();
        // Due work: only open rows, so that an empty sweep costs the same whatever else the table holds.
        step.HasIndex(s => s.NextAt, "ix_journey_step_due").HasFilter("state = 'Open'");
        step.HasIndex(s => s.PatientId, "ix_journey_step_patient_open").HasFilter("state = 'Open'");
    }
}
