using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Letters.Domain;

namespace PatientHub.Letters.Persistence.Configurations;

internal sealed class FeedIssueConfiguration : IEntityTypeConfiguration<FeedIssue>
{
    public void Configure(EntityTypeBuilder<FeedIssue> table)
    {
        table.ToTable("feed_issue");
        table.HasKey(i => i.FeedIssueId);
        table.Property(i => i.FeedIssueId).ValueGeneratedNever();
        table.HasIndex(i => i.OccurredAt);
    }
}
