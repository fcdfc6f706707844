using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Hl7.Fhir.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Fhir;
using Task = System.Threading.Tasks.Task;

namespace PatientHub.Simulators.Tests;

/// <summary>
/// The hub's machine address as the PAS sees it: tokens for its two clients, FHIR read by the hub's own strict reader, settings in the contracts' shapes.
/// </summary>
public sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Put> puts = new();

    private FakeHub(WebApplication app) => this.app = app;

    public sealed record Put(string Path, string MediaType, byte[] Body, Resource? Resource);

    public Uri Address => new(app.Urls.Single());

    public IReadOnlyList<Put> Puts => [.. puts];

    public ConcurrentDictionary<string, ClinicSettings> Clinics { get; } = new();

    public ConcurrentDictionary<string, SiteSettings> Sites { get; } = new();

    /// <summary>How many requests it answers with 503 before it works.</summary>
    public int Unready;

    public IEnumerable<T> All<T>() where T : Resource => Puts.Select(put => put.Resource).OfType<T>();

    public T Last<T>(string id) where T : Resource => All<T>().Last(resource => resource.Id == id);

    public static async Task<FakeHub> StartAsync(int unready = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["SourceIds:Key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        builder.AddFhir();
        var app = builder.Build();
        var hub = new FakeHub(app) { Unready = unready };
        app.Use((context, next) =>
        {
            if (Interlocked.Decrement(ref hub.Unready) < 0)
                return next(context);
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        app.MapPost("/connect/token", (Delegate)TokenAsync);
        hub.MapFhir<Location>();
        hub.MapFhir<HealthcareService>();
        hub.MapFhir<Patient>();
        hub.MapFhir<Appointment>();
        hub.MapFhir<DocumentReference>();
        app.MapPut("/api/clinics/{id}/settings", async (string id, HttpContext context) => await hub.TakeSettingsAsync<ClinicSettings>(context, settings => hub.Clinics[id] = settings));
        app.MapPut("/api/sites/{id}/settings", async (string id, HttpContext context) => await hub.TakeSettingsAsync<SiteSettings>(context, settings => hub.Sites[id] = settings));
        await app.StartAsync();
        return hub;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        return (form["grant_type"].ToString(), form["client_id"].ToString(), form["client_secret"].ToString(), form["scope"].ToString()) switch
        {
            ("client_credentials", "pas", "pas-secret", "fhir.write") => Results.Json(new { access_token = "fhir", token_type = "Bearer", expires_in = 3600 }),
            ("client_credentials", "trust-admin", "admin-secret", "trust.admin") => Results.Json(new { access_token = "admin", token_type = "Bearer", expires_in = 3600 }),
            _ => Results.Json(new { error = "invalid_client" }, statusCode: 400),
        };
    }

    private void MapFhir<T>() where T : Resource, new() => app.MapPut($"/fhir/{new T().TypeName}/{{id}}", async (string id, HttpContext context) =>
    {
        if (context.Request.Headers.Authorization != "Bearer fhir")
            return Results.Unauthorized();
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Request.Body = new MemoryStream(body.ToArray());
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new System.Security.Claims.Claim("client_id", "pas")]));
        var input = await app.Services.GetRequiredService<FhirReader>().ReadAsync<T>(context, id, context.RequestAborted);
        if (input.Refused(out var problem))
            return problem;
        var created = !puts.Any(put => put.Path == context.Request.Path);
        puts.Enqueue(new Put(context.Request.Path, context.Request.ContentType!, body.ToArray(), input.Resource));
        return id.Contains("BabyPatient", StringComparison.Ordinal)
            ? FhirResult.Taken(created, FhirIssue.Warning(OperationOutcome.IssueType.Value, "Patient.identifier", "The NHS number fails its check digit."))
            : FhirResult.Taken(created);
    });

    private async Task<IResult> TakeSettingsAsync<T>(HttpContext context, Action<T> keep)
    {
        if (context.Request.Headers.Authorization != "Bearer admin")
            return Results.Unauthorized();
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        keep(JsonSerializer.Deserialize<T>(body.ToArray(), JsonSerializerOptions.Web)!);
        puts.Enqueue(new Put(context.Request.Path, context.Request.ContentType!, body.ToArray(), null));
        return Results.NoContent();
    }
}
