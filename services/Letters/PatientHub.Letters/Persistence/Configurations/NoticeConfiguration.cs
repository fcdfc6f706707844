using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Letters.Domain;

namespace PatientHub.Letters.Persistence.Configurations;

internal sealed class NoticeConfiguration : IEntityTypeConfiguration<Notice>
{
    public void Configure(EntityTypeBuilder<Notice> table)
    {
        table.ToTable("notice");
        table.HasKey(n => n.NoticeId);
        table.Property(n => n.NoticeId).ValueGeneratedNever();
        table.Property(n => n.Kind).HasConversion<string>();
        table.HasIndex(n => new { n.Kind, n.SubjectId, n.SubjectVersion }).IsUnique();
        table.HasIndex(n => n.DueAt).HasFilter("due_at is not null");
        table.HasIndex(n => n.PatientId).HasFilter("due_at is not null");
    }
}
