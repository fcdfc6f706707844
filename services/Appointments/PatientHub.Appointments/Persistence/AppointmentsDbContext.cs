using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Domain;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Persistence;

public sealed class AppointmentsDbContext(DbContextOptions<AppointmentsDbContext> options) : DbContext(options)
{
    public DbSet<Appointment> Appointments => Set<Appointment>();
    public DbSet<AppointmentLetter> Letters => Set<AppointmentLetter>();
    public DbSet<Clinic> Clinics => Set<Clinic>();
    public DbSet<Site> Sites => Set<Site>();
    public DbSet<DeskTask> Tasks => Set<DeskTask>();
    public DbSet<TaskCall> TaskCalls => Set<TaskCall>();
    public DbSet<StaffAct> StaffActs => Set<StaffAct>();
    public DbSet<PatientMerge> Merges => Set<PatientMerge>();
    public DbSet<KnownPatient> KnownPatients => Set<KnownPatient>();
    public DbSet<AwaitedPatient> AwaitedPatients => Set<AwaitedPatient>();
    public DbSet<IntakeWarning> Warnings => Set<IntakeWarning>();
    public DbSet<AnswerRecord> Answers => Set<AnswerRecord>();
    public DbSet<SiteMapFile> SiteMaps => Set<SiteMapFile>();
    public DbSet<NightlyCount> NightlyCounts => Set<NightlyCount>();
    public DbSet<CalendarFeed> CalendarFeeds => Set<CalendarFeed>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(AppointmentsDbContext).Assembly);
        modelBuilder.AddMessagingTables();
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // States are read by people in operations: words, not numbers.
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
    }
}
