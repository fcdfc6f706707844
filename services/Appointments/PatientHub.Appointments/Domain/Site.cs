using PatientHub.Appointments.Contracts.Http;

namespace PatientHub.Appointments.Domain;

/// <summary>A place to go to: a FHIR Location and the trust's settings for it.</summary>
public sealed class Site
{
    private Site()
    {
    }

    public Site(Guid id, string sourceSystem, string sourceId) => (Id, SourceSystem, SourceId) = (id, sourceSystem, sourceId);

    public Guid Id { get; private set; }
    public string SourceSystem { get; private set; } = "";
    public string SourceId { get; private set; } = "";
    public string? Name { get; private set; }
    public string[] Address { get; private set; } = [];
    public double? Latitude { get; private set; }
    public double? Longitude { get; private set; }
    public DateTimeOffset? SourceVersion { get; private set; }
    public string? DisplayName { get; private set; }
    public string? Parking { get; private set; }

    public string? NameForPatients => DisplayName ?? Name;

    /// <summary>Takes the Location; true when something changed.</summary>
    public bool Take(string? name, string[] address, double? latitude, double? longitude, DateTimeOffset version)
    {
        var changed = (Name, Latitude, Longitude) != (name, latitude, longitude) || !Address.SequenceEqual(address);
        (Name, Address, Latitude, Longitude, SourceVersion) = (name, address, latitude, longitude, version);
        return changed;
    }

    public void Configure(SiteSettings settings) => (DisplayName, Parking) = (settings.DisplayName, settings.Parking);
}
