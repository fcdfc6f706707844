using PatientHub.Notifications.Contracts.Http;
using PatientHub.PostalFallback.Contracts.Http;

namespace PatientHub.Gateway.Staff;

/// <summary>What was sent and posted, and why, in words for the desk.</summary>
internal static class SentWords
{
    public static string Why(StaffMessage message) => (message.Kind, message.Step) switch
    {
        ("Invitation", 0) => "Invitation to read a letter",
        ("Invitation", 1) => "First reminder to read a letter",
        ("Invitation", _) => "Second reminder to read a letter",
        ("AppointmentReminder", var days) => $"Reminder {days} days before the appointment",
        ("Moved", _) => "The hospital moved the appointment",
        ("Cancelled", _) => "The hospital cancelled the appointment",
        ("Posted", _) => "We posted a letter",
        ("Digest", _) => "One message about several letters or appointments",
        ("NotReached", _) => "We could not reach the patient by phone",
        ("ContactsEnd", _) => "The contacts on record stop at 16",
        _ => message.Kind,
    };

    public static string Fate(string state) => state switch
    {
        "Intent" => "about to be sent",
        "Unclear" => "sent, but not yet confirmed",
        "Accepted" => "sent",
        "Delivered" => "delivered",
        "Failed" => "not delivered",
        "NotAccepted" => "not taken by the provider",
        _ => state,
    };

    /// <summary>Why a message was stopped before it went.</summary>
    public static string Because(string reason) => reason switch
    {
        "may-not-send" => "nothing may be sent to this patient",
        "opted-out" => "the patient opted out",
        "letters-only" => "the patient gets letters only",
        "hidden" => "the clinic is not shown in the hub",
        "superseded" => "something newer took its place",
        "opened" => "the patient had read the letter",
        "posted" => "the letter had gone by post",
        "not-booked" => "the appointment is no longer booked",
        "answered" => "the patient had answered",
        "started" => "the appointment had begun",
        "too-late" => "it would have come too late",
        "no-channel" => "there was no contact left to send it to",
        "failed-for-now" => "it could not be delivered",
        _ => reason,
    };

    public static string State(StaffPostLine line) => line.State switch
    {
        "Waiting" when line.Reason is "Notice" or "Requested" => "Waits: goes by post with the next batch",
        "Waiting" => "Waits: goes by post unless it is read before",
        "Suspended" => "Stopped: nothing may be sent to this patient",
        "Printing" => "Being printed",
        "Posted" => "Posted",
        "Opened" => "Read online: not posted",
        "Superseded" => "Replaced by a newer letter",
        "Withdrawn" => "Not needed any more: not posted",
        "HandedToPeople" => "To be sent by hand: see the tasks",
        "Rejected" => "The print house could not send it",
        _ => line.State,
    };

    public static string Why(StaffPostLine line) => line.Reason switch
    {
        "Booking" => "set when the appointment was booked",
        "Invitation" => "three days after the invitation",
        "LastSafePosting" => "the last day on which post still arrives in time",
        "NoContact" => "no mobile and no email, or letters only",
        "OptedOut" => "the patient opted out",
        "AlsoPost" => "the patient wants letters also by post",
        "Undeliverable" => "messages could not be delivered",
        "SignInFailed" => "signing in failed three times",
        "Requested" => "it was asked for",
        "NotForMe" => "messages reached the wrong person",
        "Notice" => "this news always goes by post",
        "PrintAgain" => "the print house could not send it the first time",
        _ => line.Reason,
    };
}
