// The whole system, read from top to bottom: what runs, what it needs, what must be ready before it.
// The same file is compiled twice: against Aspire (containers, dashboard, publishing) and against Local/ (plain processes, no container engine).

var builder = DistributedApplication.CreateBuilder(args);
builder.AddDockerComposeEnvironment("patienthub");

// ---- Secrets: each client of the token service has its own; the two keys outlive every deployment (backed up, never rotated). ----
var sourceIdKey = builder.AddParameter("source-id-key", secret: true);
var codeKey = builder.AddParameter("code-key", secret: true);
var signingKey = builder.AddParameter("token-signing-key", secret: true);
var pasSecret = builder.AddParameter("pas-client-secret", secret: true);
var trustAdminSecret = builder.AddParameter("trust-admin-client-secret", secret: true);
var bookingCentreSecret = builder.AddParameter("booking-centre-client-secret", secret: true);
var gatewaySecret = builder.AddParameter("gateway-client-secret", secret: true);
var appointmentsSecret = builder.AddParameter("appointments-client-secret", secret: true);
var lettersSecret = builder.AddParameter("letters-client-secret", secret: true);
var notificationsSecret = builder.AddParameter("notifications-client-secret", secret: true);
var postalSecret = builder.AddParameter("postal-client-secret", secret: true);
var twilioToken = builder.AddParameter("twilio-auth-token", secret: true);
var sendGridKey = builder.AddParameter("sendgrid-api-key", secret: true);
var sendGridWebhookKey = builder.AddParameter("sendgrid-webhook-public-key");
var spoolFolder = builder.AddParameter("print-spool-folder");

// The print house's SFTP server. Without a host, its own transfer program takes the batches from the spool folder.
var sftpHost = builder.AddParameter("print-sftp-host", "", publishValueAsDefault: true);
var sftpPort = builder.AddParameter("print-sftp-port", "22", publishValueAsDefault: true);
var sftpUser = builder.AddParameter("print-sftp-user", "", publishValueAsDefault: true);
var sftpKeyFile = builder.AddParameter("print-sftp-key-file", "", publishValueAsDefault: true);
var sftpHostKey = builder.AddParameter("print-sftp-host-key", "", publishValueAsDefault: true);
var sftpFolder = builder.AddParameter("print-sftp-folder", "in", publishValueAsDefault: true);
var sftpAnswersFolder = builder.AddParameter("print-sftp-answers-folder", "out", publishValueAsDefault: true);

// ---- Stores and broker ----
var postgres = builder.AddPostgres("postgres").WithDataVolume();
var identityDb = postgres.AddDatabase("identitydb", "identity");
var appointmentsDb = postgres.AddDatabase("appointmentsdb", "appointments");
var lettersDb = postgres.AddDatabase("lettersdb", "letters");
var notificationsDb = postgres.AddDatabase("notificationsdb", "notifications");
var postalDb = postgres.AddDatabase("postaldb", "postal");
var redis = builder.AddRedis("redis").WithDataVolume();
var rabbitmq = builder.AddRabbitMQ("rabbitmq").WithManagementPlugin().WithDataVolume();

// ---- Projects ----
const string identityProject = "../services/Identity/PatientHub.Identity/PatientHub.Identity.csproj";
const string appointmentsProject = "../services/Appointments/PatientHub.Appointments/PatientHub.Appointments.csproj";
const string lettersProject = "../services/Letters/PatientHub.Letters/PatientHub.Letters.csproj";
const string notificationsProject = "../services/Notifications/PatientHub.Notifications/PatientHub.Notifications.csproj";
const string postalProject = "../services/PostalFallback/PatientHub.PostalFallback/PatientHub.PostalFallback.csproj";
const string gatewayProject = "../gateway/PatientHub.Gateway/PatientHub.Gateway.csproj";
const string simulatorsProject = "../tests/PatientHub.Simulators/PatientHub.Simulators.csproj";

// ---- Migrations: tables, queues and bindings exist before anybody sends. ----
var identityMigrate = builder.AddProject("identity-migrate", identityProject).WithArgs("--migrate")
    .WithReference(identityDb).WithReference(rabbitmq).WaitFor(identityDb).WaitFor(rabbitmq);
var appointmentsMigrate = builder.AddProject("appointments-migrate", appointmentsProject).WithArgs("--migrate")
    .WithReference(appointmentsDb).WithReference(rabbitmq).WaitFor(appointmentsDb).WaitFor(rabbitmq);
var lettersMigrate = builder.AddProject("letters-migrate", lettersProject).WithArgs("--migrate")
    .WithReference(lettersDb).WithReference(rabbitmq).WaitFor(lettersDb).WaitFor(rabbitmq);
var notificationsMigrate = builder.AddProject("notifications-migrate", notificationsProject).WithArgs("--migrate")
    .WithReference(notificationsDb).WithReference(rabbitmq).WaitFor(notificationsDb).WaitFor(rabbitmq);
