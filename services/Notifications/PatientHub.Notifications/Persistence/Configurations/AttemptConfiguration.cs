using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class AttemptConfiguration : IEntityTypeConfiguration<Attempt>
{
    public void Configure(EntityTypeBuilder<Attempt> attempt)
    {
        attempt.ToTable("attempt");
        attempt.HasKey(a => a.Id);
        attempt.Property(a => a.Channel).HasConversion<string>().HasMaxLength(10);
        attempt.Property(a => a.State).HasConversion<string>().HasMaxLength(15);
        attempt.Property(a => a.ProviderId).HasMaxLength(100);
        attempt.Property(a => a.ErrorCode).HasMaxLength(40);
        // At most one attempt of a message that a provider has or may have.
        attempt.HasIndex(a => a.MessageId, "ux_attempt_message").IsUnique().HasFilter("message_id is not null and state <> 'NotAccepted'");
        attempt.HasIndex(a => new { a.CodeId, a.Channel }, "ux_attempt_code").IsUnique().HasFilter("code_id is not null");
        attempt.HasIndex(a => a.CheckAt, "ix_attempt_check").HasFilter("check_at is not null");
        attempt.HasIndex(a => a.RedactAt, "ix_attempt_redact").HasFilter("redact_at is not null");
        attempt.HasIndex(a => a.MessageId, "ix_attempt_message");
    }
}
