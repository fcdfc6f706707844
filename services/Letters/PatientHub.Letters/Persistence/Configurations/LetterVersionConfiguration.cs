using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Letters.Domain;

namespace PatientHub.Letters.Persistence.Configurations;

internal sealed class LetterVersionConfiguration : IEntityTypeConfiguration<LetterVersion>
{
    public void Configure(EntityTypeBuilder<LetterVersion> table)
    {
        table.ToTable("letter_version");
        table.HasKey(v => new { v.LetterId, v.Version });
        table.Property(v => v.Title).HasMaxLength(200);
        table.HasOne<Letter>().WithMany().HasForeignKey(v => v.LetterId);
    }
}
