namespace PatientHub.Gateway.Session;

/// <summary>A signed-in patient's session as kept in Redis (A20).</summary>
public sealed record PatientSession
{
    /// <summary>Idle limit: each request begins it anew (A20).</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    /// <summary>When the page warns that the idle limit is near (A20).</summary>
    public static readonly TimeSpan WarnAfter = TimeSpan.FromMinutes(8);

    /// <summary>Longest session (A20).</summary>
    public static readonly TimeSpan Absolute = TimeSpan.FromMinutes(60);

    public required Guid PatientId { get; init; }

    /// <summary>Claim <c>sid</c>: the session's name at Identity.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Shown on every page, so that nobody answers for the wrong person.</summary>
    public required string FullName { get; init; }

    public required string FirstName { get; init; }

    public required string AccessToken { get; init; }

    public required DateTimeOffset AccessTokenEndsAt { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The calendar feed's address that was made in this session: shown until it ends, and kept nowhere else in clear (R24).</summary>
    public CalendarFeedAddress? CalendarFeed { get; init; }

    public DateTimeOffset EndsAt => StartedAt + Absolute;
}

/// <summary>A calendar feed's token and the version of the feed it belongs to.</summary>
public sealed record CalendarFeedAddress(string Token, int Version);
