using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Domain;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Features;

/// <summary>Which event a change of the PAS is published as.</summary>
internal static class AppointmentEvents
{
    public static void Add(IOutbox outbox, PasChange change, Appointment appointment, Clinic clinic, DateTimeOffset now)
    {
        var state = AppointmentView.State(appointment, clinic, now);
        switch (change)
        {
            case PasChange.Booked:
                outbox.Add(new AppointmentBooked { Appointment = state, OccurredAt = now });
                break;
            case PasChange.Changed changed:
                outbox.Add(new AppointmentChanged { Appointment = state, RevisionRaised = changed.RevisionRaised, PreviousStart = changed.PreviousStart, OccurredAt = now });
                break;
            case PasChange.Cancelled cancelled:
                outbox.Add(new AppointmentCancelledByHospital { Appointment = state, AskedByPatient = cancelled.AskedByPatient, OccurredAt = now });
                break;
            case PasChange.Completed:
                outbox.Add(new AppointmentCompleted { Appointment = state, OccurredAt = now });
                break;
        }
    }
}
