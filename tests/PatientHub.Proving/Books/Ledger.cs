using System.Collections.Concurrent;

namespace PatientHub.Proving.Books;

/// <summary>
/// Everything that was put into the hub during a run, noted by those who put it in, whatever the hub made of it. The checker holds it against what came out.
/// An entry with no HTTP status had no answer: it may have been taken or not, and both are right.
/// </summary>
public sealed class Ledger
{
    private readonly ConcurrentQueue<LedgerEntry> _entries = new();

    /// <summary>When the run began: what was there before (the simulators' own people) is judged only where it needs no entry.</summary>
    public DateTimeOffset BeganAt { get; } = DateTimeOffset.UtcNow;

    public IReadOnlyCollection<LedgerEntry> Entries => _entries;

    public void Add(LedgerEntry entry) => _entries.Enqueue(entry);

    public IEnumerable<T> All<T>() where T : LedgerEntry => _entries.OfType<T>();
}

/// <param name="AskedAt">Before the request left.</param>
/// <param name="AnsweredAt">After its answer came, or the wait for it was given up.</param>
/// <param name="Status">The HTTP status; null: no answer.</param>
public abstract record LedgerEntry(DateTimeOffset AskedAt, DateTimeOffset AnsweredAt, int? Status)
{
    public bool Taken => Status is >= 200 and < 300;

    /// <summary>Neither taken nor refused for certain.</summary>
    public bool Unclear => Status is null or >= 500;
}

/// <summary>The PAS sent a Patient. <paramref name="Silent"/>: nothing may be sent to him any more, because he has died or is restricted (A24).</summary>
public sealed record PatientFed(
    DateTimeOffset AskedAt, DateTimeOffset AnsweredAt, int? Status, string SourceId, DateTimeOffset LastUpdated, string? Mobile, string? Email, DateOnly Born, bool Silent = false)
    : LedgerEntry(AskedAt, AnsweredAt, Status);

/// <summary>The PAS sent an Appointment. <paramref name="PasStatus"/> is FHIR's word: booked, cancelled, fulfilled, noshow.</summary>
public sealed record AppointmentFed(
    DateTimeOffset AskedAt, DateTimeOffset AnsweredAt, int? Status, string SourceId, DateTimeOffset LastUpdated, string PatientSourceId, string ClinicSourceId, DateTimeOffset Start, string PasStatus)
    : LedgerEntry(AskedAt, AnsweredAt, Status);

/// <summary>A patient decided: accept, rebook, cancel or withdraw.</summary>
public sealed record PatientDecided(DateTimeOffset AskedAt, DateTimeOffset AnsweredAt, int? Status, string AppointmentSourceId, string Decision)
    : LedgerEntry(AskedAt, AnsweredAt, Status);

/// <summary>A patient opened a letter in a signed-in session.</summary>
public sealed record LetterRead(DateTimeOffset AskedAt, DateTimeOffset AnsweredAt, int? Status, Guid LetterId, string PatientSourceId)
    : LedgerEntry(AskedAt, AnsweredAt, Status);

/// <summary>Somebody typed a code. <paramref name="SignedIn"/>: the hub let them in.</summary>
/// <param name="Attempt">Which sign-in it was, whatever names it for the run; a code belongs to one.</param>
/// <param name="AttemptBeganAt">When the mobile or email and the date of birth were sent.</param>
/// <param name="Destination">Where the code was read, E.164 or lower-case email; null: nowhere, it was guessed.</param>
/// <param name="CodeCameAt">When the provider took the message with this code; null: guessed.</param>
public sealed record CodeTyped(
    DateTimeOffset AskedAt, DateTimeOffset AnsweredAt, int? Status, string Attempt, DateTimeOffset AttemptBeganAt, string? Destination, string Code, DateTimeOffset? CodeCameAt, bool SignedIn)
    : LedgerEntry(AskedAt, AnsweredAt, Status);

/// <summary>Staff did something for a patient: close-task, claim-task, opt-out, opt-in.</summary>
public sealed record StaffActed(DateTimeOffset AskedAt, DateTimeOffset AnsweredAt, int? Status, string Act, string SubjectId)
    : LedgerEntry(AskedAt, AnsweredAt, Status);

/// <summary>A patient opted out of messages, or in again, on the preferences page.</summary>
public sealed record PreferenceChanged(DateTimeOffset AskedAt, DateTimeOffset AnsweredAt, int? Status, string PatientSourceId, bool OptedOut)
    : LedgerEntry(AskedAt, AnsweredAt, Status);
