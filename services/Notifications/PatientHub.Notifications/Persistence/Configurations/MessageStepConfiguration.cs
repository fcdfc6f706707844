using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class MessageStepConfiguration : IEntityTypeConfiguration<MessageStep>
{
    public void Configure(EntityTypeBuilder<MessageStep> told)
    {
        told.ToTable("message_step");
        // One message per step and channel.
        told.HasKey(t => new { t.StepId, t.Channel });
        told.Property(t => t.Channel).HasConversion<string>().HasMaxLength(10);
        told.HasIndex(t => t.MessageId, "ix_message_step_message");
    }
}
