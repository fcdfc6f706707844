using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Persistence.Configurations;

internal sealed class ClinicConfiguration : IEntityTypeConfiguration<Clinic>
{
    public void Configure(EntityTypeBuilder<Clinic> builder)
    {
        builder.ToTable("clinic");
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.SourceSystem).HasMaxLength(100);
        builder.Property(c => c.SourceId).HasMaxLength(200);
        builder.Property<uint>("xmin").IsRowVersion();
    }
}

internal sealed class SiteConfiguration : IEntityTypeConfiguration<Site>
{
    public void Configure(EntityTypeBuilder<Site> builder)
    {
        builder.ToTable("site");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.SourceSystem).HasMaxLength(100);
        builder.Property(s => s.SourceId).HasMaxLength(64);
        builder.Property<uint>("xmin").IsRowVersion();
    }
}

internal sealed class SiteMapFileConfiguration : IEntityTypeConfiguration<SiteMapFile>
{
    public void Configure(EntityTypeBuilder<SiteMapFile> builder)
    {
        builder.ToTable("site_map");
        builder.HasKey(m => m.SiteId);
        builder.Property(m => m.SiteId).ValueGeneratedNever();
        builder.Property(m => m.ContentType).HasMaxLength(50);
    }
}
