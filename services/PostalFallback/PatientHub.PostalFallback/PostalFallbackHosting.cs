using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Consumers;
using PatientHub.PostalFallback.Contracts;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Features;
using PatientHub.PostalFallback.Persistence;
using PatientHub.PostalFallback.Workers;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.PostalFallback;

/// <summary>The only place where PostalFallback is put together.</summary>
public static class PostalFallbackHosting
{
    /// <summary>Registers the service.</summary>
    public static WebApplicationBuilder AddPostalFallback(this WebApplicationBuilder builder)
    {
        builder.AddServiceDatabase<PostalDbContext>("postaldb");
        builder.AddMessaging<PostalDbContext>("postal", bus =>
        {
            bus.Publishes<LetterPostScheduled>("uk.nhs.patienthub.letter.post-scheduled.v1");
            bus.Publishes<LetterPosted>("uk.nhs.patienthub.letter.posted.v1", p => p.Public(posted => new PublicEvent($"letter/{posted.LetterId}",
                new { letterId = posted.LetterId, letterVersion = posted.LetterVersion, patientId = posted.PatientId, appointmentId = posted.AppointmentId, revision = posted.Revision, postedAt = posted.OccurredAt })));
            bus.Publishes<LetterReturned>("uk.nhs.patienthub.letter.returned.v1");
            bus.Publishes<RaiseTask>("uk.nhs.patienthub.task.raise.v1");
            bus.Publishes<RecordStaffAct>("uk.nhs.patienthub.staff.act.record.v1");

            bus.ConsumesBatch<AppointmentBooked, AppointmentBookedConsumer>();
            bus.Consumes<AppointmentChanged, AppointmentStateConsumer>();
            bus.Consumes<AppointmentCancelledByHospital, AppointmentStateConsumer>();
            bus.Consumes<AppointmentCompleted, AppointmentStateConsumer>();
            bus.Consumes<AppointmentAccepted, AppointmentStateConsumer>();
            bus.Consumes<RebookRequested, AppointmentStateConsumer>();
            bus.Consumes<CancellationRequested, AppointmentStateConsumer>();
            bus.Consumes<RequestWithdrawn, AppointmentStateConsumer>();
            bus.Consumes<TaskClosed, AppointmentStateConsumer>();
            bus.ConsumesBatch<LetterReady, LetterReadyConsumer>();
            bus.Consumes<LetterSuperseded, LetterSupersededConsumer>();
            bus.Consumes<LetterOpened, LetterOpenedConsumer>();
            bus.ConsumesBatch<InvitationSent, InvitationSentConsumer>();
            bus.Consumes<NotificationUndeliverable, NotificationUndeliverableConsumer>();
            bus.Consumes<CancellationTold, CancellationToldConsumer>();
            bus.Consumes<PatientOptedOut, PatientOptedOutConsumer>();
            bus.Consumes<PatientOptedIn, PatientOptedInConsumer>();
            bus.Consumes<PreferencesChanged, PreferencesChangedConsumer>();
            bus.Consumes<SignInRepeatedlyFailed, SignInRepeatedlyFailedConsumer>();
            bus.Consumes<ContactDoubted, ContactDoubtedConsumer>();
            bus.Consumes<PatientRegistered, PatientStateConsumer>();
            bus.Consumes<PatientDetailsChanged, PatientStateConsumer>();
            bus.Consumes<PatientMerged, PatientMergedConsumer>();
        });

        builder.Services.AddOptions<LadderOptions>().BindConfiguration(LadderOptions.Section).ValidateDataAnnotations().ValidateOnStart()
            .Validate(ladder => builder.Environment.IsDevelopment() || ladder.PostAfterInvitation >= TimeSpan.FromHours(24), "Ladder:PostAfterInvitation under 24 hours is allowed in Development only.");
        builder.Services.AddOptions<BatchOptions>().BindConfiguration(BatchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<PrintOptions>().BindConfiguration(PrintOptions.Section).ValidateDataAnnotations();
        builder.Services.AddOptions<PrintLayoutOptions>().BindConfiguration(PrintLayoutOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services =>
        {
            var ladder = services.GetRequiredService<IOptions<LadderOptions>>().Value;
            return new PostRules(new LadderTimes(ladder.PostAfterInvitation, ladder.PostAfterBooking));
        });
        builder.Services.AddScoped<PatientPost>();
        builder.Services.AddSingleton<DueDeadlines>();
        builder.Services.AddSingleton<DailyCap>();
        builder.Services.AddSingleton<PrintSpool>();
        builder.Services.AddSingleton<IPrintHouse>(services => services.GetRequiredService<IOptions<PrintOptions>>().Value.Sftp.IsUsed
            ? ActivatorUtilities.CreateInstance<SftpPrintHouse>(services)
            : ActivatorUtilities.CreateInstance<FolderPrintHouse>(services));
        builder.Services.AddSingleton<LastLook>();
        builder.Services.AddSingleton<LayoutCheck>();
        builder.Services.AddSingleton<HeldBatches>();
        builder.Services.AddSingleton<BatchPrint>();
        builder.Services.AddSingleton<PrintedLook>();
        builder.Services.AddSingleton<HandOver>();
        builder.Services.AddSingleton<PostRun>();
        builder.Services.AddSingleton<OverduePost>();
        builder.Services.AddSingleton<PrintAnswers>();
        builder.Services.AddSingleton<AnswersRun>();
        builder.Services.AddHostedService<PostWorker>();
        builder.Services.AddHostedService<OverdueWorker>();
        builder.Services.AddHostedService<AnswersWorker>();

        builder.AddServiceClient<AppointmentsClient>("appointments", Scopes.StandingRead);
        builder.AddServiceClient<LettersClient>("letters", Scopes.StandingRead);
        builder.AddServiceClient<AddressesClient>("identity", Scopes.AddressesRead);
        builder.AddServiceClient<LetterPrintClient>("letters", Scopes.Print);
        return builder;
    }

    /// <summary>Maps the door for patients (A17) and that of the desk; for everybody else what will be posted, and when, is told by events.</summary>
    public static WebApplication MapPostalFallback(this WebApplication app)
    {
        PostMyLetter.Map(app);
        PostForPatient.Map(app);
        ListKnownAppointments.Map(app);
        return app;
    }
}
