using MassTransit;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Features;
using PatientHub.Appointments.Persistence;
using PatientHub.Notifications.Contracts;

namespace PatientHub.Appointments.Consumers;

/// <summary>R30: whoever opts out wants everything by post: the calendar feed ends. It can be switched on again by itself.</summary>
public sealed class PatientOptedOutConsumer(AppointmentsDbContext db) : IConsumer<PatientOptedOut>
{
    public Task Consume(ConsumeContext<PatientOptedOut> context) =>
        CalendarFeeds.EndAsync(db, [context.Message.PatientId], CalendarFeedEnd.OptedOut, context.Message.OccurredAt, context.CancellationToken);
}
