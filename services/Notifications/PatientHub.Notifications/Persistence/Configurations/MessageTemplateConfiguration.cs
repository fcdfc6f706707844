using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class MessageTemplateConfiguration : IEntityTypeConfiguration<MessageTemplate>
{
    public void Configure(EntityTypeBuilder<MessageTemplate> template)
    {
        template.ToTable("message_template");
        template.HasKey(t => new { t.Kind, t.Channel, t.Language, t.Version });
        template.Property(t => t.Kind).HasMaxLength(30);
        template.Property(t => t.Channel).HasConversion<string>().HasMaxLength(10);
        template.Property(t => t.Language).HasMaxLength(12);
        template.Property(t => t.SavedBy).HasMaxLength(100);
    }
}
