using MassTransit;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.PostalFallback.Domain;
using PatientHub.PostalFallback.Persistence;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>One fact in eight envelopes: the newest state of an appointment. Every event carries it whole, so one queue and one consumer take them all; only the one that comes in thousands has its own (<see cref="AppointmentBookedConsumer"/>).</summary>
internal sealed class AppointmentStateConsumer(PostalDbContext db, PatientPost post) :
    IConsumer<AppointmentChanged>, IConsumer<AppointmentCancelledByHospital>, IConsumer<AppointmentCompleted>,
    IConsumer<AppointmentAccepted>, IConsumer<RebookRequested>, IConsumer<CancellationRequested>, IConsumer<RequestWithdrawn>, IConsumer<TaskClosed>
{
    public Task Consume(ConsumeContext<AppointmentChanged> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);
    public Task Consume(ConsumeContext<AppointmentCancelledByHospital> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);
    public Task Consume(ConsumeContext<AppointmentCompleted> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);
    public Task Consume(ConsumeContext<AppointmentAccepted> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);
    public Task Consume(ConsumeContext<RebookRequested> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);
    public Task Consume(ConsumeContext<CancellationRequested> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);
    public Task Consume(ConsumeContext<RequestWithdrawn> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);
    public Task Consume(ConsumeContext<TaskClosed> context) => context.Message.Appointment is { } state ? TakeAsync(state, context.CancellationToken) : Task.CompletedTask;

    private async Task TakeAsync(AppointmentState state, CancellationToken cancellationToken)
    {
        var patient = await post.LockAsync(state.PatientId, cancellationToken);
        var appointment = await db.Appointments.FindAsync([state.AppointmentId], cancellationToken);
        if (appointment is null)
            db.Appointments.Add(appointment = new AppointmentFacts { AppointmentId = state.AppointmentId });
        var before = appointment.PatientId;
        if (!appointment.Take(state))
            return;
        if (before != state.PatientId && before != Guid.Empty)
            await FollowAsync(db, state, cancellationToken);
        await post.LookAtAppointmentAsync(patient, state.AppointmentId, cancellationToken);
    }

    /// <summary>A30: after a merge that was taken back, the post belongs to the appointment's own patient again. Before the look, so that its flags decide.</summary>
    internal static async Task FollowAsync(PostalDbContext db, AppointmentState state, CancellationToken cancellationToken)
    {
        await db.Deadlines.Where(row => row.AppointmentId == state.AppointmentId && row.PatientId != state.PatientId).ExecuteUpdateAsync(row => row.SetProperty(deadline => deadline.PatientId, state.PatientId), cancellationToken);
        await db.Letters.Where(row => row.AppointmentId == state.AppointmentId && row.PatientId != state.PatientId).ExecuteUpdateAsync(row => row.SetProperty(letter => letter.PatientId, state.PatientId), cancellationToken);
    }
}
