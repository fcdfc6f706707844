using PatientHub.Identity;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddIdentity();

var app = builder.Build();
app.MapServiceDefaults();
app.MapIdentity();
await app.RunOrMigrateAsync(args);
