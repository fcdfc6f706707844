using PatientHub.Appointments.Contracts;

namespace PatientHub.Gateway.Staff;

/// <summary>An act at a patient's record: what it is called, what it means, and how the trail names it.</summary>
/// <param name="Act">One of <see cref="StaffActs"/>; also its part of the address.</param>
/// <param name="Title">Title and button.</param>
/// <param name="Means">What happens then.</param>
/// <param name="Done">What the next page says.</param>
internal sealed record ActWords(string Act, string Title, string Means, string Done)
{
    private static readonly ActWords[] All =
    [
        new(StaffActs.OptOut, "Opt the patient out", "No more texts and emails, and no appointment reminders. Everything goes by post, and letters that wait are posted now. The patient can still sign in, and can opt in again.", "The patient is opted out. Letters go by post."),
        new(StaffActs.OptIn, "Opt the patient in again", "Invitations and reminders are sent by text or email again. The letter goes by post only if the patient does not read it.", "The patient is opted in again."),
        new(StaffActs.LettersOnlyOn, "Send letters only", "Everything goes by post at once, and nothing by text or email. The patient can still sign in.", "Everything goes by post."),
        new(StaffActs.LettersOnlyOff, "End “letters only”", "Messages are sent again, unless the hospital system itself says “letters only”.", "“Letters only” is ended."),
        new(StaffActs.CodesByEmailOn, "Send codes by email", "The code for signing in goes to the email address on record although there is a mobile number, for example because texts do not arrive.", "Codes go by email."),
        new(StaffActs.CodesByEmailOff, "Send codes by text again", "The code for signing in goes by text if there is a mobile number.", "Codes go by text again."),
        new(StaffActs.ContactsConfirmed, "Confirm the contact details", "You have asked the patient, and the details on record are right. Messages go there again.", "The contact details are confirmed."),
        new(StaffActs.PostNow, "Post this letter now", "The letter goes with the next post, whether the patient has read it online or not.", "The letter goes with the next post."),
    ];

    public static ActWords? Of(string? act) => All.FirstOrDefault(words => words.Act == act);

    /// <summary>As the trail tells it.</summary>
    public static string Told(string act) => act switch
    {
        StaffActs.SignedIn => "Signed in",
        StaffActs.TaskClaimed => "Claimed a task",
        StaffActs.TaskReleased => "Gave a task back",
        StaffActs.TaskClosed => "Closed a task",
        StaffActs.CallNoted => "Noted a call",
        StaffActs.PatientSearched => "Looked for a patient",
        StaffActs.PatientRead => "Read the patient’s details",
        StaffActs.HistoryRead => "Read what was sent",
        StaffActs.OptOut => "Opted the patient out",
        StaffActs.OptIn => "Opted the patient in again",
        StaffActs.PostNow => "Had a letter posted",
        StaffActs.LettersOnlyOn => "Set “letters only”",
        StaffActs.LettersOnlyOff => "Ended “letters only”",
        StaffActs.CodesByEmailOn => "Set “codes by email”",
        StaffActs.CodesByEmailOff => "Ended “codes by email”",
        StaffActs.ContactsConfirmed => "Confirmed the contact details",
        StaffActs.RecordApplied => "Applied a record from quarantine",
        StaffActs.RecordRejected => "Threw a record away from quarantine",
        StaffActs.FeedReleased => "Let a stopped feed in again",
        _ => act,
    };
}
