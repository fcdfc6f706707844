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
    public string? Directions { get; private set; }

    /// <summary>Media type of the uploaded map; null without one. Its bytes are a row of their own: pages are read far more often than maps.</summary>
    public string? MapType { get; private set; }

    public int? MapBytes { get; private set; }

    public string? NameForPatients => DisplayName ?? Name;

    /// <summary>Takes the Location; true when something changed.</summary>
    public bool Take(string? name, string[] address, double? latitude, double? longitude, DateTimeOffset version)
    {
        var changed = (Name, Latitude, Longitude) != (name, latitude, longitude) || !Address.SequenceEqual(address);
        (Name, Address, Latitude, Longitude, SourceVersion) = (name, address, latitude, longitude, version);
        return changed;
    }

    public void Configure(SiteSettings settings) => (DisplayName, Parking, Directions) = (settings.DisplayName, settings.Parking, settings.Directions);

    /// <summary>What patients can look at (R25): the uploaded map, else a drawing from the coordinates, else nothing.</summary>
    public SiteMap? Map => (MapType, Latitude, Longitude) switch
    {
        ({ } type, _, _) => new SiteMap { Drawn = false, ContentType = type, Bytes = MapBytes },
        (_, not null, not null) => new SiteMap { Drawn = true, ContentType = "image/svg+xml" },
        _ => null,
    };

    public void TakeMap(string type, int bytes) => (MapType, MapBytes) = (type, bytes);

    public void DropMap() => (MapType, MapBytes) = (null, null);
}

/// <summary>The bytes of a site's uploaded map.</summary>
public sealed class SiteMapFile
{
    private SiteMapFile()
    {
    }

    public SiteMapFile(Guid siteId) => SiteId = siteId;

    public Guid SiteId { get; private set; }
    public string ContentType { get; private set; } = "";
    public byte[] Content { get; private set; } = [];
    public DateTimeOffset UploadedAt { get; private set; }

    public void Replace(string contentType, byte[] content, DateTimeOffset now) => (ContentType, Content, UploadedAt) = (contentType, content, now);
}
