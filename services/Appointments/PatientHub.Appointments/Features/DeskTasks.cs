using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;

namespace PatientHub.Appointments.Features;

internal static class DeskTasks
{
    /// <summary>Adds the task unless its id is known: the same cause makes one task, and a closed one does not come back.</summary>
    public static async Task<bool> RaiseOnceAsync(AppointmentsDbContext db, DeskTask task, CancellationToken ct)
    {
        if (await db.Tasks.AnyAsync(t => t.Id == task.Id, ct)) return false;
        db.Add(task);
        return true;
    }
}
