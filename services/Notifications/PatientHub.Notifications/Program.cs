using PatientHub.Messaging;
using PatientHub.Notifications;
using PatientHub.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNotifications();

var app = builder.Build();
app.MapServiceDefaults();
app.MapNotifications();
await app.RunOrMigrateAsync(args);
