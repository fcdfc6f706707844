using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Consumers;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Features;
using PatientHub.Notifications.Persistence;
using PatientHub.Notifications.Templates;
using PatientHub.Notifications.Workers;
using PatientHub.PostalFallback.Contracts;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Notifications;

public static class NotificationsHosting
{
    public static WebApplicationBuilder AddNotifications(this WebApplicationBuilder builder)
    {
        builder.AddServiceDatabase<NotificationsDbContext>("notificationsdb");
        builder.AddMessaging<NotificationsDbContext>("notifications", bus =>
        {
            bus.Publishes<InvitationSent>("uk.nhs.patienthub.invitation.sent.v1", p => p.Public(m => new PublicEvent(
                $"letter/{m.LetterId}", new { m.LetterId, m.LetterVersion, m.AppointmentId, m.Revision, m.OccurredAt })));
            bus.Publishes<NotificationDelivered>("uk.nhs.patienthub.notification.delivered.v1", p => p.WithoutConsumers().Public(m => new PublicEvent(
                $"notification/{m.MessageId}", new { m.MessageId, m.PatientId, m.Channel, m.OccurredAt })));
            bus.Publishes<CancellationTold>("uk.nhs.patienthub.cancellation.told.v1");
            bus.Publishes<NotificationUndeliverable>("uk.nhs.patienthub.notification.undeliverable.v1", p => p.Public(m => new PublicEvent(
                $"patient/{m.PatientId}", new { m.PatientId, m.Channel, m.ContactFailed, m.AllChannelsFailed, m.LetterId, m.AppointmentId, m.OccurredAt })));
            bus.Publishes<PatientOptedOut>("uk.nhs.patienthub.patient.opted-out.v1", p => p.Public(m => new PublicEvent($"patient/{m.PatientId}", new { m.PatientId, m.OccurredAt })));
            bus.Publishes<PatientOptedIn>("uk.nhs.patienthub.patient.opted-in.v1", p => p.Public(m => new PublicEvent($"patient/{m.PatientId}", new { m.PatientId, m.OccurredAt })));
            bus.Publishes<PreferencesChanged>("uk.nhs.patienthub.preferences.changed.v1", p => p.Public(m => new PublicEvent(
                $"patient/{m.PatientId}", new { m.PatientId, m.PreferredChannel, m.AlsoPost, m.OccurredAt })));
            bus.Publishes<RaiseTask>("uk.nhs.patienthub.task.raise.v1");
            bus.Publishes<RecordStaffAct>("uk.nhs.patienthub.staff.act.record.v1");

            bus.ConsumesBatch<AppointmentBooked, AppointmentBookedConsumer>();
            bus.Consumes<AppointmentChanged, AppointmentChangedConsumer>(Few);
            bus.Consumes<AppointmentCancelledByHospital, AppointmentCancelledByHospitalConsumer>(Few);
            bus.Consumes<AppointmentCompleted, AppointmentStateConsumer>(Few);
            bus.Consumes<AppointmentAccepted, AppointmentStateConsumer>(Few);
            bus.Consumes<RebookRequested, AppointmentStateConsumer>(Few);
            bus.Consumes<CancellationRequested, AppointmentStateConsumer>(Few);
            bus.Consumes<RequestWithdrawn, AppointmentStateConsumer>(Few);
            bus.Consumes<TaskClosed, TaskClosedConsumer>(Few);
            bus.ConsumesBatch<LetterReady, LetterReadyConsumer>();
            bus.Consumes<LetterOpened, LetterOpenedConsumer>(Few);
            bus.Consumes<LetterSuperseded, LetterSupersededConsumer>(Few);
            bus.Consumes<LetterPosted, LetterPostedConsumer>(Few);
            bus.ConsumesBatch<PatientRegistered, PatientRegisteredConsumer>();
            bus.Consumes<PatientDetailsChanged, PatientDetailsChangedConsumer>(Few);
            bus.Consumes<ContactsEndAnnounced, ContactsEndAnnouncedConsumer>(Few);
            bus.Consumes<PatientMerged, PatientMergedConsumer>(Few);
            // A queue and concurrency of its own: no campaign can delay a code.
            bus.Consumes<SendSignInCode, SendSignInCodeConsumer>(queue => (queue.ConcurrentMessages, queue.Prefetch) = (16, 32));
        });

        builder.AddNotificationsOptions();
        builder.AddProviders();
        builder.AddServiceClient<IdentityContacts>("identity", Scopes.ContactsRead);
        builder.AddServiceClient<IdentityCodes>("identity", Scopes.CodesCollect);
        builder.AddServiceClient<AppointmentsStanding>("appointments", Scopes.StandingRead);
        builder.AddServiceClient<LettersStanding>("letters", Scopes.StandingRead);

        builder.Services.AddSingleton<MessageTemplates>().AddSingleton<Wording>().AddSingleton<TemplateSamples>().AddSingleton<TemplateCheck>().AddSingleton<SavedTemplates>().AddSingleton<DueSignal>().AddSingleton<NotificationMetrics>().AddSingleton<SendGridSignature>();
        builder.Services.AddScoped<JourneyReview>().AddScoped<AttemptBook>().AddScoped<LastLook>().AddScoped<SignInCodes>();
        builder.Services.AddSingleton<Gathering>().AddSingleton<DueSteps>().AddSingleton<UnclearAttempts>().AddSingleton<Redactions>().AddSingleton<TextsFromPatients>();
        // Stopped in the opposite order: the recorder last, when nobody can have anything to record any more.
        builder.Services.AddSingleton<AttemptRecorder>().AddHostedService(provider => provider.GetRequiredService<AttemptRecorder>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SavedTemplates>()).AddHostedService<DueStepsWorker>().AddHostedService<AftercareWorker>().AddHostedService<OverdueWorker>();
        builder.Services.AddRetention<Retention>();
        return builder;
    }

