using PatientHub.Letters;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddLetters();

var app = builder.Build();
app.MapServiceDefaults();
app.MapLetters();
await app.RunOrMigrateAsync(args);
