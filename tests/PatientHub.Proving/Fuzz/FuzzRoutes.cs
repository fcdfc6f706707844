using System.Text;
using System.Text.Json.Nodes;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Notifications.Contracts.Http;

namespace PatientHub.Proving.Fuzz;

/// <summary>Every route from outside. A test holds this list against the gateway's pages and its proxy's allow-list: a route that is forgotten here is red.</summary>
public static class FuzzRoutes
{
    private static readonly byte[] Picture = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 3, 0, 0, 0, 3, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. "IEND"u8, 0, 0, 0, 0];
    private static readonly (string, string[])[] Answer = [("Revision", ["0", "0", "0", "1"]), ("Version", ["1", "2", "1"])];

    public static IReadOnlyList<FuzzRoute> All { get; } =
    [
        // Pages for everyone
        Page("/"), Page("/p/{link}"), Page("/signed-out"), Page("/help/accessibility", 2), Page("/help/code", 2), Page("/help/cookies", 2), Page("/help/messages", 2), Page("/help/not-invited", 2), Page("/help/privacy", 2),
        Page("/css/hub.css", 2), Page("/js/hub.js", 2), Page("/images/favicon.svg", 2), Page("/alive", 2), Page("/health", 2), Page("/robots.txt", 2), Page("/internal/sign-in/verify", 2), Page("/{any}", 10),
        Page("/calendar-feed/{any}.ics", 5),

        Page("/session/keep", 2), Form("/session/keep", Caller.Patient, FormValues.Of(("KeptPath", ["/preferences", "//evil.example", "/"]), ("UnsuitableTimes", ["Not on Mondays"])), 10),
        Page("/language", 2), Form("/language", Caller.Nobody, FormValues.Of(("Tag", ["en", "cy", "en-GB"]), ("Back", ["/", "/sign-in", "//evil.example", "/signed-out?why=idle"])), 10),

        // Signing in
        Page("/sign-in"), Page("/sign-in/wait", 5, Caller.Attempt), Page("/sign-in/ended", 5, Caller.Attempt), Page("/sign-in/code", 10, Caller.Attempt), Page("/sign-in/uvc", 5, Caller.Attempt), Page("/sign-in/new-code", 5, Caller.Attempt),
        Form("/sign-in", Caller.Nobody, FormValues.Of(("Identifier", ["07700 900123", "robin@example.org", "０７７００９００１２３"]), ("Day", ["1", "29", "31"]), ("Month", ["2", "May", "12"]), ("Year", ["1984", "2026", "1900"])), 30),
        Form("/sign-in/code", Caller.Attempt, FormValues.Of(("Code", ["123456", "123 456", "000000"])), 20),
        Form("/sign-in/new-code", Caller.Attempt, FormValues.Of(), 5),
        Form("/sign-in/uvc", Caller.Attempt, FormValues.Of(("Uvc", ["BCD234", "bcd 234"])), 10),
        Form("/sign-in/uvc?handler=Send", Caller.Attempt, FormValues.Of(), 5),
        Page("/not-for-me"), Page("/not-for-me/done", 2), Form("/not-for-me", Caller.Nobody, FormValues.Of(("Identifier", ["07700 900123", "robin@example.org", "0113 496 0000"])), 5), Form("/not-for-me?handler=Link", Caller.Nobody, FormValues.Of(), 5),
        Page("/switch"), Form("/switch", Caller.Nobody, FormValues.Of(), 5),
        Form("/sign-out", Caller.Nobody, FormValues.Of(), 5), Page("/sign-out", 5, Caller.Patient),

        // A patient's pages
        Page("/home", 10, Caller.Patient), Page("/appointments", 10, Caller.Patient), Page("/appointments/past", 5, Caller.Patient), Page("/messages", 10, Caller.Patient), Page("/letters", 10, Caller.Patient),
        Page("/appointments/{appointment}", 15, Caller.Patient), Page("/appointments/{appointment}/calendar.ics", 10, Caller.Patient), Page("/appointments/{appointment}/rebook", 10, Caller.Patient),
        Page("/appointments/{appointment}/cancel", 10, Caller.Patient), Page("/appointments/{appointment}/withdraw", 5, Caller.Patient), Page("/letters/{letter}", 15, Caller.Patient), Page("/letters/{letter}/pdf", 2, Caller.Patient),
        Page("/letters/{letter}/accept", 5, Caller.Patient), Page("/preferences", 10, Caller.Patient), Page("/preferences/opt-out", 5, Caller.Patient),
        Page("/appointments/{appointment}/getting-there", 10, Caller.Patient), Page("/appointments/{appointment}/map", 5, Caller.Patient), Page("/appointments/{appointment}/map?download={any}", 5, Caller.Patient),
        Page("/preferences/opt-in", 5, Caller.Patient), Page("/preferences/wrong-details", 5, Caller.Patient), Page("/preferences/calendar", 5, Caller.Patient), Page("/preferences/calendar?changed={any}", 3, Caller.Patient), Page("/session/stay", 5, Caller.Patient),
        Form("/appointments/{appointment}/rebook", Caller.Patient, FormValues.Of([.. Answer, ("UnsuitableTimes", ["Not on Mondays"]), ("ReachBy", ["phone", "relay"]), ("HowToReach", ["After 5pm"])]), 20),
        Form("/appointments/{appointment}/cancel", Caller.Patient, FormValues.Of([.. Answer, ("Reason", ["better"]), ("Details", ["It is better"]), ("ReachBy", ["text", "email"]), ("HowToReach", ["After 5pm"])]), 20),
        Form("/appointments/{appointment}/withdraw", Caller.Patient, FormValues.Of(Answer), 15),
        Page("/letters/{letter}/enclosures/{number}", 10, Caller.Patient), Page("/letters/{letter}/enclosures/{number}/pdf", 2, Caller.Patient), Page("/letters/{letter}/versions/{number}", 10, Caller.Patient),
        Page("/letters/{letter}/versions/{number}/pdf", 2, Caller.Patient), Page("/letters/{letter}/post", 5, Caller.Patient), Form("/letters/{letter}/post", Caller.Patient, FormValues.Of(), 10),
        Form("/letters/{letter}/accept", Caller.Patient, FormValues.Of([.. Answer, ("AppointmentId", ["_own.appointment_"]), ("LetterVersion", ["1", "2"])]), 20),
        Form("/preferences", Caller.Patient, FormValues.Of(("Channel", ["Text", "Email", "Sms"]), ("AlsoPost", ["true", "false"])), 15),
        Form("/preferences/opt-in", Caller.Patient, FormValues.Of(), 5), Form("/preferences/wrong-details", Caller.Patient, FormValues.Of(("What", ["mobile", "more"]), ("Right", ["My new number"])), 10),
        Form("/preferences/calendar", Caller.Patient, FormValues.Of(("Version", ["0", "1", "2"])), 5), Form("/preferences/calendar?handler=Off", Caller.Patient, FormValues.Of(), 5),
        Form("/preferences/opt-out", Caller.Patient, FormValues.Of(), 5), Form("/session/stay", Caller.Patient, FormValues.Of(), 5),

        // The desk, where nobody is signed in
        Page("/staff", 3), Page("/staff/tasks", 5), Page("/staff/tasks?kind={any}&clinic={any}&mine={any}&page-number={number}", 5), Page("/staff/tasks/{task}", 5), Page("/staff/signed-in?code={any}&state={any}", 5), Page("/staff/signed-out?why={any}", 3),
        Page("/staff/find", 3), Page("/staff/patients/{patient}", 5), Page("/staff/patients/{patient}/acts/{any}", 5), Page("/staff/patients/{patient}/quarantine", 3), Page("/staff/acts", 3), Page("/staff/acts?patient={any}&before={any}", 3), Page("/staff/feeds", 3),
        Form("/staff/patients/{patient}/acts/opt-out", Caller.Nobody, FormValues.Of(("Why", ["asked"]), ("ActId", [])), 3), Form("/staff/feeds", Caller.Nobody, FormValues.Of(("Source", ["pas"]), ("Why", ["meant"])), 3),
        Page("/staff/no-access", 2), Page("/staff/sign-out", 2), Form("/staff/sign-out", Caller.Nobody, FormValues.Of(), 3), Form("/staff/signed-in", Caller.Nobody, FormValues.Of(("code", ["x"]), ("state", ["x"])), 3),
        Form("/staff/tasks/{task}?handler=Claim", Caller.Patient, FormValues.Of(("Version", ["1"])), 5), Form("/staff/tasks/{task}?handler=Close", Caller.Nobody, FormValues.Of(("Version", ["1"]), ("Outcome", ["done"])), 5),

        // A patient's API
        Api("/api/me"), Api("/api/me/appointments"), Api("/api/me/appointments/{appointment}"), Api("/api/me/appointments/{appointment}/calendar.ics"), Api("/api/me/letters"), Api("/api/me/letters/{letter}"),
        Api("/api/me/letters/{letter}/pdf", 2), Api("/api/me/letters/{letter}/enclosures/{number}"), Api("/api/me/letters/{letter}/enclosures/{number}/pdf", 2), Api("/api/me/letters/{letter}/versions/{number}"), Api("/api/me/letters/{letter}/versions/{number}/pdf", 2), Api("/api/me/post/{letter}"), Api("/api/me/post/{letter}", "POST", FormValues.Of()), Api("/api/me/messages"), Api("/api/me/preferences"), Api("/api/me/{any}", 5),
        Api("/api/me/appointments/{appointment}/accept", "POST", SchemaValues.Of<AcceptAppointment>()), Api("/api/me/appointments/{appointment}/rebook", "POST", SchemaValues.Of<RequestRebook>()),
        Api("/api/me/appointments/{appointment}/cancel", "POST", SchemaValues.Of<RequestCancellation>()), Api("/api/me/appointments/{appointment}/withdraw", "POST", SchemaValues.Of<WithdrawRequest>()),
        Api("/api/me/appointments/{appointment}/map"), Api("/api/me/contact-corrections"), Api("/api/me/contact-corrections", "POST", SchemaValues.Of<ReportWrongContacts>()),
        Api("/api/me/calendar-feed"), Api("/api/me/calendar-feed", "POST", SchemaValues.Of<SwitchCalendarFeedOn>()), Api("/api/me/calendar-feed", "DELETE", SchemaValues.Of<SwitchCalendarFeedOn>()),
        Api("/api/me/preferences", "PUT", SchemaValues.Of<Preferences>()),

        // The providers' callbacks
        new(Door.Public, "POST", "/webhooks/twilio/{attempt}", Caller.Nobody, FormValues.Signed(Signer.Twilio, ("MessageSid", ["SM1"]), ("MessageStatus", ["delivered", "failed", "undelivered", "sent"]), ("ErrorCode", ["30006", "21610", ""]), ("To", ["+447700900123"])), 20),
        new(Door.Public, "POST", "/webhooks/twilio/inbound", Caller.Nobody, FormValues.Signed(Signer.Twilio, ("MessageSid", ["SM1"]), ("From", ["+447700900123"]), ("Body", ["STOP", "START", "Cancel it please"]), ("OptOutType", ["", "STOP", "HELP"])), 10),
        new(Door.Public, "POST", "/webhooks/sendgrid", Caller.Nobody, SendGridEvents, 20),

        // Machines
        new(Door.Machine, "POST", "/connect/token", Caller.Nobody, FormValues.Of(("grant_type", ["client_credentials", "client_credentials", "client_credentials", "password", "refresh_token", "urn:patienthub:grant:proven-code", "urn:patienthub:grant:session", "urn:patienthub:grant:staff"]),
            ("client_id", ["pas", "pas", "gateway", "trust-admin"]), ("client_secret", ["_own.secret_", "x"]), ("scope", ["fhir.write", "patient", "openid"]), ("grant", []), ("sid", []), ("staff_id", []), ("staff_name", [])), 20),
        Machine("GET", "/connect/token", Caller.Nobody), Machine("GET", "/.well-known/openid-configuration", Caller.Nobody), Machine("GET", "/.well-known/jwks", Caller.Nobody), Machine("GET", "/.well-known/{any}", Caller.Nobody),
        Machine("PUT", "/fhir/Patient/{source}", Caller.Pas, FhirValues.Patient, 40), Machine("PUT", "/fhir/Appointment/{source}", Caller.Pas, FhirValues.Appointment, 40), Machine("PUT", "/fhir/DocumentReference/{source}", Caller.Pas, FhirValues.Document, 30),
        Machine("POST", "/fhir", Caller.Pas, FhirValues.Batch, 30),
        Machine("PUT", "/fhir/Location/{source}", Caller.Pas, FhirValues.Location), Machine("PUT", "/fhir/HealthcareService/{source}", Caller.Pas, FhirValues.Service), Machine("GET", "/fhir/Patient/{source}", Caller.Pas),
        Machine("GET", "/fhir/Task", Caller.BookingCentre), Machine("GET", "/fhir/Task?_count={number}&code={any}&_after={task}&status={any}", Caller.BookingCentre), Machine("GET", "/fhir/Task/{task}", Caller.BookingCentre),
        new(Door.Machine, "PUT", "/fhir/Task/{task}", Caller.BookingCentre, FhirValues.Task, 20, ("If-Match", "W/\"1\"")),
        Machine("PUT", "/api/clinics/{clinic}/settings", Caller.TrustAdmin, SchemaValues.Of<ClinicSettings>()), Machine("PUT", "/api/sites/{site}/settings", Caller.TrustAdmin, SchemaValues.Of<SiteSettings>()),
        Machine("PUT", "/api/sites/{site}/map", Caller.TrustAdmin, dice => new FuzzBody("image/png", dice.Broken(Picture)), 5), Machine("DELETE", "/api/sites/{site}/map", Caller.TrustAdmin, weight: 3),
        Machine("GET", "/api/letter-templates/{template}", Caller.TrustAdmin), Machine("PUT", "/api/letter-templates/{template}", Caller.TrustAdmin, SchemaValues.Of<LetterTemplateText>()),
        Machine("GET", "/api/message-templates", Caller.TrustAdmin, weight: 2), Machine("GET", "/api/message-templates/{any}/sms/en", Caller.TrustAdmin, weight: 5), Machine("GET", "/api/message-templates/invitation/email/{any}", Caller.TrustAdmin, weight: 5),
        Machine("PUT", "/api/message-templates/invitation/sms/{any}", Caller.TrustAdmin, SchemaValues.Of<TemplateText>()), Machine("POST", "/api/message-templates/invitation/email/en/preview", Caller.TrustAdmin, SchemaValues.Of<TemplateText>()),
        Machine("GET", "/api/clinics/{clinic}/enclosures", Caller.TrustAdmin), Machine("PUT", "/api/clinics/{clinic}/enclosures/{template}", Caller.TrustAdmin, SchemaValues.Of<ClinicEnclosureFile>()), Machine("DELETE", "/api/clinics/{clinic}/enclosures/{template}", Caller.TrustAdmin),
        Machine("PUT", "/api/patients/{patient}/codes-by-email", Caller.TrustAdmin, SchemaValues.Of<CodesByEmail>()), Machine("GET", "/api/patients/{patient}/preferences", Caller.TrustAdmin), Machine("PUT", "/api/patients/{patient}/contacts-confirmed", Caller.TrustAdmin),
        Machine("PUT", "/api/patients/{patient}/preferences", Caller.TrustAdmin, SchemaValues.Of<Preferences>()), Machine("GET", "/api/patients/{patient}/texts", Caller.TrustAdmin), Machine("GET", "/api/intake-warnings", Caller.TrustAdmin), Machine("GET", "/api/quarantine", Caller.TrustAdmin),
        Machine("POST", "/api/quarantine/{patient}/decision", Caller.TrustAdmin, SchemaValues.Of<QuarantineDecision>()), Machine("POST", "/internal/{any}", Caller.Pas, weight: 3),
    ];

    private static FuzzRoute Page(string path, int weight = 10, Caller caller = Caller.Nobody) => new(Door.Public, "GET", path, caller, Weight: weight);

    private static FuzzRoute Form(string path, Caller caller, Func<Dice, FuzzBody> body, int weight) => new(Door.Public, "POST", path, caller, body, weight);

    private static FuzzRoute Api(string path, int weight = 10) => new(Door.Public, "GET", path, Caller.Patient, Weight: weight);

    private static FuzzRoute Api(string path, string method, Func<Dice, FuzzBody> body) => new(Door.Public, method, path, Caller.Patient, body, 15);

    private static FuzzRoute Machine(string method, string path, Caller caller, Func<Dice, FuzzBody>? body = null, int weight = 10) => new(Door.Machine, method, path, caller, body, weight);

    private static FuzzBody SendGridEvents(Dice dice)
    {
        var events = new JsonArray([.. Enumerable.Range(0, dice.Below(4)).Select(_ => new JsonObject
        {
            ["event"] = dice.Chance(70) ? dice.Pick(["delivered", "bounce", "dropped", "deferred", "processed", "spamreport"]) : dice.Text(),
            ["sg_event_id"] = dice.Text(),
            ["attempt_id"] = dice.Value("attempt"),
            ["notificationId"] = dice.Value("attempt"),
            ["timestamp"] = dice.Chance(70) ? JsonValue.Create(1_795_000_000 + dice.Below(9)) : JsonValue.Create(dice.Text()),
            ["reason"] = dice.Text(),
            ["type"] = dice.Pick(["bounce", "blocked", ""]),
        })]);
        var bytes = Encoding.UTF8.GetBytes(events.ToJsonString());
        return new FuzzBody("application/json", dice.Chance(15) ? dice.Broken(bytes) : bytes, Signer.SendGrid);
    }
}
