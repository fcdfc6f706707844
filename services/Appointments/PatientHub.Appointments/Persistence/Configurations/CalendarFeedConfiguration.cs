using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Persistence.Configurations;

internal sealed class CalendarFeedConfiguration : IEntityTypeConfiguration<CalendarFeed>
{
    public void Configure(EntityTypeBuilder<CalendarFeed> builder)
    {
        builder.ToTable("calendar_feed");
        builder.HasKey(f => f.PatientId);
        builder.Property(f => f.PatientId).ValueGeneratedNever();
        builder.HasIndex(f => f.TokenHash).IsUnique();

        // Two presses of the button, or a press and an event that ends it: one wins, the other sees it.
        builder.Property(f => f.Version).IsConcurrencyToken();
    }
}