var postalMigrate = builder.AddProject("postal-migrate", postalProject).WithArgs("--migrate")
    .WithReference(postalDb).WithReference(rabbitmq).WaitFor(postalDb).WaitFor(rabbitmq);
var gatewayMigrate = builder.AddProject("gateway-migrate", gatewayProject).WithArgs("--migrate")
    .WithReference(rabbitmq).WithReference(redis).WaitFor(rabbitmq).WaitFor(redis);

// ---- Services ----
var identity = builder.AddProject("identity", identityProject).WithHttpEndpoint().WithHttpHealthCheck("/health")
    .WithReference(identityDb).WithReference(rabbitmq).WithReference(redis).WaitFor(redis)
    .WithEnvironment("Tokens__SigningKey", signingKey)
    .WithEnvironment("Codes__Key", codeKey)
    .WithEnvironment("SourceIds__Key", sourceIdKey)
    .WithEnvironment("Clients__pas__Secret", pasSecret)
    .WithEnvironment("Clients__trust-admin__Secret", trustAdminSecret)
    .WithEnvironment("Clients__booking-centre__Secret", bookingCentreSecret)
    .WithEnvironment("Clients__gateway__Secret", gatewaySecret)
    .WithEnvironment("Clients__appointments__Secret", appointmentsSecret)
    .WithEnvironment("Clients__letters__Secret", lettersSecret)
    .WithEnvironment("Clients__notifications__Secret", notificationsSecret)
    .WithEnvironment("Clients__postal__Secret", postalSecret);

var appointments = builder.AddProject("appointments", appointmentsProject).WithHttpEndpoint().WithHttpHealthCheck("/health")
    .WithReference(appointmentsDb).WithReference(rabbitmq)
    .WithEnvironment("SourceIds__Key", sourceIdKey)
    .WithEnvironment("Auth__ClientId", "appointments").WithEnvironment("Auth__ClientSecret", appointmentsSecret);

var letters = builder.AddProject("letters", lettersProject).WithHttpEndpoint().WithHttpHealthCheck("/health")
    .WithReference(lettersDb).WithReference(rabbitmq)
    .WithEnvironment("SourceIds__Key", sourceIdKey)
    .WithEnvironment("Auth__ClientId", "letters").WithEnvironment("Auth__ClientSecret", lettersSecret);

var notifications = builder.AddProject("notifications", notificationsProject).WithHttpEndpoint().WithHttpHealthCheck("/health")
    .WithReference(notificationsDb).WithReference(rabbitmq)
    .WithEnvironment("Auth__ClientId", "notifications").WithEnvironment("Auth__ClientSecret", notificationsSecret)
    .WithEnvironment("Twilio__AuthToken", twilioToken)
    .WithEnvironment("SendGrid__ApiKey", sendGridKey)
    .WithEnvironment("SendGrid__WebhookPublicKey", sendGridWebhookKey);

var postal = builder.AddProject("postal", postalProject).WithHttpEndpoint().WithHttpHealthCheck("/health")
    .WithReference(postalDb).WithReference(rabbitmq)
    .WithEnvironment("Auth__ClientId", "postal").WithEnvironment("Auth__ClientSecret", postalSecret)
    .WithEnvironment("Print__SpoolFolder", spoolFolder)
    .WithEnvironment("Print__Sftp__Host", sftpHost)
    .WithEnvironment("Print__Sftp__Port", sftpPort)
    .WithEnvironment("Print__Sftp__UserName", sftpUser)
    .WithEnvironment("Print__Sftp__PrivateKeyFile", sftpKeyFile)
    .WithEnvironment("Print__Sftp__HostKeySha256", sftpHostKey)
    .WithEnvironment("Print__Sftp__Folder", sftpFolder)
    .WithEnvironment("Print__Sftp__AnswersFolder", sftpAnswersFolder);

// The gateway has two doors: the public one for people, and one for machines (FHIR, tokens, tasks) that the public host does not open.
var gateway = builder.AddProject("gateway", gatewayProject)
    .WithHttpEndpoint()
    .WithHttpEndpoint(name: "machine", env: "Gateway__MachinePort")
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health", endpointName: "http")
    .WithReference(redis).WithReference(rabbitmq).WaitFor(redis)
    .WithEnvironment("Auth__ClientId", "gateway").WithEnvironment("Auth__ClientSecret", gatewaySecret);

