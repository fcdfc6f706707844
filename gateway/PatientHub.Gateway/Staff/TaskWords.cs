using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;

namespace PatientHub.Gateway.Staff;

/// <summary>Every kind of task in words that say what to do. The desk's pages are English, whatever language a patient reads in.</summary>
internal static class TaskWords
{
    private static readonly Dictionary<string, (string Name, string ToDo)> Kinds = new()
    {
        [TaskCodes.Rebook] = ("Patient asks for another time", "Phone the patient and agree a new time, then change the appointment in the hospital system. The hub tells the patient. If nobody answers, try three times on two working days."),
        [TaskCodes.Cancel] = ("Patient asks to cancel", "Phone the patient and check that they want to cancel, then cancel the appointment in the hospital system. Until you do, the patient still has the appointment. If nobody answers after three calls on two working days, cancel as they asked."),
        [TaskCodes.UnknownClinic] = ("Clinic without settings", "An appointment names a clinic that the hub does not know, so the patient was not invited. Ask your administrator to set the clinic up, and tell the patient about the appointment meanwhile."),
        [TaskCodes.UnknownPatient] = ("Appointment without a patient", "The hospital system has sent an appointment but not its patient, so nobody was told. Find the record in the hospital system and have it sent, or tell the patient yourself."),
        [TaskCodes.AccessibleFormat] = ("Letter in another format", "This patient needs Braille, audio, easy read or British Sign Language. Make the letter in that format and send it. The hub sends no plain print instead."),
        [TaskCodes.TelephonePatient] = ("Phone the patient", "Post would come too late. Phone the patient and tell them what the letter or message would say."),
        [TaskCodes.SafeRoute] = ("Tell by the safe route", "Nothing may be sent to this patient in the usual way. Tell them only by the route that their record gives. Do not use other contacts and do not leave messages."),
        [TaskCodes.DeceasedRevoked] = ("Recorded as dead by mistake", "The hospital system said that this patient had died and has taken it back. Check the record, and phone the patient: they may have received nothing."),
        [TaskCodes.RestrictionLifted] = ("Record no longer restricted", "Nothing was sent to this patient while the record was restricted. What still matters goes out again now. Check what they missed, and tell them."),
        [TaskCodes.RecordConflict] = ("Record to be checked", "Two records contradict each other, or the hospital system has sent what looks like another person. Check both in the hospital system before anything else is sent."),
        [TaskCodes.PossibleDisclosure] = ("Letter may have been seen by the wrong person", "A document was filed in error or belongs to somebody else. The hub has hidden it. Find out who has seen it and follow the hospital's rules for a data breach."),
        [TaskCodes.DuplicateRecords] = ("Two records for one patient?", "Somebody who signed in matches more than one record. Check whether these are the same person, and merge them in the hospital system if they are."),
        [TaskCodes.Undeliverable] = ("Message or letter did not go", "A message or letter could not be sent. Find out why, and tell the patient another way."),
        [TaskCodes.Unprintable] = ("Letter cannot be printed", "The letter or its address cannot be printed as it is. Correct the address or the letter in the hospital system, or post it by hand."),
        [TaskCodes.ContactDoubtful] = ("Contact details may be wrong", "The patient says that details are wrong, or a message reached somebody else. Ask the patient, and correct the details in the hospital system. If they are right after all, confirm them here."),
    };

    public static string Name(string code) => Kinds.TryGetValue(code, out var words) ? words.Name : code;

    public static string ToDo(string code) => Kinds.TryGetValue(code, out var words) ? words.ToDo : "Find out what is needed, and do it.";

    public static IReadOnlyCollection<string> Known => Kinds.Keys;

    /// <summary>The closed set of outcomes; which of them a task may have is the service's to say.</summary>
    public static bool IsOutcome(string? outcome) => outcome is "done" or "kept" or "not-reached" or "not-needed";

    /// <summary>How a task may end, for this kind.</summary>
    public static string Outcome(string outcome, string code) => (outcome, code) switch
    {
        ("done", TaskCodes.Rebook) => "A new time is agreed and is in the hospital system",
        ("done", TaskCodes.Cancel) => "The appointment is cancelled in the hospital system",
        ("done", _) => "Done",
        ("kept", _) => "The patient keeps the appointment as it is",
        ("not-reached", TaskCodes.Cancel) => "Not reached in three calls: cancelled as the patient asked",
        ("not-reached", TaskCodes.Rebook) => "Not reached in three calls: the appointment stays booked, and the patient is told",
        ("not-reached", _) => "Not reached in three calls",
        ("not-needed", _) => "Nothing had to be done",
        _ => outcome,
    };

    public static (string Text, string Colour) State(DeskTaskLine task) => task switch
    {
        { Status: "in-progress", Mine: true } => ("Yours", "blue"),
        { Status: "in-progress" } => ($"With {task.ClaimedBy}", "grey"),
        { Status: "completed" } => ("Closed", "grey"),
        { Status: "cancelled" } => ("Withdrawn by the patient", "grey"),
        { Alarmed: true } => ("Urgent", "red"),
        { Overdue: true } => ("Overdue", "orange"),
        _ => ("Open", "green"),
    };

    /// <summary>Why an act was refused.</summary>
    public static string Refusal(string? why, string? by) => why switch
    {
        "claimed" => $"{(string.IsNullOrEmpty(by) ? "A colleague" : by)} has this task. Ask them before you do anything.",
        "closed" => "This task is closed.",
        "changed" => "Somebody changed this task while you looked at it. This is how it is now.",
        "not-claimed" => "Claim the task first.",
        "calls-missing" => "To close with “not reached”, note three calls on two working days first.",
        _ => "That was not possible. Look at the task again.",
    };
}
