using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Contracts;

namespace PatientHub.Letters.Domain;

/// <summary>News that reaches the patient by a letter, too.</summary>
public enum NoticeKind
{
    /// <summary>A23: the hospital cancelled the appointment. Posted unless a message told the patient.</summary>
    Cancelled,

    /// <summary>A9: three calls about another time, nobody answered; the appointment stays booked.</summary>
    NotReached,

    /// <summary>A31: eight weeks before 16, for the parent and the young person.</summary>
    BeforeSixteen,

    /// <summary>A31: at 16, for the young person.</summary>
    Sixteen,
}

/// <summary>One letter of news that is wanted: a row that outlives every crash, until the letter is made or not true any more.</summary>
public sealed class Notice
{
    public required Guid NoticeId { get; init; }
    public required NoticeKind Kind { get; init; }

    /// <summary>With <see cref="SubjectVersion"/> and the kind unique: the same event again wants nothing new.</summary>
    public required Guid SubjectId { get; init; }
    public required int SubjectVersion { get; init; }
    public required Guid PatientId { get; set; }
    public Guid? AppointmentId { get; init; }
    public int? Revision { get; init; }

    /// <summary>When it was to be made.</summary>
    public required DateTimeOffset WantedAt { get; init; }

    /// <summary>When it is looked at next (a lease moves it on while one replica is at it); null when it is made or not wanted any more.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>When people were told that it is overdue (A29).</summary>
    public DateTimeOffset? AlarmedAt { get; set; }
}

/// <summary>What the kinds of notices have for rules.</summary>
public static class NoticeRules
{
    /// <summary>Key of its template.</summary>
    public static string TemplateKey(this NoticeKind kind) => kind switch
    {
        NoticeKind.Cancelled => "cancelled",
        NoticeKind.NotReached => "not-reached",
        NoticeKind.BeforeSixteen => "before-sixteen",
        _ => "sixteen",
    };

    /// <summary>True for the key of a letter that tells of no appointment: its template knows the trust alone.</summary>
    public static bool IsAboutThePatient(string templateKey) => templateKey is "before-sixteen" or "sixteen";

    public static PostRule Post(this NoticeKind kind) => kind == NoticeKind.Cancelled ? PostRule.UnlessTold : PostRule.Always;

    /// <summary>Whether what it says of its appointment's revision is still so. What the appointment's day has overtaken stays as it was said.</summary>
    public static bool IsTrueOf(this NoticeKind kind, AppointmentCopy appointment, int? revision) => appointment.Revision == revision && kind switch
    {
        NoticeKind.Cancelled => appointment.PasStatus is PasStatus.Cancelled or PasStatus.EnteredInError,
        NoticeKind.NotReached => appointment.PasStatus is not (PasStatus.Cancelled or PasStatus.EnteredInError),
        _ => true,
    };
}
