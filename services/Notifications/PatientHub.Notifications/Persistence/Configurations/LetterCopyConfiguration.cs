using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence.Configurations;

internal sealed class LetterCopyConfiguration : IEntityTypeConfiguration<LetterCopy>
{
    public void Configure(EntityTypeBuilder<LetterCopy> letter)
    {
        letter.ToTable("letter");
        letter.HasKey(l => l.LetterId);
        letter.HasIndex(l => l.PatientId);
        letter.HasIndex(l => l.AppointmentId);
    }
}