    /// <summary>Few at once for what is not urgent: all share one pool of connections with the codes, and nothing of a campaign may take the codes' share.</summary>
    private static void Few(ConsumerSettings queue) => queue.ConcurrentMessages = 4;

    public static WebApplication MapNotifications(this WebApplication app)
    {
        GetMyMessages.Map(app);
        ReadPreferences.Map(app);
        ChangePreferences.Map(app);
        Features.ReadHistory.Map(app);
        ReadTemplates.Map(app);
        SaveTemplate.Map(app);
        ReceiveTwilioReport.Map(app);
        ReceiveText.Map(app);
        ReadTextsOfPatient.Map(app);
        ReceiveSendGridEvents.Map(app);
        ListKnownAppointments.Map(app);
        return app;
    }

    private static void AddNotificationsOptions(this WebApplicationBuilder builder)
    {
        var development = builder.Environment.IsDevelopment();
        var services = builder.Services;
        services.AddOptions<HubOptions>().Configure<IConfiguration>((hub, configuration) => hub.PublicBaseUrl = configuration.GetValue<Uri>("PublicBaseUrl")!)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<LadderOptions>().BindConfiguration(LadderOptions.Section)
            .Validate(ladder => development || ladder.IsRealistic, "Outside Development the ladder is at least 24, 48 and 72 hours long.").ValidateOnStart();
        services.AddOptions<AppointmentReminderOptions>().BindConfiguration(AppointmentReminderOptions.Section).ValidateOnStart();
        services.AddOptions<DigestOptions>().BindConfiguration(DigestOptions.Section)
            .Validate(digest => digest.Window >= TimeSpan.Zero && digest.Window <= TimeSpan.FromDays(1), "Digest:Window is between nothing and a day.").ValidateOnStart();
        services.AddOptions<QuietHoursOptions>().BindConfiguration(QuietHoursOptions.Section).Validate(quiet => quiet.From < quiet.Until, "QuietHours:From is before QuietHours:Until.").ValidateOnStart();
        services.AddOptions<SendingOptions>().BindConfiguration(SendingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TwilioOptions>().BindConfiguration(TwilioOptions.Section).ValidateDataAnnotations()
            .Validate(twilio => twilio.TwoWayNumber is null || twilio.CodesFrom != twilio.TwoWayNumber, "Twilio:CodesFrom is not Twilio:TwoWayNumber: who stops that number must still get codes.")
            .Validate(twilio => development || twilio.IsTwilio, "Outside Development Twilio:BaseUrl is one of Twilio's own hosts.").ValidateOnStart();
        services.AddOptions<SendGridOptions>().BindConfiguration(SendGridOptions.Section).ValidateDataAnnotations()
            .Validate(sendGrid => development || sendGrid.IsSendGrid, "Outside Development SendGrid:BaseUrl is one of SendGrid's own hosts.").ValidateOnStart();
    }

    /// <summary>No resilience handler here: it would repeat a POST whose answer was lost, and a patient would get two texts.</summary>
    private static void AddProviders(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddHttpClient(nameof(TwilioTexts), (provider, http) => TwilioTexts.Configure(http, provider.GetRequiredService<IOptions<TwilioOptions>>().Value));
        services.AddHttpClient(nameof(SendGridEmails), (provider, http) => http.Timeout = provider.GetRequiredService<IOptions<SendGridOptions>>().Value.Timeout);
        services.AddTransient<ITextProvider>(provider => ActivatorUtilities.CreateInstance<TwilioTexts>(provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(TwilioTexts))));
        services.AddTransient<IEmailProvider>(provider => ActivatorUtilities.CreateInstance<SendGridEmails>(provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(SendGridEmails))));
        services.AddSingleton(provider =>
        {
            var (sending, time) = (provider.GetRequiredService<IOptions<SendingOptions>>().Value, provider.GetRequiredService<TimeProvider>());
            return new ProviderLanes(
                Texts: new ProviderLane(sending.TextsAtOnce, sending.TextsPerSecond, time),
                Emails: new ProviderLane(sending.EmailsAtOnce, sending.EmailsPerSecond, time),
                CodeTexts: new ProviderLane(sending.CodesAtOnce, sending.CodesPerSecond, time),
                CodeEmails: new ProviderLane(sending.CodesAtOnce, sending.CodesPerSecond, time));
        });
    }
}
