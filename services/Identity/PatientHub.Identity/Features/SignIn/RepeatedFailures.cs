using PatientHub.Identity.Contracts;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;

namespace PatientHub.Identity.Features.SignIn;

/// <summary>A33: the third failed sign-in of a known pair posts the pending letters, invisibly to whoever tried.</summary>
public sealed class RepeatedFailures(IOutbox outbox, IdentityDbContext db, TimeProvider time)
{
    public async Task ReportAsync(IReadOnlyList<Patient> records, CancellationToken ct)
    {
        foreach (var record in records)
            outbox.Add(new SignInRepeatedlyFailed { PatientId = record.Id, OccurredAt = time.GetUtcNow() });
        await db.SaveChangesAsync(ct);
    }
}
