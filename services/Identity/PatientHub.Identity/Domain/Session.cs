namespace PatientHub.Identity.Domain;

/// <summary>A signed-in session. The gateway ends it after 10 minutes idle; here it ends after 60 minutes at most (A20), at signing out, or with the record (A24, A30).</summary>
public sealed class Session
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(60);

    public required Guid Id { get; init; }
    public required Guid PatientId { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }

    public static Session Start(Guid patientId, DateTimeOffset now) => new() { Id = Guid.CreateVersion7(), PatientId = patientId, StartedAt = now, EndsAt = now + Longest };

    public bool IsOpen(DateTimeOffset now) => EndedAt is null && now < EndsAt;
}
