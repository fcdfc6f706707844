using Microsoft.EntityFrameworkCore;
using PatientHub.Messaging;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Persistence;

public sealed class NotificationsDbContext(DbContextOptions<NotificationsDbContext> options) : DbContext(options)
{
    public DbSet<JourneyStep> Steps => Set<JourneyStep>();
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<MessageStep> MessageSteps => Set<MessageStep>();
    public DbSet<Attempt> Attempts => Set<Attempt>();
    public DbSet<AppointmentCopy> Appointments => Set<AppointmentCopy>();
    public DbSet<LetterCopy> Letters => Set<LetterCopy>();
    public DbSet<PatientFlags> Patients => Set<PatientFlags>();
    public DbSet<PatientPreferences> Preferences => Set<PatientPreferences>();
    public DbSet<MessageTemplate> Templates => Set<MessageTemplate>();
    public DbSet<TextFromPatient> TextsFromPatients => Set<TextFromPatient>();
    public DbSet<ProviderReport> Reports => Set<ProviderReport>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.AddMessagingTables();
        model.ApplyConfigurationsFromAssembly(typeof(NotificationsDbContext).Assembly);
    }
}
