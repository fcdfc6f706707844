using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.PostalFallback.Domain;

namespace PatientHub.PostalFallback.Persistence.Configurations;

internal sealed class PatientFactsConfiguration : IEntityTypeConfiguration<PatientFacts>
{
    public void Configure(EntityTypeBuilder<PatientFacts> builder)
    {
        builder.ToTable("patient");
        builder.HasKey(patient => patient.PatientId);
        builder.Property(patient => patient.PatientId).ValueGeneratedNever();
        builder.Property(patient => patient.Version).HasDefaultValue(0);
        builder.Property(patient => patient.HasContact).HasDefaultValue(true).HasSentinel(true);
        builder.Property(patient => patient.LettersOnly).HasDefaultValue(false);
        builder.Property(patient => patient.MayNotBeWrittenTo).HasDefaultValue(false);
        builder.Property(patient => patient.NeedsAccessibleFormat).HasDefaultValue(false);
        builder.Property(patient => patient.OptedOut).HasDefaultValue(false);
        builder.Property(patient => patient.AlsoPost).HasDefaultValue(false);
    }
}

internal sealed class AppointmentFactsConfiguration : IEntityTypeConfiguration<AppointmentFacts>
{
    public void Configure(EntityTypeBuilder<AppointmentFacts> builder)
    {
        builder.ToTable("appointment");
        builder.HasKey(appointment => appointment.AppointmentId);
        builder.Property(appointment => appointment.AppointmentId).ValueGeneratedNever();
        builder.Property(appointment => appointment.PasStatus).HasConversion<string>();
        builder.HasIndex(appointment => appointment.PatientId);
    }
}

internal sealed class LetterFactsConfiguration : IEntityTypeConfiguration<LetterFacts>
{
    public void Configure(EntityTypeBuilder<LetterFacts> builder)
    {
        builder.ToTable("letter");
        builder.HasKey(letter => letter.LetterId);
        builder.Property(letter => letter.LetterId).ValueGeneratedNever();
        builder.Ignore(letter => letter.Invited).Ignore(letter => letter.IsOpened);
        builder.Property(letter => letter.Post).HasConversion<string>();
        builder.HasIndex(letter => letter.PatientId);
        builder.HasIndex(letter => letter.AppointmentId);
        builder.HasIndex(letter => letter.AboutAppointmentId).HasFilter("about_appointment_id is not null");
    }
}

internal sealed class CancellationNewsConfiguration : IEntityTypeConfiguration<CancellationNews>
{
    public void Configure(EntityTypeBuilder<CancellationNews> builder)
    {
        builder.ToTable("cancellation_news");
        builder.HasKey(news => new { news.AppointmentId, news.Revision });
    }
}
