using Microsoft.EntityFrameworkCore;

namespace PatientHub.Identity.Persistence;

/// <summary>One change of a record at a time, for the length of the transaction: two copies of one message would else both find no patient, or both the old one.</summary>
internal static class PatientLock
{
    private const long Merges = 0x6D65_7267_6573;

    /// <summary>A merge changes two records. Merges go one after the other and take this lock before their records' own: two that name each other cannot block each other.</summary>
    public static Task TakeForMergesAsync(IdentityDbContext db, CancellationToken ct) => db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Merges})", ct);

    public static Task TakeAsync(IdentityDbContext db, Guid patientId, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({BitConverter.ToInt64(patientId.ToByteArray())})", ct);
}
