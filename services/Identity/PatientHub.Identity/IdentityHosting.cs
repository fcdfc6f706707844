using PatientHub.Appointments.Contracts;
using PatientHub.Fhir;
using PatientHub.Identity.Consumers;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Features.Contacts;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Features.Me;
using PatientHub.Identity.Features.Sessions;
using PatientHub.Identity.Features.SignIn;
using PatientHub.Identity.Features.Staff;
using PatientHub.Identity.Features.Tokens;
using PatientHub.Identity.Features.WrongPerson;
using PatientHub.Identity.Persistence;
using PatientHub.Identity.Workers;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;
using PatientHub.PostalFallback.Contracts;
using PatientHub.ServiceDefaults.Auth;
using StackExchange.Redis;

namespace PatientHub.Identity;

/// <summary>Identity: who a patient is, how to reach him, and who may sign in.</summary>
public static class IdentityHosting
{
    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder)
    {
        builder.AddFhir();
        builder.AddServiceDatabase<IdentityDbContext>("identitydb");
        builder.AddMessaging<IdentityDbContext>("identity", bus =>
        {
            bus.Publishes<PatientRegistered>("uk.nhs.patienthub.patient.registered.v1");
            bus.Publishes<PatientDetailsChanged>("uk.nhs.patienthub.patient.details-changed.v1");
            bus.Publishes<PatientMerged>("uk.nhs.patienthub.patient.merged.v1");
            bus.Publishes<PatientUnmerged>("uk.nhs.patienthub.patient.unmerged.v1");
            bus.Publishes<RecordStaffAct>("uk.nhs.patienthub.staff.act.record.v1");
            bus.Publishes<PatientSignedIn>("uk.nhs.patienthub.patient.signed-in.v1", p => p.WithoutConsumers());
            bus.Publishes<SignInRepeatedlyFailed>("uk.nhs.patienthub.sign-in.repeatedly-failed.v1");
            bus.Publishes<ContactDoubted>("uk.nhs.patienthub.contact.doubted.v1");
            bus.Publishes<ContactsEndAnnounced>("uk.nhs.patienthub.contacts.end-announced.v1");
            bus.Publishes<ContactsEnded>("uk.nhs.patienthub.contacts.ended.v1");
            bus.Publishes<SessionsEnded>("uk.nhs.patienthub.sessions.ended.v1");
            bus.Publishes<SendSignInCode>("uk.nhs.patienthub.sign-in-code.send.v1");
            bus.Publishes<RaiseTask>("uk.nhs.patienthub.task.raise.v1");
            bus.Consumes<NotificationUndeliverable, NotificationUndeliverableConsumer>();
            bus.Consumes<LetterReturned, LetterReturnedConsumer>();
        });
        builder.AddTokenServer();

        var services = builder.Services;
        // A null where the contract says there is none is a bad request, not our fault.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.RespectNullableAnnotations = true);
        services.AddOptions<CodesOptions>().BindConfiguration(CodesOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IConnectionMultiplexer>(provider => Connect(provider.GetRequiredService<IConfiguration>()));
        services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis");
        services.AddSingleton<CodeKeys>();
        services.AddSingleton<GuessCounters>();
        services.AddSingleton<SignInStore>();
        services.AddSingleton<SlowDown>();
        services.AddSingleton<SharedContacts>();
        services.AddSingleton<AddressIds>();
        services.AddScoped<RecordMatching>();
        services.AddScoped<CodeIssuing>();
        services.AddScoped<RepeatedFailures>();
        services.AddScoped<PatientEvents>();
        services.AddScoped<PatientMerges>();
        services.AddOptions<MassChangeOptions>().BindConfiguration(MassChangeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<MassChangeStop>();
        services.AddScoped<WrongPersonReports>();
        services.AddHostedService<HousekeepingWorker>();
        services.AddHostedService<WrongPersonWorker>();
        services.AddOptions<AgeOptions>().BindConfiguration(AgeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHostedService<BirthdayWorker>();
        return builder;
    }

    /// <summary>All routes; <c>/connect/token</c>, discovery and keys are OpenIddict's, inside the authentication middleware.</summary>
    public static WebApplication MapIdentity(this WebApplication app)
    {
        PutPatientFeature.Map(app);
        StartSignInFeature.Map(app);
        VerifyCodeFeature.Map(app);
        ResendCodeFeature.Map(app);
        VerifyUvcFeature.Map(app);
        ResendUvcFeature.Map(app);
        CollectCodeFeature.Map(app);
        QueryContactsFeature.Map(app);
        NumberTextedFeature.Map(app);
        QueryAddressesFeature.Map(app);
        QueryStandingFeature.Map(app);
        GetMeFeature.Map(app);
        EndSessionFeature.Map(app);
        SetCodesByEmailFeature.Map(app);
        ReportWrongPersonFeature.Map(app);
        ConfirmContactsFeature.Map(app);
        ListIntakeWarningsFeature.Map(app);
        QuarantineFeature.Map(app);
        var desk = app.MapGroup("/internal/desk").RequireAuthorization(Policies.Staff);
        FindPatientsFeature.Map(desk);
        ReadPatientFeature.Map(desk);
        ActOnPatientFeature.Map(desk);
        FeedStopFeature.Map(desk);
        StaffQuarantineFeature.Map(desk);
        return app;
    }

    // Starts without Redis and finds it later; while it is away every command fails at once instead of waiting in a queue, so that signing in answers 503 (fail closed).
    private static ConnectionMultiplexer Connect(IConfiguration configuration)
    {
        var options = ConfigurationOptions.Parse(configuration.GetConnectionString("redis") ?? throw new InvalidOperationException("ConnectionStrings:redis is missing."));
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectTimeout = 2000;
        options.AsyncTimeout = 2000;
        options.SyncTimeout = 2000;
        // However long it was away: found again within a second. The default waits ever longer, up to a minute in which nobody can sign in.
        options.ReconnectRetryPolicy = new LinearRetry(500);
        options.ClientName = "patienthub-identity";
        return ConnectionMultiplexer.Connect(options);
    }
}
