using PatientHub.Notifications.Contracts;

namespace PatientHub.Notifications.Templates;

/// <summary>What a wording may not lack.</summary>
[Flags]
internal enum Needs
{
    None = 0,

    /// <summary>R4: the permanent link.</summary>
    Link = 1,

    /// <summary>R10, A25: the number to call, where the patient must be able to act without signing in.</summary>
    Phone = 2,

    /// <summary>The date and time of each appointment.</summary>
    When = 4,

    /// <summary>The one-time code, and in a text the domain-bound last line.</summary>
    Code = 8,

    /// <summary>R17: the User Verification Code, in every message that has one to tell.</summary>
    Uvc = 16,

    /// <summary>A25: the first name.</summary>
    Name = 32,

    /// <summary>R2: the trust's name, short or long.</summary>
    Trust = 64,
}

/// <param name="Name">As in the resources and in the API.</param>
/// <param name="Says">For whoever edits it.</param>
/// <param name="IsList">It speaks of several appointments and may be longer.</param>
internal sealed record TemplateKind(string Name, string Says, Needs Needs, bool IsList = false)
{
    public bool TextOnly => Name == TemplateKinds.TextReply;

    public IEnumerable<Channel> Channels => TextOnly ? [Channel.Sms] : [Channel.Sms, Channel.Email];

    public IReadOnlyCollection<string> Variables => Name switch
    {
        "code" or "uvc" => ["code", "uvc", "firstName", "trust", "trustName", "until", "until24", "host"],
        TemplateKinds.TextReply => ["trust", "trustName", "phone", "phoneHours"],
        _ => TemplateKinds.JourneyVariables,
    };
}

/// <summary>Every kind of message, and what its wording may and must say. There is no variable for a clinic, a specialty or a diagnosis (A25), so no wording can name one.</summary>
internal static class TemplateKinds
{
    public const string TextReply = "text-reply";
    private const Needs Message = Needs.Link | Needs.Uvc | Needs.Name | Needs.Trust;

    public static readonly IReadOnlyList<string> JourneyVariables =
    [
        "firstName", "name", "throughParent", "trust", "trustName", "link", "uvc", "phone", "phoneHours", "date", "when", "dateNumeric", "time24", "place", "site", "byTelephone", "byVideo", "offersChanges",
        "requestOpen", "asked", "timeMoved", "previously", "previousDateNumeric", "previousTime24", "appointments", "manyAppointments", "letters", "manyLetters", "count", "many", "items",
    ];

    public static readonly IReadOnlyList<TemplateKind> All =
    [
        new("invitation", "An appointment's letter is there (R2)", Message),
        new("invitation-reminder", "Its reminder (R6)", Message),
        new("new-letter", "A letter without an appointment is there (R10)", Message),
        new("new-letter-reminder", "Its reminder", Message),
        new("invitations", "Several appointments or letters at once", Message, IsList: true),
        new("invitation-reminders", "Their reminder", Message, IsList: true),
        new("appointment-reminder", "Some days before the appointment (A2)", Message | Needs.Phone | Needs.When),
        new("appointment-reminders", "Some days before several appointments", Message | Needs.Phone | Needs.When, IsList: true),
        new("moved", "The hospital moved or changed the appointment (A23)", Message | Needs.Phone | Needs.When),
        new("cancelled", "The hospital cancelled the appointment (A23)", Message | Needs.Phone | Needs.When),
        new("not-reached", "Nobody answered the booking centre's calls (A9)", Message | Needs.Phone | Needs.When),
        new("contacts-end", "At 16 the contacts on record stop (A31)", Message | Needs.Phone),
        new("posted", "The letter was sent by post", Message, IsList: true),
        new("code", "The one-time code (R14)", Needs.Code | Needs.Trust),
        new("uvc", "The User Verification Code, asked for again (A14)", Needs.Uvc | Needs.Trust),
        new(TextReply, "The answer to a patient who texts back", Needs.Phone | Needs.Trust),
    ];

    public static TemplateKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
