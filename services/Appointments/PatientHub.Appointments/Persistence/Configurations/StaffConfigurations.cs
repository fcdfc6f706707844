using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PatientHub.Appointments.Domain;

namespace PatientHub.Appointments.Persistence.Configurations;

internal sealed class StaffActConfiguration : IEntityTypeConfiguration<StaffAct>
{
    public void Configure(EntityTypeBuilder<StaffAct> builder)
    {
        builder.ToTable("staff_act");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.StaffId).HasMaxLength(200);
        builder.Property(a => a.StaffName).HasMaxLength(100);
        builder.Property(a => a.Act).HasMaxLength(50);
        builder.HasIndex(a => a.At);
        builder.HasIndex(a => a.PatientId);
        builder.HasIndex(a => a.TaskId);
        builder.HasIndex(a => new { a.StaffId, a.At });
    }
}

internal sealed class TaskCallConfiguration : IEntityTypeConfiguration<TaskCall>
{
    public void Configure(EntityTypeBuilder<TaskCall> builder)
    {
        builder.ToTable("task_call");
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.StaffName).HasMaxLength(100);
        builder.HasIndex(c => c.TaskId);
    }
}
