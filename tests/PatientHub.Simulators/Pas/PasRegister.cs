using System.Globalization;
using PatientHub.Appointments.Contracts;
using PatientHub.Simulators.Pas.Seeds;

namespace PatientHub.Simulators.Pas;

/// <summary>
/// What the hospital's system knows, in memory: the seeds, then whatever was booked, moved or cancelled since. Seeds carry midnight (UTC) of the day as
/// lastUpdated, so that feeding again the same day is the same feed; changes carry the instant they were made.
/// </summary>
public sealed class PasRegister
{
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly Dictionary<string, PasPatient> patients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PasAppointment> appointments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PasDocument> documents = new(StringComparer.Ordinal);
    private DateTimeOffset lastChange;

    /// <summary>The seeds, counted from today in London.</summary>
    public PasRegister(TimeProvider time)
    {
        this.time = time;
        var today = LondonDates.Today(time);
        SeededAt = new DateTimeOffset(today.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        foreach (var person in PeopleSeed.People)
        {
            var patient = person.Patient with { LastUpdated = SeededAt };
            patients.Add(patient.Id, patient);
            foreach (var (index, booking) in person.Bookings.Index())
            {
                var appointment = booking.For(patient, index + 1, today);
                appointments.Add(appointment.Id, appointment);
                WriteLetter(appointment);
            }

            foreach (var (index, letter) in person.Letters.Index())
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"D{patient.Id[1..]}-{today:yyyyMMdd}-{index + 1}");
                documents.Add(id, new PasDocument
                {
                    Id = id,
                    PatientId = patient.Id,
                    Title = letter.Title,
                    Paragraphs = letter.Paragraphs,
                    Date = SeededAt,
                    LastUpdated = SeededAt,
                });
            }
        }
    }

    /// <summary>lastUpdated of the seeds.</summary>
    public DateTimeOffset SeededAt { get; }

    public IReadOnlyList<PasPatient> Patients => Read(patients);

    public IReadOnlyList<PasAppointment> Appointments => Read(appointments);

    public IReadOnlyList<PasDocument> Documents => Read(documents);

    public PasPatient? Patient(string id) => Find(patients, id);

    public PasAppointment? Appointment(string id) => Find(appointments, id);

    public static Clinic Clinic(string id) => TrustSeed.Clinics.First(clinic => clinic.Id == id);

    public static Clinic? FindClinic(string id) => TrustSeed.Clinics.FirstOrDefault(clinic => clinic.Id == id);

    /// <summary>Registers or changes a patient.</summary>
    internal PasPatient Save(PasPatient patient)
    {
        lock (gate)
            return patients[patient.Id] = patient with { LastUpdated = NextChange() };
    }

    /// <summary>Books or changes an appointment; where the PAS writes the letter, it writes a new one.</summary>
    internal (PasAppointment Appointment, PasDocument? Letter) Save(PasAppointment appointment)
    {
        lock (gate)
        {
            var saved = appointment with { LastUpdated = NextChange() };
            appointments[saved.Id] = saved;
            return (saved, WriteLetter(saved));
        }
    }

    internal PasDocument Save(PasDocument document)
    {
        lock (gate)
            return documents[document.Id] = document with { LastUpdated = NextChange() };
    }

    /// <summary>An id for something new, without anything personal in it.</summary>
    internal string NextId(char kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}9{Random.Shared.NextInt64(1_000_000_000, 9_999_999_999)}");

    private PasDocument? WriteLetter(PasAppointment appointment)
    {
        var clinic = Clinic(appointment.ClinicId);
        if (clinic.LetterSource != LetterSource.Pas || appointment.Status != PasStatus.Booked)
            return null;
        var letter = new PasDocument
        {
            Id = "D" + appointment.Id[1..],
            PatientId = appointment.PatientId,
            AppointmentId = appointment.Id,
            Title = "Your appointment letter",
            Date = appointment.LastUpdated,
            LastUpdated = appointment.LastUpdated,
            Paragraphs =
            [
                $"We have booked an appointment for you on {LondonDates.Words(appointment.Start)}.",
                appointment.Medium switch
                {
                    AppointmentMedium.Telephone => "We will phone you. You do not need to come to the hospital.",
                    AppointmentMedium.Video => "It is a video appointment. You do not need to come to the hospital.",
                    _ => $"Please come to the {clinic.Name}, Leeds General Infirmary, Great George Street, Leeds LS1 3EX.",
                },
                $"If you cannot attend, please phone {clinic.Phone}, Monday to Friday, 8am to 6pm.",
            ],
        };
        return documents[letter.Id] = letter;
    }

    // Two changes never share an instant: the hub orders versions by it.
    private DateTimeOffset NextChange()
    {
        var now = time.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        return lastChange = now > lastChange ? now : lastChange.AddMilliseconds(1);
    }

    private List<T> Read<T>(Dictionary<string, T> from)
    {
        lock (gate)
            return [.. from.Values];
    }

    private T? Find<T>(Dictionary<string, T> from, string id) where T : class
    {
        lock (gate)
            return from.GetValueOrDefault(id);
    }
}
