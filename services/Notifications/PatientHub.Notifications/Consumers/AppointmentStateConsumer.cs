using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Consumers;

/// <summary>Events of which only the new state matters here (A3, A28: an answer stops the invitation's reminders).</summary>
internal sealed class AppointmentStateConsumer(NotificationsDbContext db, JourneyReview review) :
    IConsumer<AppointmentCompleted>, IConsumer<AppointmentAccepted>, IConsumer<RebookRequested>, IConsumer<CancellationRequested>, IConsumer<RequestWithdrawn>
{
    public Task Consume(ConsumeContext<AppointmentCompleted> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);

    public Task Consume(ConsumeContext<AppointmentAccepted> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);

    public Task Consume(ConsumeContext<RebookRequested> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);

    public Task Consume(ConsumeContext<CancellationRequested> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);

    public Task Consume(ConsumeContext<RequestWithdrawn> context) => TakeAsync(context.Message.Appointment, context.CancellationToken);

    private async Task TakeAsync(AppointmentState state, CancellationToken ct)
    {
        await db.LockPatientsAsync([state.PatientId], ct);
        await db.UpsertAppointmentsAsync([state], ct);
        await review.RunAsync([state.PatientId], ct);
    }
}
