using MassTransit;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Features;
using PatientHub.Appointments.Persistence;
using PatientHub.Identity.Contracts;

namespace PatientHub.Appointments.Consumers;

/// <summary>A24, A30: what ends sessions ends the calendar feed too: whoever switched it on may not be the patient any more.</summary>
public sealed class PatientDetailsChangedConsumer(AppointmentsDbContext db) : IConsumer<PatientDetailsChanged>
{
    public async Task Consume(ConsumeContext<PatientDetailsChanged> context)
    {
        var (patient, at, ct) = (context.Message.Patient, context.Message.OccurredAt, context.CancellationToken);
        if (patient is { Deceased: true } or { Restricted: true } or { Active: false })
            await CalendarFeeds.EndAsync(db, [patient.PatientId], CalendarFeedEnd.RecordClosed, at, ct);
        else if (context.Message.ContactsChanged)
            await CalendarFeeds.EndAsync(db, [patient.PatientId], CalendarFeedEnd.ContactChanged, at, ct);
    }
}
