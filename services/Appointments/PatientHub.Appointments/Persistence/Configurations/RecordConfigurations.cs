using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Persistence.Configurations;

internal sealed class PatientMergeConfiguration : IEntityTypeConfiguration<PatientMerge>
{
    public void Configure(EntityTypeBuilder<PatientMerge> builder)
    {
        builder.ToTable("patient_merge");
        builder.HasKey(m => m.FromPatientId);
        builder.Property(m => m.FromPatientId).ValueGeneratedNever();
        builder.HasIndex(m => m.ToPatientId);
    }
}

internal sealed class IntakeWarningConfiguration : IEntityTypeConfiguration<IntakeWarning>
{
    public void Configure(EntityTypeBuilder<IntakeWarning> builder)
    {
        builder.ToTable("intake_warning");
        builder.HasKey(w => w.Id);
        builder.Property(w => w.Id).ValueGeneratedNever();
        builder.HasIndex(w => w.At);
    }
}

internal sealed class AnswerRecordConfiguration : IEntityTypeConfiguration<AnswerRecord>
{
    public void Configure(EntityTypeBuilder<AnswerRecord> builder)
    {
        builder.ToTable("answer");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.HasIndex(a => a.AppointmentId);
    }
}

internal sealed class KnownPatientConfiguration : IEntityTypeConfiguration<KnownPatient>
{
    public void Configure(EntityTypeBuilder<KnownPatient> builder)
    {
        builder.ToTable("known_patient");
        builder.HasKey(p => p.PatientId);
        builder.Property(p => p.PatientId).ValueGeneratedNever();
    }
}

internal sealed class AwaitedPatientConfiguration : IEntityTypeConfiguration<AwaitedPatient>
{
    public void Configure(EntityTypeBuilder<AwaitedPatient> builder)
    {
        // Only open rows are here: the row goes when the patient comes or the task is raised.
        builder.ToTable("awaited_patient");
        builder.HasKey(p => p.PatientId);
        builder.Property(p => p.PatientId).ValueGeneratedNever();
        builder.HasIndex(p => p.DueAt);
    }
}

internal sealed class NightlyCountConfiguration : IEntityTypeConfiguration<NightlyCount>
{
    public void Configure(EntityTypeBuilder<NightlyCount> builder)
    {
        builder.ToTable("nightly_count");
        builder.HasKey(n => n.Night);
        builder.Property(n => n.Counts).HasColumnType("jsonb");
    }
}
