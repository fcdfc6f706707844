namespace PatientHub.Appointments.Domain;

/// <summary>A business "no". <see cref="Code"/> is one of a closed set; <see cref="Detail"/> is a sentence the patient may read.</summary>
public sealed record Refusal(string Code, string Detail)
{
    public const string SupersededCode = "superseded";
    public const string InsideFiveDaysCode = "inside-five-days";

    public static readonly Refusal Superseded = new(SupersededCode, "This appointment changed since the page was opened. Read it again before you answer.");
    public static readonly Refusal LetterChanged = new("letter-changed", "There is a newer letter for this appointment. Read it before you accept.");
    public static readonly Refusal NotBooked = new("not-booked", "This appointment is not booked any more.");
    public static readonly Refusal Started = new("started", "This appointment has already started.");
    public static readonly Refusal NotOffered = new("not-offered", "This cannot be done online for this clinic. Phone the clinic.");
    public static readonly Refusal RequestOpen = new("request-open", "We are still working on what you asked before. Withdraw that first, or phone the clinic.");
    public static readonly Refusal Claimed = new("claimed", "The booking team is already working on your request. Phone the clinic if you have changed your mind.");
    public static readonly Refusal NoRequest = new("no-request", "There is no open request for this appointment.");

    public static Refusal InsideFiveDays(DateTimeOffset start) => new(InsideFiveDaysCode, ChangeCutOff.ClosedSentence(start));
}
