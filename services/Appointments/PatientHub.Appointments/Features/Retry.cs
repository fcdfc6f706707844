using Microsoft.EntityFrameworkCore;
using Npgsql;
using PatientHub.Appointments.Persistence;

namespace PatientHub.Appointments.Features;

/// <summary>
/// The feed never loses to a patient's click or to its own repeat: an optimistic conflict, or two first inserts of one id (checklist 29), is read again and applied again.
/// Patients' answers do not use this: they must see what changed.
/// </summary>
internal static class Retry
{
    private const int Attempts = 5;

    public static async Task<T> OnConflictAsync<T>(AppointmentsDbContext db, Func<Task<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (DbUpdateException e) when (attempt < Attempts && (e is DbUpdateConcurrencyException || e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }))
            {
                db.ChangeTracker.Clear();
            }
        }
    }
}
