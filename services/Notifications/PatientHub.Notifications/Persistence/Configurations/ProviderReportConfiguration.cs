using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class ProviderReportConfiguration : IEntityTypeConfiguration<ProviderReport>
{
    public void Configure(EntityTypeBuilder<ProviderReport> report)
    {
        report.ToTable("provider_report");
        report.HasKey(r => r.EventId);
        report.Property(r => r.EventId).HasMaxLength(150);
        report.Property(r => r.Status).HasMaxLength(30);
        report.Property(r => r.ErrorCode).HasMaxLength(40);
        report.HasIndex(r => r.AttemptId);
    }
}
