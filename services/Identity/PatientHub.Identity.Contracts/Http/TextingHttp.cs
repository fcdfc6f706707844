namespace PatientHub.Identity.Contracts.Http;

/// <summary>
/// Body of <c>POST /internal/contacts/texting</c> (scope <c>contacts.read</c>, Notifications alone): whoever has this number texted STOP, START or something else (R14).
/// 200 with a list of <see cref="NumberOwner"/>, empty for a number that nobody has. Saying the same again changes nothing.
/// </summary>
public sealed record NumberTexted
{
    /// <summary>E.164.</summary>
    public required string Mobile { get; init; }
    /// <summary>True: texts to it stop, for every patient who has it. False: it may be texted again. Null: nothing changes, only whose number it is is asked.</summary>
    public bool? Stopped { get; init; }
}

/// <summary>One patient who has the number on record.</summary>
public sealed record NumberOwner
{
    /// <summary>The patient.</summary>
    public required Guid PatientId { get; init; }
    /// <summary>Another way is left: a mobile or an email address that messages may go to.</summary>
    public required bool HasAnotherContact { get; init; }
    /// <summary>BCP 47.</summary>
    public required string Language { get; init; }
    /// <summary>False: nothing may be sent at all (A24).</summary>
    public required bool MaySend { get; init; }
}
