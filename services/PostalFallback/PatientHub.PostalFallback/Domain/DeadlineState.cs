namespace PatientHub.PostalFallback.Domain;

/// <summary>Where one promised letter stands. Stored as its name.</summary>
public enum DeadlineState
{
    /// <summary>The post will go at the due instant unless the letter is opened.</summary>
    Waiting,
    /// <summary>Nothing may be sent or printed at present: deceased or restricted (A24). Goes back to waiting when that is taken back.</summary>
    Suspended,
    /// <summary>The decision to post has fallen; in a batch.</summary>
    Printing,
    /// <summary>Handed over to the print house (R3, R7).</summary>
    Posted,
    /// <summary>The current version was opened after signing in (A3).</summary>
    Opened,
    /// <summary>A newer revision of the appointment or version of the letter has its own deadline (A15).</summary>
    Superseded,
    /// <summary>The appointment is no longer booked, or the letter was withdrawn.</summary>
    Withdrawn,
    /// <summary>People do it: another format is needed, or it cannot be printed (R10, A29).</summary>
    HandedToPeople,
    /// <summary>The print house did not send it: another deadline has taken its place, or people have a task (A29).</summary>
    Rejected,
}

/// <summary>Why a letter is due when it is. Stored as its name.</summary>
public enum DueReason
{
    /// <summary>96 hours after booking: the invitation may never have left.</summary>
    Booking,
    /// <summary>72 hours after the first invitation (R3, A1).</summary>
    Invitation,
    /// <summary>The last safe posting before the appointment (A22).</summary>
    LastSafePosting,
    /// <summary>No usable mobile and no email, or letters only (R9).</summary>
    NoContact,
    /// <summary>Opted out (A17).</summary>
    OptedOut,
    /// <summary>The patient wants every letter also by post (A17).</summary>
    AlsoPost,
    /// <summary>Every channel has failed (A18).</summary>
    Undeliverable,
    /// <summary>Three failed sign-ins of a known pair (A33).</summary>
    SignInFailed,
    /// <summary>The patient asked for it on paper (A17).</summary>
    Requested,
    /// <summary>Somebody says that our messages reach the wrong person (A32).</summary>
    NotForMe,
    /// <summary>News that goes by post in any case (A9, A31).</summary>
    Notice,
    /// <summary>The print house could not send it for a reason of its own.</summary>
    PrintAgain,
}
