using Yarp.ReverseProxy.Configuration;

namespace PatientHub.Gateway.Proxy;

/// <summary>
/// Every route from outside to a service: an allow-list, one line each. What is not here does not exist outside, <c>/internal/**</c> above all.
/// </summary>
internal static class Routes
{
    private const long Small = 64 * 1024;
    private const long Callbacks = 2 * 1024 * 1024;
    // The services' own limits answer first, with an OperationOutcome; these only stop what is beyond any of them.
    private const long Resource = 4 * 1024 * 1024;
    private const long Bundle = 6 * 1024 * 1024;
    private const long Map = 5 * 1024 * 1024;
    private const long Document = 24 * 1024 * 1024;

    public static readonly IReadOnlyList<RouteConfig> All =
    [
        // Patients (session cookie with anti-forgery header, or a Bearer token)
        Public("me", "/api/me", "identity", Small),
        Public("me-appointments", "/api/me/appointments/{**rest}", "appointments", Small),
        Public("me-calendar-feed", "/api/me/calendar-feed", "appointments", Small),
        Public("me-contact-corrections", "/api/me/contact-corrections", "appointments", Small),
        Public("me-letters", "/api/me/letters/{**rest}", "letters", Small),
        Public("me-post", "/api/me/post/{letterId}", "postal", Small),
        Public("me-messages", "/api/me/messages/{**rest}", "notifications", Small),
        Public("me-preferences", "/api/me/preferences/{**rest}", "notifications", Small),

        // Calendars: whoever has the address reads times and places (R24)
        Public("calendar-feed", "/calendar-feed/{file}", "appointments", Small),

        // The providers' signed callbacks
        Public("twilio", "/webhooks/twilio/{**rest}", "notifications", Small),
        Public("sendgrid", "/webhooks/sendgrid", "notifications", Callbacks),

        // Machines: tokens
        Machine("token", "/connect/token", "identity", Small),
        Machine("discovery", "/.well-known/{**rest}", "identity", Small),

        // Machines: FHIR
        Machine("fhir-batch", "/fhir", "appointments", Bundle),
        Machine("fhir-patient", "/fhir/Patient/{**rest}", "identity", Resource),
        Machine("fhir-appointment", "/fhir/Appointment/{**rest}", "appointments", Resource),
        Machine("fhir-location", "/fhir/Location/{**rest}", "appointments", Resource),
        Machine("fhir-healthcare-service", "/fhir/HealthcareService/{**rest}", "appointments", Resource),
        Machine("fhir-task", "/fhir/Task/{**rest}", "appointments", Resource),
        Machine("fhir-document", "/fhir/DocumentReference/{**rest}", "letters", Document),

        // Machines: the trust's settings
        Machine("clinics", "/api/clinics/{**rest}", "appointments", Small),
        Machine("sites", "/api/sites/{**rest}", "appointments", Small),
        Machine("site-maps", "/api/sites/{sourceId}/map", "appointments", Map),
        Machine("letter-templates", "/api/letter-templates/{**rest}", "letters", Document),
        Machine("clinic-enclosures", "/api/clinics/{sourceId}/enclosures/{**rest}", "letters", Document),
        Machine("message-templates", "/api/message-templates/{**rest}", "notifications", Small),
        Machine("patient-codes", "/api/patients/{patientId}/codes-by-email", "identity", Small),
        Machine("patient-contacts", "/api/patients/{patientId}/contacts-confirmed", "identity", Small),
        Machine("patient-preferences", "/api/patients/{patientId}/preferences", "notifications", Small),
        Machine("patient-texts", "/api/patients/{patientId}/texts", "notifications", Small),
        Machine("intake-warnings", "/api/intake-warnings", "identity", Small),
        Machine("quarantine", "/api/quarantine/{**rest}", "identity", Small),
    ];

    private static RouteConfig Public(string id, string path, string service, long bytes) => Route(id, path, service, bytes, "Public");

    private static RouteConfig Machine(string id, string path, string service, long bytes) => Route(id, path, service, bytes, "Machine");

    private static RouteConfig Route(string id, string path, string service, long bytes, string door) => new()
    {
        RouteId = id,
        ClusterId = service,
        Match = new RouteMatch { Path = path },
        MaxRequestBodySize = bytes,
        // The services check every token themselves: the gateway's place in the network proves nothing.
        AuthorizationPolicy = "anonymous",
        Metadata = new Dictionary<string, string> { ["Door"] = door },
    };
}
