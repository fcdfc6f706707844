using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Letters.Domain;

namespace PatientHub.Letters.Persistence.Configurations;

internal sealed class PatientMergeConfiguration : IEntityTypeConfiguration<PatientMerge>
{
    public void Configure(EntityTypeBuilder<PatientMerge> table)
    {
        table.ToTable("patient_merge");
        table.HasKey(m => m.FromPatientId);
        table.Property(m => m.FromPatientId).ValueGeneratedNever();
    }
}
