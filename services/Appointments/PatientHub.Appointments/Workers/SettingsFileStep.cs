using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Features;
using PatientHub.Appointments.Persistence;
using PatientHub.Fhir;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Workers;

/// <summary>
/// Part of <c>--migrate</c>: takes the first settings from the file that <see cref="AppointmentsOptions.SettingsFile"/> names, once per deployment and not once per replica.
/// What was set by the API stays: the file is a seed, not the truth.
/// </summary>
internal sealed class SettingsFileStep(IServiceScopeFactory scopes, IOptions<AppointmentsOptions> options, DatabaseClock clock, ILogger<Clinic> logger) : IMigrationStep
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public string Name => "settings of clinics and sites";

    public async Task RunAsync(CancellationToken ct)
    {
        if (options.Value.SettingsFile is not { Length: > 0 } path) return;
        await using var stream = File.OpenRead(path);
        var file = await JsonSerializer.DeserializeAsync<SettingsFile>(stream, Json, ct) ?? throw new InvalidOperationException($"{path} is empty.");
        var now = FhirMapping.Micro(await clock.UtcNowAsync(ct));
        // The key of the ids is needed only where there is a file.
        await using var outer = scopes.CreateAsyncScope();
        var ids = outer.ServiceProvider.GetRequiredService<SourceIds>();
        var system = options.Value.SourceSystem;
        foreach (var (sourceId, settings) in file.Clinics)
        {
            if (PutClinicSettings.Validate(sourceId, settings) is not null) throw new InvalidOperationException($"{path}: the settings of clinic {sourceId} are not valid.");
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AppointmentsDbContext>();
            var id = ids.Clinic(system, sourceId);
            if (await db.Clinics.AnyAsync(c => c.Id == id && c.HasSettings, ct)) continue;
            await PutClinicSettings.ApplyAsync(sourceId, settings, ids, db, scope.ServiceProvider.GetRequiredService<IOutbox>(), now, system, logger, ct);
        }

        foreach (var (sourceId, settings) in file.Sites)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AppointmentsDbContext>();
            var id = ids.Site(system, sourceId);
            if (await db.Sites.AnyAsync(s => s.Id == id && s.DisplayName != null, ct)) continue;
            await PutSiteSettings.ApplyAsync(sourceId, settings, ids, db, system, ct);
        }
    }

    /// <summary>By the PAS's own ids of HealthcareServices and Locations.</summary>
    private sealed record SettingsFile
    {
        public Dictionary<string, ClinicSettings> Clinics { get; init; } = [];
        public Dictionary<string, SiteSettings> Sites { get; init; } = [];
    }
}
