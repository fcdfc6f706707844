using PatientHub.Messaging;
using PatientHub.PostalFallback;
using PatientHub.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPostalFallback();

var app = builder.Build();
app.MapServiceDefaults();
app.MapPostalFallback();
await app.RunOrMigrateAsync(args);
