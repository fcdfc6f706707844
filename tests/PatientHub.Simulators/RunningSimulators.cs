using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Messages;

namespace PatientHub.Simulators;

/// <summary>
/// The simulators inside a test process, on a free loopback port:
/// <code>
/// await using var outside = await RunningSimulators.StartAsync(("SendGrid:WebhookUrl", "http://127.0.0.1:5001/webhooks/sendgrid"));
/// // configure the service under test with outside.TwilioBaseUrl, outside.SendGridBaseUrl, outside.Secrets
/// outside.Behaviours.Set("+447700900123", Behaves.Landline);
/// var text = outside.Messages.To("+447700900123").First();
/// </code>
/// </summary>
public sealed class RunningSimulators : IAsyncDisposable
{
    private readonly WebApplication app;

    private RunningSimulators(WebApplication app, SimulatorsSecrets secrets)
    {
        this.app = app;
        Secrets = secrets;
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    /// <summary>Address of the phone page.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Value for the service's `Twilio:BaseUrl`.</summary>
    public string TwilioBaseUrl => new Uri(BaseAddress, "twilio").ToString();

    /// <summary>Value for the service's `SendGrid:BaseUrl`.</summary>
    public string SendGridBaseUrl => new Uri(BaseAddress, "sendgrid").ToString();

    /// <summary>What the service under test must know to be let in, and to verify signatures.</summary>
    public SimulatorsSecrets Secrets { get; }

    /// <summary>Every text and email that a provider has accepted.</summary>
    public MessageBook Messages => app.Services.GetRequiredService<MessageBook>();

    /// <summary>How numbers and addresses behave.</summary>
    public BehaviourBook Behaviours => app.Services.GetRequiredService<BehaviourBook>();

    /// <summary>The process's services, for tests of the simulators themselves.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Starts the simulators with fresh secrets; settings given here win, under the names of <see cref="SimulatorsOptions"/>.</summary>
    public static Task<RunningSimulators> StartAsync(params (string Name, string? Value)[] settings) => StartAsync(_ => { }, settings);

    /// <summary>As the other one, with services of the test's own, as a startup filter that looks at every request.</summary>
    public static async Task<RunningSimulators> StartAsync(Action<IServiceCollection> configure, params (string Name, string? Value)[] settings)
    {
        var secrets = SimulatorsSecrets.Create();
        var app = SimulatorsApp.Build(
            new WebApplicationOptions
            {
                ApplicationName = typeof(SimulatorsApp).Assembly.GetName().Name,
                ContentRootPath = AppContext.BaseDirectory,
                EnvironmentName = Environments.Development,
            },
            builder =>
            {
                // Only what is said here counts: a test must not depend on the machine's environment variables.
                builder.Configuration.Sources.Clear();
                builder.Configuration.AddInMemoryCollection(secrets.AsSettings());
                builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
                builder.Logging.ClearProviders();
                configure(builder.Services);
            });
        await app.StartAsync();
        return new RunningSimulators(app, secrets);
    }

    /// <summary>Stops the simulators.</summary>
    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>Credentials and keys that the hub and the outside world share.</summary>
public sealed record SimulatorsSecrets
{
    /// <summary>`Twilio:AccountSid`.</summary>
    public required string TwilioAccountSid { get; init; }

    /// <summary>`Twilio:AuthToken`.</summary>
    public required string TwilioAuthToken { get; init; }

    /// <summary>`SendGrid:ApiKey`.</summary>
    public required string SendGridApiKey { get; init; }

    /// <summary>`SendGrid:WebhookPublicKey` of the hub: base64 SubjectPublicKeyInfo, as SendGrid's settings page shows it.</summary>
    public required string SendGridWebhookPublicKey { get; init; }

    /// <summary>`SendGrid:WebhookPrivateKey` of the simulators.</summary>
    public required string SendGridWebhookPrivateKey { get; init; }

    /// <summary>New random secrets.</summary>
    public static SimulatorsSecrets Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SimulatorsSecrets
        {
            TwilioAccountSid = "AC" + RandomNumberGenerator.GetHexString(32, lowercase: true),
            TwilioAuthToken = RandomNumberGenerator.GetHexString(32, lowercase: true),
            SendGridApiKey = "SG." + RandomNumberGenerator.GetHexString(32, lowercase: true),
            SendGridWebhookPublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
            SendGridWebhookPrivateKey = Convert.ToBase64String(key.ExportPkcs8PrivateKey()),
        };
    }

    internal IEnumerable<KeyValuePair<string, string?>> AsSettings() =>
    [
        new("Twilio:AccountSid", TwilioAccountSid),
        new("Twilio:AuthToken", TwilioAuthToken),
        new("SendGrid:ApiKey", SendGridApiKey),
        new("SendGrid:WebhookPrivateKey", SendGridWebhookPrivateKey),
    ];
}
