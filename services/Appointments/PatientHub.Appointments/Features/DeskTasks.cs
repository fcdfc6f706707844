using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;
using PatientHub.Messaging;

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

    /// <summary>The same for many, some of which may have one cause.</summary>
    public static async Task RaiseOnceAsync(AppointmentsDbContext db, IReadOnlyCollection<DeskTask> tasks, CancellationToken ct)
    {
        if (tasks.Count == 0) return;
        Guid[] ids = [.. tasks.Select(t => t.Id).Distinct()];
        var known = await db.Tasks.Where(t => ids.Contains(t.Id)).Select(t => t.Id).ToListAsync(ct);
        db.AddRange(tasks.DistinctBy(t => t.Id).Where(t => !known.Contains(t.Id)));
    }

    /// <summary>What follows when a task is closed: its request ends or is agreed (A9), and all hear of it.</summary>
    public static async Task ClosedAsync(AppointmentsDbContext db, IOutbox outbox, DeskTask task, TaskOutcome outcome, Appointment? appointment, DateTimeOffset now, CancellationToken ct)
    {
        AppointmentState? state = null;
        if (appointment is not null)
        {
            appointment.TaskWasClosed(task.Id, outcome);
            state = AppointmentView.State(appointment, await db.Clinics.SingleAsync(c => c.Id == appointment.ClinicId, ct), now);
        }

        outbox.Add(new TaskClosed { TaskId = task.Id, Code = task.Code, Outcome = TaskMapping.Code(outcome), Appointment = state, OccurredAt = now });
    }
}
