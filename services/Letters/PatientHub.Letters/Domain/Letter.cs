using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;

namespace PatientHub.Letters.Domain;

/// <summary>How a letter stands.</summary>
public enum LetterStatus
{
    /// <summary>Its current version is shown and may be printed.</summary>
    Current,

    /// <summary>The appointment has changed (A15): the old version is hidden already, the new one is being made.</summary>
    Replacing,

    /// <summary>Withdrawn or entered in error: never shown, never printed.</summary>
    Withdrawn,
}

/// <summary>A letter; what it says lies in its versions.</summary>
public sealed class Letter
{
    private Letter()
    {
    }

    public Guid LetterId { get; private set; }
    public Guid PatientId { get; set; }
    public Guid? AppointmentId { get; set; }

    /// <summary>Our template, or a document of the PAS.</summary>
    public LetterSource Origin { get; private set; }

    /// <summary>What news of ours it brings; null for the letters of appointments and documents.</summary>
    public NoticeKind? Notice { get; private set; }

    /// <summary>The appointment that such news is about. It is not that appointment's letter.</summary>
    public Guid? AboutAppointmentId { get; private set; }
    public int? AboutRevision { get; private set; }

    /// <summary>A30: the record under which it was sent, while that one is merged into <see cref="PatientId"/>.</summary>
    public Guid? MergedFrom { get; set; }
    public DateTimeOffset? MergedAt { get; set; }

    public LetterStatus Status { get; set; }
    public int CurrentVersion { get; set; }
    public string Title { get; set; } = "";
    public DateOnly LetterDate { get; set; }

    /// <summary>R26, A16: the last day on which it is shown, counted from the appointment's date, without one from the letter's.</summary>
    public DateOnly ShownUntil { get; set; }

    /// <summary>Version of the document in the PAS (A34); null for our own letters.</summary>
    public DateTimeOffset? SourceVersion { get; set; }

    /// <summary>SHA-256 of what the PAS sent, so that the same document twice changes nothing.</summary>
    public byte[]? SourceHash { get; set; }

    /// <summary>When a letter whose appointment is still unknown is announced without it; null when there is nothing to wait for.</summary>
    public DateTimeOffset? AnnounceDueAt { get; set; }

    public static Letter ForAppointment(Guid letterId, AppointmentCopy appointment) => new()
    {
        LetterId = letterId,
        PatientId = appointment.PatientId,
        AppointmentId = appointment.AppointmentId,
        Origin = LetterSource.Template,
        Status = LetterStatus.Current,
        ShownUntil = TwentyFourMonths.LastDay(LondonTime.DateOf(appointment.Start)),
    };

    public static Letter ForNotice(Notice notice) => new()
    {
        LetterId = Guid.CreateVersion7(),
        PatientId = notice.PatientId,
        Notice = notice.Kind,
        AboutAppointmentId = notice.AppointmentId,
        AboutRevision = notice.Revision,
        Origin = LetterSource.Template,
        Status = LetterStatus.Current,
    };

    public static Letter FromPas(Guid letterId, Guid patientId, Guid? appointmentId) => new()
    {
        LetterId = letterId,
        PatientId = patientId,
        AppointmentId = appointmentId,
        Origin = LetterSource.Pas,
        Status = LetterStatus.Withdrawn,
    };
}

/// <summary>One version of a letter. Only <see cref="OpenedAt"/>, <see cref="PostedAt"/>, <see cref="EndedAt"/> and <see cref="Withdrawn"/> change after it was made.</summary>
public sealed class LetterVersion
{
    public required Guid LetterId { get; init; }
    public required int Version { get; init; }

    /// <summary>
    /// The appointment whose letter this is, for everybody else. Null for a letter that stands alone: without an appointment, about one that has ended, or a second
    /// letter of the PAS for one that has a letter already: that one has a ladder of its own, or it would never be posted.
    /// </summary>
    public required Guid? AppointmentId { get; set; }

    /// <summary>The appointment's revision it was made for (A15); null when it stands alone.</summary>
    public required int? Revision { get; set; }

    /// <summary>Title as it was then; null for versions older than this column: the letter's title.</summary>
    public string? Title { get; init; }

    public required DateOnly LetterDate { get; init; }
    public required string Phone { get; init; }

    /// <summary>Whether invitation, reminders and post follow it.</summary>
    public required bool Ladder { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When LetterReady was put into the outbox; null while its appointment is awaited.</summary>
    public DateTimeOffset? AnnouncedAt { get; set; }

    /// <summary>The one thing that stops the post (A3).</summary>
    public DateTimeOffset? OpenedAt { get; set; }

    public DateTimeOffset? PostedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Taken back, not replaced: nobody sees it again, also not among the earlier versions (A34).</summary>
    public bool Withdrawn { get; set; }

    /// <summary>Bytes of <see cref="LetterBody.Pdf"/>; null for HTML.</summary>
    public long? PdfBytes { get; init; }
}

/// <summary>What a version says, in a table of its own: lists never load it.</summary>
public sealed class LetterBody
{
    public required Guid LetterId { get; init; }
    public required int Version { get; init; }

    /// <summary>Sanitised fragment without salutation, address or head; null for a PDF.</summary>
    public string? Html { get; init; }

    /// <summary>As the PAS delivered it; null for HTML.</summary>
    public byte[]? Pdf { get; init; }
}
