using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class PatientFlagsConfiguration : IEntityTypeConfiguration<PatientFlags>
{
    public void Configure(EntityTypeBuilder<PatientFlags> patient)
    {
        patient.ToTable("patient");
        patient.HasKey(p => p.PatientId);
    }
}
