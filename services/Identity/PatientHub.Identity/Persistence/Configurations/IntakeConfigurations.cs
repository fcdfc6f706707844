using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Identity.Domain;

namespace PatientHub.Identity.Persistence.Configurations;

internal sealed class IntakeWarningConfiguration : IEntityTypeConfiguration<IntakeWarning>
{
    public void Configure(EntityTypeBuilder<IntakeWarning> warning)
    {
        warning.ToTable("intake_warning");
        warning.HasKey(w => new { w.PatientId, w.Number });
        warning.HasIndex(w => w.ReceivedAt);
    }
}

internal sealed class QuarantinedRecordConfiguration : IEntityTypeConfiguration<QuarantinedRecord>
{
    public void Configure(EntityTypeBuilder<QuarantinedRecord> record)
    {
        record.ToTable("quarantined_record");
        record.HasKey(r => r.PatientId);
        record.Property(r => r.PatientId).ValueGeneratedNever();
        record.Property(r => r.Details).HasColumnType("jsonb");
    }
}

internal sealed class FeedStopConfiguration : IEntityTypeConfiguration<FeedStop>
{
    public void Configure(EntityTypeBuilder<FeedStop> stop)
    {
        stop.ToTable("feed_stop");
        stop.HasKey(s => s.SourceSystem);
    }
}

internal sealed class ContactChangesConfiguration : IEntityTypeConfiguration<ContactChanges>
{
    public void Configure(EntityTypeBuilder<ContactChanges> changes)
    {
        changes.ToTable("contact_changes");
        changes.HasKey(c => new { c.SourceSystem, c.Minute });
    }
}
