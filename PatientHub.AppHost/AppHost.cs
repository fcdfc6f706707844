// The whole system, read from top to bottom: what runs, what it needs, what must be ready before it.
// The same file is compiled twice: against Aspire (containers, dashboard, publishing) and against Local/ (plain processes, no container engine).

var builder = DistributedApplication.CreateBuilder(args);

// --demo: the ladder of 24, 48 and 72 hours runs in about a minute. --real-hours: messages only between 08:00 and 20:00, print at 17:30.
var demo = args.Contains("--demo");
var realHours = args.Contains("--real-hours");

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

// ---- Stores and broker ----
var postgres = builder.AddPostgres("postgres").WithDataVolume();
var identityDb = postgres.AddDatabase("identitydb", "identity");
var appointmentsDb = postgres.AddDatabase("appointmentsdb", "appointments");
var lettersDb = postgres.AddDatabase("lettersdb", "letters");
var notificationsDb = postgres.AddDatabase("notificationsdb", "notifications");
var postalDb = postgres.AddDatabase("postaldb", "postal");
var redis = builder.AddRedis("redis").WithDataVolume().WithPersistence();
var rabbitmq = builder.AddRabbitMQ("rabbitmq").WithManagementPlugin().WithDataVolume();

