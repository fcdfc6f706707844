using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class MessageConfiguration : IEntityTypeConfiguration<Message>
{
    public void Configure(EntityTypeBuilder<Message> message)
    {
        message.ToTable("message");
        message.HasKey(m => m.Id);
        message.Property(m => m.Channel).HasConversion<string>().HasMaxLength(10);
        message.Property(m => m.Status).HasConversion<string>().HasMaxLength(10);
        message.Property(m => m.Template).HasMaxLength(60);
        message.HasIndex(m => new { m.PatientId, m.CreatedAt }, "ix_message_patient");
    }
}
