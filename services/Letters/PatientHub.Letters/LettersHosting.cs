using Microsoft.Extensions.Configuration;
using PatientHub.Appointments.Contracts;
using PatientHub.Fhir;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Clients;
using PatientHub.Letters.Consumers;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Features;
using PatientHub.Letters.Persistence;
using PatientHub.Letters.Workers;
using PatientHub.Messaging;
using PatientHub.PostalFallback.Contracts;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Letters;

/// <summary>Registration of Letters.</summary>
public static class LettersHosting
{
    public static WebApplicationBuilder AddLetters(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LettersOptions>().BindConfiguration(LettersOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<PrintLayoutOptions>().BindConfiguration(PrintLayoutOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<HubAddressOptions>().Configure<IConfiguration>((hub, configuration) =>
        {
            if (configuration["PublicBaseUrl"] is { Length: > 0 } address) hub.PublicBaseUrl = new Uri(address);
        });

        builder.AddFhir();
        builder.AddServiceDatabase<LettersDbContext>("lettersdb");
        builder.AddServiceClient<AppointmentsClient>("appointments", Scopes.StandingRead);
        builder.AddMessaging<LettersDbContext>("letters", bus =>
        {
            bus.ConsumesBatch<AppointmentBooked, AppointmentBookedConsumer>();
            bus.Consumes<AppointmentChanged, AppointmentConsumer>();
            bus.Consumes<AppointmentCancelledByHospital, AppointmentConsumer>();
            bus.Consumes<AppointmentCompleted, AppointmentConsumer>();
            bus.Consumes<TaskClosed, TaskClosedConsumer>();
            bus.Consumes<ContactsEndAnnounced, ContactsEndConsumer>();
            bus.Consumes<ContactsEnded, ContactsEndConsumer>();
            bus.Consumes<LetterPosted, LetterPostedConsumer>();
            bus.Consumes<PatientMerged, PatientMergedConsumer>();
            bus.Consumes<PatientUnmerged, PatientUnmergedConsumer>();

            bus.Publishes<LetterReady>("uk.nhs.patienthub.letter.ready.v1", p => p.Public(m => new PublicEvent(
                $"letter/{m.LetterId}", new { m.LetterId, m.PatientId, m.AppointmentId, m.Revision, m.LetterVersion, m.LetterDate, m.OccurredAt })));
            bus.Publishes<LetterSuperseded>("uk.nhs.patienthub.letter.superseded.v1", p => p.Public(m => new PublicEvent(
                $"letter/{m.LetterId}", new { m.LetterId, m.PatientId, m.AppointmentId, m.LetterVersion, m.ReplacedByVersion, m.OccurredAt })));
            bus.Publishes<LetterOpened>("uk.nhs.patienthub.letter.opened.v1", p => p.Public(m => new PublicEvent(
                $"letter/{m.LetterId}", new { m.LetterId, m.PatientId, m.AppointmentId, m.Revision, m.LetterVersion, m.OccurredAt })));
            bus.Publishes<RaiseTask>("uk.nhs.patienthub.task.raise.v1");
        });

        builder.Services.AddMemoryCache();
        builder.Services.AddSingleton<PdfDocuments>();
        builder.Services.AddSingleton<WholeSheets>();
        builder.Services.AddSingleton<IPdfRenderer, ChromiumPdfRenderer>();
        builder.Services.AddSingleton<AttachmentReader>();
        builder.Services.AddSingleton<LetterPage>();
        builder.Services.AddScoped<LetterIssue>();
        builder.Services.AddScoped<ApplyAppointment>();
        builder.Services.AddScoped<DocumentIntake>();
        builder.Services.AddScoped<Opening>();
        builder.Services.AddScoped<Templates>();
        builder.Services.AddScoped<WatchLetters>();
        builder.Services.AddScoped<Notices>();
        builder.Services.AddSingleton<MakeTemplateLetters>();
        builder.Services.AddSingleton<MakeNotices>();
        builder.Services.AddHostedService<TemplateLetterWorker>();
        builder.Services.AddHostedService<NoticeWorker>();
        builder.Services.AddRetention<RemoveOldLetters>();
        builder.Services.AddHostedService<LetterWatchWorker>();
        return builder;
    }

    public static WebApplication MapLetters(this WebApplication app)
    {
        PutDocument.Map(app);
        SaveTemplate.Map(app);
        ListMyLetters.Map(app);
        OpenMyLetter.Map(app);
        ReadMyEnclosure.Map(app);
        ReadEarlierVersion.Map(app);
        SetClinicEnclosures.Map(app);
        LetterStandings.Map(app);
        ListKnownAppointments.Map(app);
        PrintEnvelope.Map(app);
        return app;
    }
}
