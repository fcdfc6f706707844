using PatientHub.Appointments.Contracts;
using PatientHub.Simulators.Messages;
using PatientHub.Simulators.Pas.Seeds;

namespace PatientHub.Simulators.Pas;

/// <summary>A person of the trust with all that is needed to be them for a minute.</summary>
/// <param name="PatientId">The PAS's id.</param>
/// <param name="Name">Given and family name.</param>
/// <param name="Born">Date of birth.</param>
/// <param name="Mobile">Mobile that codes go to, E.164; null without one.</param>
/// <param name="Email">Email address; null without one.</param>
/// <param name="Story">What is interesting about them.</param>
/// <param name="Appointments">Their appointments, soonest first.</param>
public sealed record PersonView(
    string PatientId, string Name, DateOnly Born, string? Mobile, string? Email, string Story, IReadOnlyList<PersonAppointment> Appointments);

/// <summary>One of a person's appointments.</summary>
public sealed record PersonAppointment(
    string AppointmentId, string ClinicId, string Clinic, ClinicMode? Mode, DateTimeOffset Start, AppointmentMedium Medium, PasStatus Status);

/// <summary>Reads the register as people.</summary>
public static class PeopleView
{
    /// <summary>Everyone, in the order of the seeds; later registrations last.</summary>
    public static IReadOnlyList<PersonView> All(PasRegister register)
    {
        var appointments = register.Appointments.ToLookup(appointment => appointment.PatientId);
        return [.. register.Patients.Select(patient => new PersonView(
            patient.Id,
            patient.Name,
            patient.Born,
            patient.CurrentMobile is { } mobile ? Destination.Normalise(mobile) : null,
            patient.Email,
            patient.Story,
            [.. appointments[patient.Id].OrderBy(appointment => appointment.Start).Select(appointment =>
            {
                var clinic = PasRegister.Clinic(appointment.ClinicId);
                return new PersonAppointment(appointment.Id, clinic.Id, clinic.Name, clinic.Mode, appointment.Start, appointment.Medium, appointment.Status);
            })]))];
    }

    /// <summary>Who is behind each number and address.</summary>
    public static ILookup<string, PersonView> ByDestination(PasRegister register)
    {
        var people = All(register).ToDictionary(person => person.PatientId);
        return register.Patients
            .SelectMany(patient => patient.Mobiles.Where(mobile => !mobile.Old).Select(mobile => mobile.Number).Append(patient.Email)
                .OfType<string>().Select(destination => (Destination: Destination.Normalise(destination), Person: people[patient.Id])))
            .ToLookup(entry => entry.Destination, entry => entry.Person);
    }

    /// <summary>The clinics, for the page.</summary>
    public static IReadOnlyList<Clinic> Clinics => TrustSeed.Clinics;
}
