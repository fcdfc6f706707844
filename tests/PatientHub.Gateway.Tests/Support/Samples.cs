using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.PostalFallback.Contracts.Http;

namespace PatientHub.Gateway.Tests.Support;

/// <summary>What the services hold for the patient of <see cref="StubIdentity"/>.</summary>
public sealed class Samples
{
    public static readonly Guid AppointmentId = Guid.Parse("0f000000-0000-8000-8000-00000000000a");
    public static readonly Guid LetterId = Guid.Parse("0f000000-0000-8000-8000-00000000000b");

    /// <summary>9 December 2026, 2:30pm in London.</summary>
    public static readonly DateTimeOffset Start = new(2026, 12, 9, 14, 30, 0, TimeSpan.Zero);

    public static MyAppointment Appointment { get; } = new()
    {
        AppointmentId = AppointmentId,
        Start = Start,
        Medium = AppointmentMedium.FaceToFace,
        ClinicName = "Eye clinic",
        ClinicPhone = "0113 496 0001",
        ClinicPhoneHours = "Monday to Friday, 9am to 5pm",
        ClinicMode = ClinicMode.Full,
        SiteName = "St James's University Hospital",
        SiteAddress = ["Beckett Street", "Leeds", "LS9 7TF"],
        SiteDirections = "Buses 5 and 16 stop at the door.\nGo in by the main entrance.",
        SiteMap = new SiteMap { Drawn = true, ContentType = "image/svg+xml" },
        SiteParking = "Car park B, 5 minutes on foot.\nStep-free from there.",
        Preparation = "Bring your glasses.\nDo not drive home.",
        PasStatus = PasStatus.Booked,
        PatientRequest = PatientRequest.None,
        RequestOpen = false,
        CanAccept = true,
        CanChange = true,
        CanWithdraw = false,
        ChangeUntil = Start.AddDays(-5),
        LetterId = LetterId,
        LetterVersion = 2,
        PostDueAt = new DateTimeOffset(2026, 11, 26, 9, 0, 0, TimeSpan.Zero),
        Version = 7,
        Revision = 3,
    };

    public static MyLetter Letter { get; } = new()
    {
        LetterId = LetterId,
        Title = "Your outpatient appointment",
        LetterDate = new DateOnly(2026, 11, 20),
        LetterVersion = 2,
        AppointmentId = AppointmentId,
        Revision = 3,
        Opened = false,
        HasHtml = true,
        PdfBytes = 43_210,
    };

    public static LetterContent Content { get; } = new()
    {
        Letter = Letter,
        Html = "<p><strong>This letter replaces our letter of Tuesday 3 November 2026. Please use this one, and delete the old entry from your diary or calendar.</strong></p><p>Dear Ms Okonkwo-Smith,</p><p>Please come to the <strong>eye clinic</strong> on Wednesday 9 December 2026 at 2:30pm.</p><table><tbody><tr><th scope=\"row\">Date</th><td>Wednesday 9 December 2026</td></tr><tr><th scope=\"row\">Where</th><td>St James's University Hospital<br>Beckett Street</td></tr></tbody></table><h2>If you need to change or cancel</h2><ul><li>Phone us.</li></ul><p>Yours sincerely</p>",
        Phone = "0113 496 0001",
        ReplacesLetterOf = new DateOnly(2026, 11, 3),
        Enclosures = [new() { Number = 1, Title = "Preparing for <your> eye test", HasHtml = true }, new() { Number = 2, Title = "Form to bring", HasHtml = false, PdfBytes = 1_600_000 }],
        Earlier = [new() { LetterVersion = 1, LetterDate = new DateOnly(2026, 11, 3) }],
    };

    /// <summary>Opened, not posted, can be asked for.</summary>
    public static PostStanding Post { get; } = new() { Progress = PostProgress.None, Requested = false, CanRequest = true };

    public static MyMessage[] Messages { get; } =
    [
        new() { MessageId = Guid.CreateVersion7(), Channel = Channel.Sms, Body = "Amy, Leeds Hospitals has sent you a letter about an appointment. Read it at https://hub.example/p/… or wait for the post.", SentAt = new DateTimeOffset(2026, 11, 22, 9, 15, 0, TimeSpan.Zero), Status = "delivered" },
        new() { MessageId = Guid.CreateVersion7(), Channel = Channel.Email, Subject = "A reminder from Leeds Hospitals", Body = "Dear Amy,\n\nplease read your letter.", SentAt = null, Status = "waiting" },
    ];

