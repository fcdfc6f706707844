namespace PatientHub.PostalFallback.Domain;

/// <summary>The two durations of the post (A2): elapsed time, never calendar time (A4).</summary>
/// <param name="AfterInvitation">72 hours by law.</param>
/// <param name="AfterBooking">96 hours by design: the safety net does not depend on what it backs up.</param>
public sealed record LadderTimes(TimeSpan AfterInvitation, TimeSpan AfterBooking);
