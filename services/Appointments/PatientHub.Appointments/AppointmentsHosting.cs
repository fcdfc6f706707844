using PatientHub.Appointments.Clients;
using PatientHub.Appointments.Consumers;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Features;
using PatientHub.Appointments.Features.Desk;
using PatientHub.Appointments.Persistence;
using PatientHub.Appointments.Workers;
using PatientHub.Fhir;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;
using PatientHub.PostalFallback.Contracts;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Appointments;

public static class AppointmentsHosting
{
    public static WebApplicationBuilder AddAppointments(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AppointmentsOptions>().BindConfiguration(AppointmentsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.AddFhir();
        builder.AddServiceDatabase<AppointmentsDbContext>("appointmentsdb");
        builder.AddMessaging<AppointmentsDbContext>("appointments", bus =>
        {
            // EVENTS.md has a page for each.
            bus.Publishes<AppointmentBooked>(EventNames.Booked, p => p.Public(m => PublicEvents.Of(m.Appointment, m.OccurredAt)));
            bus.Publishes<AppointmentChanged>(EventNames.Changed, p => p.Public(m => PublicEvents.Of(m.Appointment, m.OccurredAt, revisionRaised: m.RevisionRaised)));
            bus.Publishes<AppointmentCancelledByHospital>(EventNames.Cancelled, p => p.Public(m => PublicEvents.Of(m.Appointment, m.OccurredAt)));
            bus.Publishes<AppointmentCompleted>(EventNames.Completed, p => p.Public(m => PublicEvents.Of(m.Appointment, m.OccurredAt)));
            bus.Publishes<AppointmentAccepted>(EventNames.Accepted, p => p.Public(m => PublicEvents.Of(m.Appointment, m.OccurredAt)));
            bus.Publishes<RebookRequested>(EventNames.RebookRequested, p => p.Public(m => PublicEvents.Of(m.Appointment, m.OccurredAt, m.TaskId)));
            bus.Publishes<CancellationRequested>(EventNames.CancellationRequested, p => p.Public(m => PublicEvents.Of(m.Appointment, m.OccurredAt, m.TaskId)));
            bus.Publishes<RequestWithdrawn>(EventNames.RequestWithdrawn, p => p.Public(m => PublicEvents.Of(m.Appointment, m.OccurredAt)));
            bus.Publishes<TaskClosed>(EventNames.TaskClosed, p => p.Public(PublicEvents.Of));

            bus.ConsumesBatch<LetterReady, LetterReadyConsumer>();
            bus.Consumes<LetterOpened, LetterOpenedConsumer>();
            bus.ConsumesBatch<LetterPostScheduled, LetterPostScheduledConsumer>();
            bus.Consumes<LetterPosted, LetterPostedConsumer>();
            bus.Consumes<PatientRegistered, PatientRegisteredConsumer>();
            bus.Consumes<PatientMerged, PatientMergedConsumer>();
            bus.Consumes<PatientUnmerged, PatientUnmergedConsumer>();
            bus.Consumes<PatientDetailsChanged, PatientDetailsChangedConsumer>();
            bus.Consumes<PatientOptedOut, PatientOptedOutConsumer>();
            bus.Consumes<RaiseTask, RaiseTaskConsumer>();
            bus.Consumes<RecordStaffAct, RecordStaffActConsumer>();
        });
        builder.AddServiceClient<IdentityStanding>("identity", Scopes.StandingRead);
        builder.AddServiceClient<KnownToLetters>("letters", Scopes.StandingRead);
        builder.AddServiceClient<KnownToNotifications>("notifications", Scopes.StandingRead);
        builder.AddServiceClient<KnownToPostal>("postal", Scopes.StandingRead);
        builder.Services.AddOptions<ReconciliationOptions>().BindConfiguration(ReconciliationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ReconciliationGauges>().AddSingleton<Reconciliation>().AddHostedService<ReconciliationWorker>();
        builder.Services.AddSingleton<IMigrationStep, SettingsFileStep>();
        builder.Services.AddScoped<Answering>();
        builder.Services.AddScoped<AppointmentIntake>();
        builder.Services.AddSingleton<AwaitedPatients>();
        builder.Services.AddHostedService<AwaitedPatientsWorker>();
        builder.Services.AddSingleton<TaskMonitor>();
        builder.Services.AddHostedService<TaskMonitorWorker>();
        builder.Services.AddHostedService<BankHolidayWatch>();
        builder.Services.AddRetention<Retention>();
        return builder;
    }

    public static WebApplication MapAppointments(this WebApplication app)
    {
        var feed = app.MapGroup("/fhir").RequireAuthorization(Policies.Scope(Scopes.FhirWrite));
        PutAppointment.Map(feed);
        PostBatch.Map(feed);
        PutLocation.Map(feed);
        PutHealthcareService.Map(feed);

        var desk = app.MapGroup("/fhir").RequireAuthorization(Policies.Scope(Scopes.Tasks));
        ListTasks.Map(desk);
        GetTask.Map(desk);
        PutTask.Map(desk);

        var staff = app.MapGroup("/internal/desk").RequireAuthorization(Policies.Staff);
        ListDeskTasks.Map(staff);
        GetDeskTask.Map(staff);
        ClaimDeskTask.Map(staff);
        NoteDeskCall.Map(staff);
        CloseDeskTask.Map(staff);
        IntendStaffAct.Map(staff);
        ListStaffActs.Map(staff);

        var trust = app.MapGroup("/api").RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
        PutClinicSettings.Map(trust);
        PutSiteSettings.Map(trust);
        PutSiteMap.Map(trust);

        var me = app.MapGroup("/api/me").RequireAuthorization(Policies.Patient);
        ListMyAppointments.Map(me);
        GetMyAppointment.Map(me);
        GetCalendar.Map(me);
        GetSiteMap.Map(me);
        Accept.Map(me);
        Rebook.Map(me);
        Cancel.Map(me);
        Withdraw.Map(me);
        ReportWrongContacts.Map(me);
        ShowCalendarFeed.Map(me);
        SwitchCalendarFeed.Map(me);
        ReadCalendarFeed.Map(app);

        GetStanding.Map(app.MapGroup("/internal").RequireAuthorization(Policies.Scope(Scopes.StandingRead)));
        return app;
    }
}
