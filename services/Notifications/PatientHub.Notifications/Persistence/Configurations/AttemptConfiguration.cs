using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class AttemptConfiguration : IEntityTypeConfiguration<Attempt>
{
    /// <summary>The index that lets no second attempt have a text.</summary>
    public const string OneOwnerPerText = "ux_attempt_text";

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
        // One text belongs to one attempt: where two are unclear, both may find it at the provider in the same second.
        attempt.HasIndex(a => a.ProviderId, OneOwnerPerText).IsUnique().HasDatabaseName(OneOwnerPerText).HasFilter("provider_id is not null and channel = 'Sms'");
        attempt.HasIndex(a => a.CheckAt, "ix_attempt_check").HasFilter("check_at is not null");
        attempt.HasIndex(a => a.RedactAt, "ix_attempt_redact").HasFilter("redact_at is not null");
        attempt.HasIndex(a => a.MessageId, "ix_attempt_message");
    }
}
