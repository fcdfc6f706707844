using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Messaging;

namespace PatientHub.Notifications.Tests.Support;

/// <summary>Identity, Appointments and Letters as Notifications sees them: their routes of the last look, on loopback, in the shapes of the contracts.</summary>
public sealed class Owners : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Owners(WebApplication app) => _app = app;

    public ConcurrentDictionary<Guid, PatientContact> Contacts { get; } = new();

    public ConcurrentDictionary<Guid, AppointmentStanding> Appointments { get; } = new();

    public ConcurrentDictionary<Guid, LetterStanding> Letters { get; } = new();

    public ConcurrentDictionary<Guid, CollectedCode> Codes { get; } = new();

    /// <summary>Whose numbers were texted from, also after STOP.</summary>
    public ConcurrentDictionary<Guid, string> Numbers { get; } = new();

    /// <summary>Runs inside the answer of /internal/contacts: between claim and send.</summary>
    public Func<IReadOnlyList<Guid>, Task> WhileLooking { get; set; } = _ => Task.CompletedTask;

    /// <summary>Letters answers 503.</summary>
    public bool LettersAreDown { get; set; }

    public int CodesCollected;

    /// <summary>The first defect of this stand-in, shown with a red test.</summary>
    public string? Fault { get; private set; }

    public Uri Address => new(_app.Urls.First());

    public static async Task<Owners> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var owners = new Owners(app);
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (Exception fault)
            {
                owners.Fault ??= fault.ToString();
                throw;
            }
        });
        app.MapPost("/internal/contacts", async (HttpContext http) =>
        {
            var ids = (await ReadAsync<PatientQuery>(http)).PatientIds;
            await owners.WhileLooking(ids);
            return Found(ids, owners.Contacts);
        });
        app.MapPost("/internal/contacts/texting", async (HttpContext http) =>
        {
            var texted = await ReadAsync<NumberTexted>(http);
            foreach (var id in owners.Contacts.Values.Where(c => c.Mobile == texted.Mobile).Select(c => c.PatientId)) owners.Numbers[id] = texted.Mobile;
            var having = owners.Numbers.Where(n => n.Value == texted.Mobile).Select(n => owners.Contacts[n.Key]).ToList();
            foreach (var contact in having.Where(_ => texted.Stopped is not null)) owners.Contacts[contact.PatientId] = contact with { Mobile = texted.Stopped == true ? null : texted.Mobile };
            return Results.Json(having.Select(c => new NumberOwner { PatientId = c.PatientId, HasAnotherContact = c.Email is not null, Language = c.Language, MaySend = c.MaySend }), MessageJson.Options);
        });
        app.MapPost("/internal/appointments/standing", async (HttpContext http) =>
        {
            var query = await ReadAsync<AppointmentStandingQuery>(http);
            return Found(query.AppointmentIds, owners.Appointments);
        });
        app.MapPost("/internal/letters/standing", async (HttpContext http) =>
            owners.LettersAreDown ? Results.StatusCode(503) : Found((await ReadAsync<LetterStandingQuery>(http)).LetterIds, owners.Letters));
        app.MapPost("/internal/sign-in-codes/{id:guid}/collect", (Guid id) =>
        {
            if (!owners.Codes.TryRemove(id, out var code)) return Results.NotFound();
            Interlocked.Increment(ref owners.CodesCollected);
            return Results.Json(code, MessageJson.Options);
        });
        await app.StartAsync();
        return owners;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<T> ReadAsync<T>(HttpContext http)
    {
        http.Request.Headers.Authorization.ToString().ShouldStartWith("Bearer ");
        return (await http.Request.ReadFromJsonAsync<T>(MessageJson.Options))!;
    }

    private static IResult Found<T>(IReadOnlyList<Guid> ids, ConcurrentDictionary<Guid, T> known)
    {
        ids.Count.ShouldBeLessThanOrEqualTo(500);
        return Results.Json(ids.Where(known.ContainsKey).Select(id => known[id]), MessageJson.Options);
    }
}
