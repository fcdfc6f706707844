using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class PatientPreferencesConfiguration : IEntityTypeConfiguration<PatientPreferences>
{
    public void Configure(EntityTypeBuilder<PatientPreferences> preferences)
    {
        preferences.ToTable("preference");
        preferences.HasKey(p => p.PatientId);
        preferences.Property(p => p.PreferredChannel).HasConversion<string>().HasMaxLength(10);
    }
}
