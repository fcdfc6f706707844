using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Identity.Domain;

namespace PatientHub.Identity.Persistence.Configurations;

internal sealed class PatientConfiguration : IEntityTypeConfiguration<Patient>
{
    public void Configure(EntityTypeBuilder<Patient> patient)
    {
        patient.ToTable("patient");
        patient.HasKey(p => p.Id);
        patient.Property(p => p.Id).ValueGeneratedNever();
        patient.Property(p => p.Version).IsConcurrencyToken();
        patient.Property(p => p.Format).HasConversion<short>();
        patient.Property(p => p.AgeStep).HasConversion<short>();
        patient.Property(p => p.Addresses).HasColumnType("jsonb").HasConversion(
            addresses => JsonSerializer.Serialize(addresses, JsonSerializerOptions.Web),
            json => JsonSerializer.Deserialize<List<PostalAddress>>(json, JsonSerializerOptions.Web)!,
            new ValueComparer<IReadOnlyList<PostalAddress>>((a, b) => ReferenceEquals(a, b), a => a.Count, a => a));
        patient.HasIndex(p => p.LinkToken).IsUnique();
        patient.HasIndex(p => new { p.SourceSystem, p.SourceId }).IsUnique();
        patient.HasIndex(p => p.NhsNumber);
        patient.HasIndex(p => p.MergedInto).HasFilter("merged_into is not null");
        patient.HasIndex(p => p.ReplacedBy).HasFilter("replaced_by is not null");
        patient.HasIndex(p => p.Replaces).HasMethod("gin").HasFilter("cardinality(replaces) > 0");
        patient.Property(p => p.Replaces).HasColumnType("uuid[]").HasDefaultValueSql("'{}'");
        patient.HasIndex(p => p.BirthDate);
        patient.Ignore(p => p.MaySignIn).Ignore(p => p.MayBeSentTo).Ignore(p => p.EverythingByPost).Ignore(p => p.SixteenAt);
        patient.HasMany(p => p.Contacts).WithOne().HasForeignKey(c => c.PatientId).OnDelete(DeleteBehavior.Cascade);
        patient.Navigation(p => p.Contacts).UsePropertyAccessMode(PropertyAccessMode.Field).AutoInclude();
    }
}

internal sealed class WrongPersonReportConfiguration : IEntityTypeConfiguration<WrongPersonReport>
{
    public void Configure(EntityTypeBuilder<WrongPersonReport> report)
    {
        report.ToTable("wrong_person_report");
        report.HasKey(r => r.ReportId);
        report.Property(r => r.ReportId).ValueGeneratedNever();
        report.Property(r => r.Kind).HasConversion<short?>();
        report.HasIndex(r => r.ReceivedAt);
    }
}

internal sealed class PatientContactConfiguration : IEntityTypeConfiguration<PatientContact>
{
    public void Configure(EntityTypeBuilder<PatientContact> contact)
    {
        contact.ToTable("patient_contact");
        contact.HasKey(c => new { c.PatientId, c.Kind, c.Value });
        contact.Property(c => c.Kind).HasConversion<short>();
        // Signing in looks here: a value, then the few records that have it (R13).
        contact.HasIndex(c => new { c.Value, c.Kind });
    }
}
