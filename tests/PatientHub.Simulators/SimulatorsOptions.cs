namespace PatientHub.Simulators;

/// <summary>
/// What the outside world shares with the hub. Section names are those of the AppHost, so one value configures both ends of a connection.
/// </summary>
public sealed record SimulatorsOptions
{
    /// <summary>`Twilio:AccountSid`: the account the hub texts from. Empty: any well-formed SID whose basic-auth user name equals the one in the path.</summary>
    public string? TwilioAccountSid { get; init; }

    /// <summary>`Twilio:AuthToken`: password of the basic authentication and key of X-Twilio-Signature.</summary>
    public required string TwilioAuthToken { get; init; }

    /// <summary>`SendGrid:ApiKey`: the bearer key.</summary>
    public required string SendGridApiKey { get; init; }

    /// <summary>`SendGrid:WebhookUrl`: where events go; an address without a path is the hub's, and gets `/webhooks/sendgrid`. Empty: no events are sent.</summary>
    public Uri? SendGridWebhookUrl { get; init; }

    /// <summary>`SendGrid:WebhookPrivateKey`: base64 PKCS8 of the P-256 key that signs events; needed as soon as there is a webhook address.</summary>
    public string? SendGridWebhookPrivateKey { get; init; }

    /// <summary>`Print:SpoolFolder`: where the hub hands its letters to the print house. Empty: no print house.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>`Print:AnswersFolder`: where the print house answers; the folder `answers` of the spool unless set.</summary>
    public string? AnswersFolder { get; init; }

    /// <summary>`Print:HouseFolder`: what the print house has taken; beside the spool unless set.</summary>
    public string? HouseFolder { get; init; }

    /// <summary>`Pas:FhirBaseUrl`: the gateway's machine address. Empty: the hospital's system feeds nothing.</summary>
    public Uri? PasFhirBaseUrl { get; init; }

    /// <summary>`PublicBaseUrl`, else the AppHost's reference to the gateway: the hub's address for people, for a link on the page.</summary>
    public Uri? HubAddress { get; init; }

    /// <summary>`Pas:ClientSecret`: secret of the client `pas`.</summary>
    public string? PasClientSecret { get; init; }

    /// <summary>`TrustAdmin:ClientSecret`: secret of the client `trust-admin`.</summary>
    public string? TrustAdminClientSecret { get; init; }

    /// <summary>`Staff:ClientSecret`: secret of the client `patienthub-desk` at the hospital's sign-in for staff. Empty: nobody signs in there.</summary>
    public string? StaffClientSecret { get; init; }

    /// <summary>`Simulators:StepDelay`: how long a message stays in each state (queued, sent) before the next.</summary>
    public TimeSpan StepDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>`Simulators:TextsPerMinute`: what Twilio takes; the rest is answered 429. 0: everything.</summary>
    public int TextsPerMinute { get; init; }

    /// <summary>`Simulators:HangFor`: how long a request hangs that is scripted to time out, and the whole of an answer that drips, unless its caller gives up first.</summary>
    public TimeSpan HangFor { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>`Simulators:LateBy`: how long after the delivery reports come that are scripted to be late.</summary>
    public TimeSpan LateBy { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads the options; throws <see cref="SimulatorsRefusedException"/> naming the first setting that is missing or unusable.</summary>
    public static SimulatorsOptions From(IConfiguration configuration)
    {
        var options = new SimulatorsOptions
        {
            TwilioAccountSid = Text("Twilio:AccountSid"),
            TwilioAuthToken = Required("Twilio:AuthToken"),
            SendGridApiKey = Required("SendGrid:ApiKey"),
            SendGridWebhookUrl = Address("SendGrid:WebhookUrl") is { } webhook ? webhook.AbsolutePath == "/" ? new Uri(webhook, "/webhooks/sendgrid") : webhook : null,
            SendGridWebhookPrivateKey = Text("SendGrid:WebhookPrivateKey"),
            SpoolFolder = Text("Print:SpoolFolder"),
            AnswersFolder = Text("Print:AnswersFolder") ?? (Text("Print:SpoolFolder") is { } spool ? Path.Combine(spool, "answers") : null),
            HouseFolder = Text("Print:HouseFolder") ?? (Text("Print:SpoolFolder")?.TrimEnd('/') is { } beside ? beside + "-house" : null),
            PasFhirBaseUrl = Address("Pas:FhirBaseUrl"),
            HubAddress = Address("PublicBaseUrl") ?? Address("services:gateway:http:0"),
            PasClientSecret = Text("Pas:ClientSecret"),
            TrustAdminClientSecret = Text("TrustAdmin:ClientSecret"),
            StaffClientSecret = Text("Staff:ClientSecret"),
        };
        options = options with
        {
            StepDelay = configuration.GetValue("Simulators:StepDelay", options.StepDelay),
            TextsPerMinute = configuration.GetValue("Simulators:TextsPerMinute", 0),
            HangFor = configuration.GetValue("Simulators:HangFor", options.HangFor),
            LateBy = configuration.GetValue("Simulators:LateBy", options.LateBy),
        };

        if (options.SendGridWebhookUrl is not null && options.SendGridWebhookPrivateKey is null)
            throw new SimulatorsRefusedException("SendGrid:WebhookUrl needs SendGrid:WebhookPrivateKey: an unsigned event would be refused.");
        if (options.PasFhirBaseUrl is not null && (options.PasClientSecret is null || options.TrustAdminClientSecret is null))
            throw new SimulatorsRefusedException("Pas:FhirBaseUrl needs Pas:ClientSecret and TrustAdmin:ClientSecret.");
        return options;

        string? Text(string name) => configuration[name] is { Length: > 0 } value ? value : null;

        string Required(string name) => Text(name) ?? throw new SimulatorsRefusedException($"{name} is not set.");

        Uri? Address(string name) => Text(name) switch
        {
            null => null,
            var text when Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" => uri,
            _ => throw new SimulatorsRefusedException($"{name} is not an http address."),
        };
    }
}

/// <summary>The simulators will not run like this; the message is for the person at the console.</summary>
public sealed class SimulatorsRefusedException(string message) : Exception(message);
