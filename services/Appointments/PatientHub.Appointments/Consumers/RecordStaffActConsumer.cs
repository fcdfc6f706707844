using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;

namespace PatientHub.Appointments.Consumers;

/// <summary>
/// A service has done what a member of staff intended: the trail's line is complete. Without a line about the intention it makes one: no act is missing. Two at once meet on the key, and
/// the second is delivered again.
/// </summary>
public sealed class RecordStaffActConsumer(AppointmentsDbContext db) : IConsumer<RecordStaffAct>
{
    public async Task Consume(ConsumeContext<RecordStaffAct> context)
    {
        var (done, ct) = (context.Message, context.CancellationToken);
        if (await db.StaffActs.FindAsync([done.ActId], ct) is not { } act)
            db.Add(act = new StaffAct(done.ActId, done.StaffId, done.Act, done.OccurredAt) { PatientId = done.PatientId, LetterId = done.LetterId });
        act.DoneAt ??= done.OccurredAt;
        await db.SaveChangesAsync(ct);
    }
}
