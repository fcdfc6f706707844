using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>R2: the promise of a letter, for everybody whom a campaign books, in batches. What it says is a state as in <see cref="AppointmentStateConsumer"/>.</summary>
internal sealed class AppointmentBookedConsumer(PostalDbContext db, PatientPost post) : IConsumer<Batch<AppointmentBooked>>
{
    public async Task Consume(ConsumeContext<Batch<AppointmentBooked>> context)
    {
        var (states, ct) = (context.Message.Select(message => message.Message.Appointment).OrderBy(state => state.Version).ToList(), context.CancellationToken);
        var patients = await post.LockAsync(states.Select(state => state.PatientId), ct);
        var ids = states.Select(state => state.AppointmentId).Distinct().ToArray();
        var appointments = await db.Appointments.Where(appointment => ids.Contains(appointment.AppointmentId)).ToDictionaryAsync(appointment => appointment.AppointmentId, ct);
        var taken = new List<(PatientFacts, Guid)>(states.Count);
        foreach (var state in states)
        {
            if (!appointments.TryGetValue(state.AppointmentId, out var appointment))
            {
                appointments.Add(state.AppointmentId, appointment = new AppointmentFacts { AppointmentId = state.AppointmentId });
                db.Appointments.Add(appointment);
            }

            var before = appointment.PatientId;
            if (!appointment.Take(state))
                continue;
            if (before != state.PatientId && before != Guid.Empty)
                await AppointmentStateConsumer.FollowAsync(db, state, ct);
            taken.Add((patients[state.PatientId], state.AppointmentId));
        }

        if (taken.Count > 0)
            await post.LookAtAppointmentsAsync(taken, ct);
    }
}
