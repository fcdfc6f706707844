using PatientHub.Appointments;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddAppointments();

var app = builder.Build();
app.MapServiceDefaults();
app.MapAppointments();
await app.RunOrMigrateAsync(args);
