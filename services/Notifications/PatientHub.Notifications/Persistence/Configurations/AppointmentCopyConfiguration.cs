using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class AppointmentCopyConfiguration : IEntityTypeConfiguration<AppointmentCopy>
{
    public void Configure(EntityTypeBuilder<AppointmentCopy> appointment)
    {
        appointment.ToTable("appointment");
        appointment.HasKey(a => a.AppointmentId);
        appointment.Property(a => a.PasStatus).HasConversion<string>().HasMaxLength(20);
        appointment.Property(a => a.PatientRequest).HasConversion<string>().HasMaxLength(30);
        appointment.Property(a => a.ClinicMode).HasConversion<string>().HasMaxLength(20);
        appointment.HasIndex(a => a.PatientId);
    }
}
