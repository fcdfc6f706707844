using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Appointments.Domain;
using PatientHub.Appointments.Persistence;

namespace PatientHub.Appointments.Features;

/// <summary>An appointment with all that its page, its letter and its events need.</summary>
internal sealed class AppointmentView
{
    public required Appointment Appointment { get; init; }
    public required Clinic Clinic { get; init; }
    public Site? Site { get; init; }
    public AppointmentLetter? Letter { get; init; }
    public DeskTask? Task { get; init; }

    /// <summary>Joins what belongs together: one statement.</summary>
    public static IQueryable<AppointmentView> Query(AppointmentsDbContext db) =>
        from appointment in db.Appointments
        join clinic in db.Clinics on appointment.ClinicId equals clinic.Id
        join s in db.Sites on appointment.SiteId ?? clinic.SiteId equals s.Id into sites
        from site in sites.DefaultIfEmpty()
        join l in db.Letters on appointment.Id equals l.AppointmentId into letters
        from letter in letters.DefaultIfEmpty()
        join t in db.Tasks on appointment.TaskId equals t.Id into tasks
        from task in tasks.DefaultIfEmpty()
        select new AppointmentView { Appointment = appointment, Clinic = clinic, Site = site, Letter = letter, Task = task };

    /// <summary>The signed-in patient's own, shown appointment; null for everything else: not yours is the same as not there.</summary>
    public static async Task<AppointmentView?> MineAsync(AppointmentsDbContext db, Guid id, Guid patientId, DateTimeOffset now, CancellationToken ct)
    {
        var owner = await Patients.SurvivorAsync(db, patientId, ct);
        var view = await Query(db).SingleOrDefaultAsync(v => v.Appointment.Id == id && v.Appointment.PatientId == owner, ct);
        return view?.IsShown(now) == true ? view : null;
    }

    /// <summary>R1, R26, A31: hidden clinics, "not to parents", what is not booked yet or never was, and what is older than 24 months is not shown.</summary>
    public bool IsShown(DateTimeOffset now) =>
        Clinic.IsShown && !Appointment.NotToParents && Appointment.PasStatus is not (PasStatus.Proposed or PasStatus.EnteredInError) && !Calendar.TwentyFourMonths.AreOver(Appointment.Start, now);

    public DateTimeOffset? ChangeUntil => Clinic.OffersChanges ? ChangeCutOff.Of(Appointment.Start) : null;

    /// <summary>The whole public state that every event carries.</summary>
    public static AppointmentState State(Appointment a, Clinic clinic, DateTimeOffset now) => new()
    {
        AppointmentId = a.Id,
        PatientId = a.PatientId,
        ClinicId = a.ClinicId,
        SiteId = a.SiteId ?? clinic.SiteId,
        SourceSystem = a.SourceSystem,
        SourceId = a.SourceId,
        PasStatus = a.PasStatus,
        PatientRequest = a.PatientRequest,
        RequestOpen = a.RequestOpen,
        Answered = a.AnsweredRevision == a.Revision,
        Start = a.Start,
        Medium = a.Medium,
        // For everybody else "not to parents" is the same as a hidden clinic.
        ClinicMode = a.NotToParents ? ClinicMode.Hidden : clinic.Mode,
        Invites = a.Promised && a.PasStatus == PasStatus.Booked && a.Start > now,
        LetterSource = clinic.LetterSource,
        PostalNoticeDays = clinic.PostalNoticeDays,
        BookedAt = a.BookedAt,
        Version = a.Version,
        Revision = a.Revision,
    };

    public AppointmentState State(DateTimeOffset now) => State(Appointment, Clinic, now);

    public MyAppointment ForPatient(string trustPhone, DateTimeOffset now)
    {
        var a = Appointment;
        var letter = Letter?.IsFor(a) == true ? Letter : null;
        return new MyAppointment
        {
            AppointmentId = a.Id,
            Start = a.Start,
            End = a.End,
            Medium = a.Medium,
            ClinicName = Clinic.NameForPatients,
            ClinicPhone = Clinic.Phone ?? trustPhone,
            ClinicPhoneHours = Clinic.PhoneHours,
            ClinicMode = Clinic.Mode,
            SiteName = Site?.NameForPatients,
            SiteAddress = Site?.Address ?? [],
            SiteLatitude = Site?.Latitude,
            SiteLongitude = Site?.Longitude,
            SiteParking = Site?.Parking,
            SiteDirections = Site?.Directions,
            SiteMap = Map,
            Preparation = Preparation,
            PasStatus = a.PasStatus,
            PatientRequest = a.PatientRequest,
            PatientRequestAt = a.PatientRequestAt,
            RequestOpen = a.RequestOpen,
            CallBackBy = a.RequestOpen ? Task?.CallBackBy : null,
            MovedSinceRequest = a.MovedSinceRequest,
            CanAccept = a.CanAccept(Clinic, Letter, now),
            CanChange = a.CanChange(Clinic, now),
            CanWithdraw = a.CanWithdraw(Task),
            ChangeUntil = ChangeUntil,
            LetterId = letter?.LetterId,
            LetterVersion = letter?.LetterVersion,
            LetterOpened = letter?.OpenedAt is not null,
            PostDueAt = Letter?.PostDueFor(a),
            PostedAt = letter?.PostedAt,
            Version = a.Version,
            Revision = a.Revision,
        };
    }

    /// <summary>R25: nobody goes anywhere for a telephone or video appointment.</summary>
    public SiteMap? Map => Appointment.Medium == AppointmentMedium.FaceToFace ? Site?.Map : null;

    public AppointmentStanding Standing(string trustPhone, DateTimeOffset now) => new()
    {
        Appointment = State(now),
        SiteName = Site?.NameForPatients,
        SiteAddress = Site?.Address ?? [],
        ClinicName = Clinic.NameForPatients,
        ClinicPhone = Clinic.Phone ?? trustPhone,
        ClinicPhoneHours = Clinic.PhoneHours,
        LetterTemplate = Clinic.LetterTemplate,
        Preparation = Preparation,
        ChangeUntil = ChangeUntil,
        OffersChanges = Clinic.OffersChanges && ChangeCutOff.Allows(Appointment.Start, now),
    };

    // What the clinic asks of everyone, then what the PAS says for this appointment.
    private string? Preparation =>
        string.Join('\n', new[] { Clinic.Preparation, Appointment.Preparation }.Where(p => !string.IsNullOrWhiteSpace(p))) is { Length: > 0 } text ? text : null;
}
