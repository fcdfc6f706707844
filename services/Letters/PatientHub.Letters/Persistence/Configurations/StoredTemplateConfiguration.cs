using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Letters.Domain;

namespace PatientHub.Letters.Persistence.Configurations;

internal sealed class StoredTemplateConfiguration : IEntityTypeConfiguration<StoredTemplate>
{
    public void Configure(EntityTypeBuilder<StoredTemplate> table)
    {
        table.ToTable("letter_template");
        table.HasKey(t => new { t.TemplateKey, t.Version });
        table.Property(t => t.TemplateKey).HasMaxLength(64);
        table.Property(t => t.Title).HasMaxLength(500);
    }
}
