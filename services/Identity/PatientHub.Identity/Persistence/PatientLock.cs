using Microsoft.EntityFrameworkCore;

namespace PatientHub.Identity.Persistence;

/// <summary>One change of a record at a time, for the length of the transaction: two copies of one message would else both find no patient, or both the old one.</summary>
internal static class PatientLock
{
    public static Task TakeAsync(IdentityDbContext db, Guid patientId, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({BitConverter.ToInt64(patientId.ToByteArray())})", ct);
}