// ---- Who calls whom, and nobody starts before every migration has completed. ----
foreach (var service in new[] { identity, appointments, letters, notifications, postal, gateway })
{
    service
        // New objects would fill the processor's cache, 32 MB and more in each process, before they are collected; and the compiler's memory lies in one pool for each thread.
        .WithEnvironment("DOTNET_GCgen0size", "0x400000").WithEnvironment("MALLOC_ARENA_MAX", "2")
        .WithReference(identity).WithReference(appointments).WithReference(letters).WithReference(notifications).WithReference(postal)
        .WaitFor(rabbitmq)
        .WaitForCompletion(identityMigrate).WaitForCompletion(appointmentsMigrate).WaitForCompletion(lettersMigrate)
        .WaitForCompletion(notificationsMigrate).WaitForCompletion(postalMigrate).WaitForCompletion(gatewayMigrate);
}

if (builder.ExecutionContext.IsRunMode)
{
    // ---- On one machine: the outside world is simulated, over its real protocols. None of this is ever published. ----
    var sendGridWebhookPrivateKey = builder.AddParameter("sendgrid-webhook-private-key", secret: true);

    var staffSecret = builder.AddParameter("staff-client-secret", secret: true);

    var simulators = builder.AddProject("simulators", simulatorsProject).WithHttpEndpoint().WithHttpHealthCheck("/health")
        .WithReference(gateway).WaitFor(gateway).WaitFor(identity).WaitFor(appointments).WaitFor(letters).WaitFor(notifications).WaitFor(postal)
        .WithEnvironment("Pas__FhirBaseUrl", gateway.GetEndpoint("machine"))
        .WithEnvironment("Pas__ClientSecret", pasSecret)
        .WithEnvironment("TrustAdmin__ClientSecret", trustAdminSecret)
        .WithEnvironment("Twilio__AccountSid", "AC00000000000000000000000000000001")
        .WithEnvironment("Twilio__AuthToken", twilioToken)
        .WithEnvironment("SendGrid__ApiKey", sendGridKey)
        .WithEnvironment("SendGrid__WebhookUrl", gateway.GetEndpoint("http"))
        .WithEnvironment("SendGrid__WebhookPrivateKey", sendGridWebhookPrivateKey)
        .WithEnvironment("Print__SpoolFolder", spoolFolder)
        .WithEnvironment("Staff__ClientSecret", staffSecret)
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development");

    gateway
        .WithEnvironment("Staff__Authority", simulators.GetEndpoint("http"))
        .WithEnvironment("Staff__ClientId", "patienthub-desk")
        .WithEnvironment("Staff__ClientSecret", staffSecret);

    notifications
        .WithEnvironment("Twilio__BaseUrl", simulators.GetEndpoint("http"))
        .WithEnvironment("Twilio__AccountSid", "AC00000000000000000000000000000001")
        .WithEnvironment("SendGrid__BaseUrl", simulators.GetEndpoint("http"));

    // Messages at any hour and print batches at once, unless --real-hours is given.
    // --demo: the ladder of 24, 48, 72 and 96 hours takes a minute.
    var atOnce = args.Contains("--real-hours") ? "false" : "true";
    var quietHours = args.Contains("--real-hours") ? "true" : "false";
    var demo = args.Contains("--demo");
    foreach (var service in new[] { identity, appointments, letters, notifications, postal, gateway })
    {
        service
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
            .WithEnvironment("PublicBaseUrl", gateway.GetEndpoint("http"))
            .WithEnvironment("QuietHours__Enabled", quietHours)
            .WithEnvironment("Digest__Window", args.Contains("--real-hours") ? "01:00:00" : "00:00:02")
            .WithEnvironment("Batches__AtOnce", atOnce)
            .WithEnvironment("Ladder__FirstReminderAfter", demo ? "00:00:12" : "1.00:00:00")
            .WithEnvironment("Ladder__SecondReminderAfter", demo ? "00:00:24" : "2.00:00:00")
            .WithEnvironment("Ladder__PostAfterInvitation", demo ? "00:00:40" : "3.00:00:00")
            .WithEnvironment("Ladder__PostAfterBooking", demo ? "00:01:00" : "4.00:00:00");
    }
}
else
{
    // ---- Elsewhere: what only the people who deploy can know. The rest has its defaults in the services (the trust's names and numbers: Trust__*). ----
    var publicBaseUrl = builder.AddParameter("public-base-url");
    var twilioAccountSid = builder.AddParameter("twilio-account-sid");
    var staffAuthority = builder.AddParameter("staff-authority");
    var staffClientId = builder.AddParameter("staff-client-id");
    var staffClientSecret = builder.AddParameter("staff-client-secret", secret: true);
    foreach (var service in new[] { identity, appointments, letters, notifications, postal, gateway })
    {
        service.WithEnvironment("PublicBaseUrl", publicBaseUrl);
    }
    notifications.WithEnvironment("Twilio__AccountSid", twilioAccountSid);
    gateway.WithEnvironment("Staff__Authority", staffAuthority).WithEnvironment("Staff__ClientId", staffClientId).WithEnvironment("Staff__ClientSecret", staffClientSecret);
}

builder.Build().Run();
