using PatientHub.Gateway;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;

var builder = WebApplication.CreateBuilder(GatewayHosting.Options(args));
builder.AddServiceDefaults();
builder.AddGateway();

var app = builder.Build();
app.UseEdge();
app.MapServiceDefaults();
app.MapGateway();
await app.RunOrMigrateAsync(args);
