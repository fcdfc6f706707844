using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;

namespace PatientHub.Letters.Tests.Support;

/// <summary>Appointments' internal door over HTTP, with the shapes of its contracts.</summary>
public sealed class StubAppointments : IAsyncDisposable
{
    private readonly WebApplication app;

    private StubAppointments(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public ConcurrentDictionary<Guid, AppointmentStanding> Standings { get; } = [];

    public bool Down { get; set; }

    public static async Task<StubAppointments> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var stub = new StubAppointments(app);
        app.MapPost("/internal/appointments/standing", (AppointmentStandingQuery query, HttpRequest request) =>
            stub.Down ? Results.StatusCode(503)
            : !request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.Ordinal) ? Results.Unauthorized()
            : Results.Json(query.AppointmentIds.Where(stub.Standings.ContainsKey).Select(id => stub.Standings[id]).ToArray()));
        await app.StartAsync();
        return stub;
    }

    public void Set(AppointmentState state, bool? offersChanges = null) => Standings[state.AppointmentId] = new AppointmentStanding
    {
        Appointment = state,
        SiteName = "St James's University Hospital",
        SiteAddress = ["Beckett Street", "Leeds", "LS9 7TF"],
        ClinicName = "Orthopaedic clinic & <fracture> service",
        ClinicPhone = "0113 496 0000",
        ClinicPhoneHours = "Monday to Friday, 9am to 5pm",
        Preparation = "Bring your glasses\nBring a list of your medicines",
        ChangeUntil = state.Start.AddDays(-5),
        OffersChanges = offersChanges ?? state.ClinicMode == ClinicMode.Full,
    };

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
