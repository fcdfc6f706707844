using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Letters.Domain;

namespace PatientHub.Letters.Persistence.Configurations;

internal sealed class EnclosureFileConfiguration : IEntityTypeConfiguration<EnclosureFile>
{
    public void Configure(EntityTypeBuilder<EnclosureFile> table)
    {
        table.ToTable("enclosure_file", t => t.HasCheckConstraint("ck_enclosure_file_one", "(html is null) <> (pdf is null)"));
        table.HasKey(f => f.FileId);
        table.Property(f => f.FileId).ValueGeneratedNever();
        table.Property(f => f.Title).HasMaxLength(200);
    }
}

internal sealed class LetterEnclosureConfiguration : IEntityTypeConfiguration<LetterEnclosure>
{
    public void Configure(EntityTypeBuilder<LetterEnclosure> table)
    {
        table.ToTable("letter_enclosure");
        table.HasKey(e => new { e.LetterId, e.Version, e.Number });
        table.HasOne<LetterVersion>().WithMany().HasForeignKey(e => new { e.LetterId, e.Version });
        table.HasOne<EnclosureFile>().WithMany().HasForeignKey(e => e.FileId);
    }
}

internal sealed class ClinicEnclosureConfiguration : IEntityTypeConfiguration<ClinicEnclosure>
{
    public void Configure(EntityTypeBuilder<ClinicEnclosure> table)
    {
        table.ToTable("clinic_enclosure");
        table.HasKey(e => new { e.ClinicId, e.EnclosureKey });
        table.Property(e => e.EnclosureKey).HasMaxLength(64);
        table.HasOne<EnclosureFile>().WithMany().HasForeignKey(e => e.FileId);
    }
}
