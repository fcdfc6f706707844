using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Identity.Domain;

namespace PatientHub.Identity.Persistence.Configurations;

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> session)
    {
        session.ToTable("session");
        session.Property(s => s.Id).ValueGeneratedNever();
        session.HasIndex(s => s.PatientId).HasFilter("ended_at is null");
        session.HasIndex(s => s.EndsAt);
    }
}
