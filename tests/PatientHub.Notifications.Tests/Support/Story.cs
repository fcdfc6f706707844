using System.Globalization;
using System.Security.Cryptography;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.Notifications.Tests.Support;

/// <summary>One patient with one appointment and its letter, as the owners hold them and as their events tell.</summary>
public sealed class Story
{
    private static int _number;
    private readonly NotificationsSystem _system;

    /// <param name="like">Another appointment of the same patient.</param>
    public Story(NotificationsSystem system, bool mobile = true, bool email = true, Func<PatientContact, PatientContact>? contact = null, TimeSpan? startsIn = null, Story? like = null)
    {
        _system = system;
        var number = Interlocked.Increment(ref _number);
        PatientId = like?.PatientId ?? Guid.CreateVersion7();
        Mobile = like?.Mobile ?? "+447700" + (900_000 + number).ToString(CultureInfo.InvariantCulture);
        Email = like?.Email ?? $"patient{number}@zaphod.example";
        LinkToken = like?.LinkToken ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        if (like is null) system.Owners.Contacts[PatientId] = (contact ?? (c => c))(new PatientContact
        {
            PatientId = PatientId,
            MaySend = true,
            LettersOnly = false,
            FirstName = "Trillian",
            ThroughParent = false,
            Mobile = mobile ? Mobile : null,
            Email = email ? Email : null,
            Language = "en",
            LinkToken = LinkToken,
            Uvc = null,
        });
        Patient = new PatientState
        {
            PatientId = PatientId,
            HasMobile = mobile,
            HasEmail = email,
            LettersOnly = false,
            Deceased = false,
            Restricted = false,
            NeedsAccessibleFormat = false,
            Active = true,
            Version = 1,
        };
        State = new AppointmentState
        {
            AppointmentId = Guid.CreateVersion7(),
            PatientId = PatientId,
            ClinicId = Guid.CreateVersion7(),
            SiteId = Guid.CreateVersion7(),
            SourceSystem = "pas",
            SourceId = $"A{number}",
            PasStatus = PasStatus.Booked,
            PatientRequest = PatientRequest.None,
            RequestOpen = false,
            Start = DateTimeOffset.UtcNow + (startsIn ?? TimeSpan.FromDays(30)),
            Medium = AppointmentMedium.FaceToFace,
            ClinicMode = ClinicMode.Full,
            Invites = true,
            LetterSource = LetterSource.Template,
            PostalNoticeDays = 0,
            BookedAt = DateTimeOffset.UtcNow,
            Version = 1,
            Revision = 0,
        };
    }

    public Guid PatientId { get; }
    public Guid LetterId { get; } = Guid.CreateVersion7();
    public string Mobile { get; }
    public string Email { get; }
    public string LinkToken { get; }
    public PatientState Patient { get; private set; }
    public AppointmentState State { get; private set; }
    public int LetterVersion { get; private set; } = 1;

    public PatientRegistered Registered => new() { Patient = Patient, OccurredAt = DateTimeOffset.UtcNow };
    public AppointmentBooked Booked => new() { Appointment = State, OccurredAt = DateTimeOffset.UtcNow };

    public LetterReady Ready => new()
    {
        LetterId = LetterId,
        PatientId = PatientId,
        AppointmentId = State.AppointmentId,
        Revision = State.Revision,
        LetterVersion = LetterVersion,
        Ladder = true,
        LetterDate = DateOnly.FromDateTime(DateTime.UtcNow),
        OccurredAt = DateTimeOffset.UtcNow,
    };

    public LetterOpened Opened => new()
    {
        LetterId = LetterId,
        PatientId = PatientId,
        LetterVersion = LetterVersion,
        AppointmentId = State.AppointmentId,
        Revision = State.Revision,
        OccurredAt = DateTimeOffset.UtcNow,
    };

    /// <summary>Registered, booked, letter ready: what invites.</summary>
    public async Task<Story> BeginAsync()
    {
        Hold();
        await _system.PublishAsync(Registered);
        await _system.PublishAsync(Booked);
        await _system.PublishAsync(Ready);
        return this;
    }

    /// <summary>The owners know it.</summary>
    public void Hold(bool opened = false)
    {
        _system.Owners.Appointments[State.AppointmentId] = new AppointmentStanding
        {
            Appointment = State,
            SiteName = "Magrathea Wing",
            SiteAddress = ["1 Beckett Street"],
            ClinicName = "Oncology clinic",
            ClinicPhone = "0113 496 0999",
            OffersChanges = true,
        };
        _system.Owners.Letters[LetterId] = new LetterStanding
        {
            LetterId = LetterId,
            PatientId = PatientId,
            LetterVersion = LetterVersion,
            Opened = opened,
            Withdrawn = false,
            AppointmentId = State.AppointmentId,
            Revision = State.Revision,
        };
    }

    public void Change(Func<AppointmentState, AppointmentState> change, bool newLetter = false)
    {
        State = change(State) with { Version = State.Version + 1 };
        if (newLetter) LetterVersion++;
        Hold();
    }

    public void ChangeContact(Func<PatientContact, PatientContact> change) => _system.Owners.Contacts[PatientId] = change(_system.Owners.Contacts[PatientId]);

    public PatientDetailsChanged ChangePatient(Func<PatientState, PatientState> change)
    {
        Patient = change(Patient) with { Version = Patient.Version + 1 };
        return new PatientDetailsChanged { Patient = Patient, ContactsChanged = true, AddressChanged = false, OccurredAt = DateTimeOffset.UtcNow };
    }
}