    public static void Use(GatewayFixture gateway)
    {
        Use(gateway, Appointment);
        gateway.Letters.On("GET /api/me/letters", new[] { Letter });
        gateway.Letters.On($"GET /api/me/letters/{LetterId}", Content);
        gateway.Letters.On($"GET /api/me/letters/{LetterId}/pdf", () => Microsoft.AspNetCore.Http.Results.File("%PDF-1.7"u8.ToArray(), "application/pdf"));
        gateway.Letters.On($"GET /api/me/letters/{LetterId}/enclosures/1", new EnclosureContent { Enclosure = Content.Enclosures[0], Html = "<p>Bring your <strong>glasses</strong>.</p>", Letter = Letter });
        gateway.Letters.On($"GET /api/me/letters/{LetterId}/enclosures/2", new EnclosureContent { Enclosure = Content.Enclosures[1], Letter = Letter });
        gateway.Letters.On($"GET /api/me/letters/{LetterId}/versions/1", new EarlierLetter { Current = Letter, LetterVersion = 1, LetterDate = new DateOnly(2026, 11, 3), Title = "Your outpatient appointment", Html = "<p>Please come on Monday 7 December 2026 at 9am.</p>" });
        foreach (var file in new[] { "enclosures/1", "enclosures/2", "versions/1" })
            gateway.Letters.On($"GET /api/me/letters/{LetterId}/{file}/pdf", () => Microsoft.AspNetCore.Http.Results.File("%PDF-1.7"u8.ToArray(), "application/pdf", "<script>.pdf"));
        Use(gateway, Post);
        gateway.Notifications.On("GET /api/me/messages", Messages);
        gateway.Notifications.On("GET /api/me/preferences", new Preferences { PreferredChannel = Channel.Email });
        gateway.Notifications.On("PUT /api/me/preferences", () => Microsoft.AspNetCore.Http.Results.NoContent());
    }

    /// <summary>How the letter stands with the post; asking for it is always taken.</summary>
    public static void Use(GatewayFixture gateway, PostStanding post)
    {
        gateway.Postal.On($"GET /api/me/post/{LetterId}", post);
        gateway.Postal.On($"POST /api/me/post/{LetterId}", post);
    }

    public static void Use(GatewayFixture gateway, MyAppointment appointment)
    {
        gateway.Appointments.On("GET /api/me/appointments", new MyAppointments { Upcoming = [appointment], Past = [appointment with { AppointmentId = Guid.CreateVersion7(), PasStatus = PasStatus.Fulfilled, CanAccept = false, CanChange = false, Start = Start.AddMonths(-8) }] });
        gateway.Appointments.On($"GET /api/me/appointments/{AppointmentId}", appointment);
        gateway.Appointments.On($"GET /api/me/appointments/{AppointmentId}/calendar.ics", () => Microsoft.AspNetCore.Http.Results.Text("BEGIN:VCALENDAR", "text/calendar"));
        gateway.Appointments.On($"GET /api/me/appointments/{AppointmentId}/map", http => Task.FromResult(
            http.Request.Query["drawing"] == "pdf" ? Microsoft.AspNetCore.Http.Results.File("%PDF-1.7"u8.ToArray(), "application/pdf") : Microsoft.AspNetCore.Http.Results.Text(Drawing, "image/svg+xml")));
        UseFeed(gateway, new MyCalendarFeed { IsOn = false, Version = 0 });
        gateway.Appointments.On("POST /api/me/calendar-feed", new NewCalendarFeed { Token = FeedToken });
        gateway.Appointments.On("DELETE /api/me/calendar-feed", () => Microsoft.AspNetCore.Http.Results.NoContent());
        gateway.Appointments.On("GET /api/me/contact-corrections", new MyContactCorrections { Open = 0 });
        gateway.Appointments.On("POST /api/me/contact-corrections", () => Microsoft.AspNetCore.Http.Results.NoContent());
        foreach (var answer in new[] { "accept", "rebook", "cancel", "withdraw" })
            gateway.Appointments.On($"POST /api/me/appointments/{AppointmentId}/{answer}", () => Microsoft.AspNetCore.Http.Results.NoContent());
    }

    public const string FeedToken = "3vQ-_x9Zf0kLmN1pQ2rS3tU4vW5xY6zA7bC8dE9fG0h";

    private const string Drawing = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600"><rect width="600" height="600" fill="#ffffff"/><circle cx="300" cy="300" r="240" fill="none" stroke="#768692"/><circle cx="300" cy="300" r="13" fill="#005eb8"/></svg>""";

    public static void UseFeed(GatewayFixture gateway, MyCalendarFeed feed) => gateway.Appointments.On("GET /api/me/calendar-feed", feed);
}
