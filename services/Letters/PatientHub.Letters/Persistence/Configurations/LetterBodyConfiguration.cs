using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Letters.Domain;

namespace PatientHub.Letters.Persistence.Configurations;

internal sealed class LetterBodyConfiguration : IEntityTypeConfiguration<LetterBody>
{
    public void Configure(EntityTypeBuilder<LetterBody> table)
    {
        table.ToTable("letter_body", t => t.HasCheckConstraint("ck_letter_body_one", "(html is null) <> (pdf is null)"));
        table.HasKey(b => new { b.LetterId, b.Version });
        table.HasOne<LetterVersion>().WithOne().HasForeignKey<LetterBody>(b => new { b.LetterId, b.Version });
    }
}
