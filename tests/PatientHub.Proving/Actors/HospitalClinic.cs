namespace PatientHub.Proving.Actors;

/// <summary>A clinic that the simulators' own feed has set up.</summary>
public sealed record HospitalClinic(string SourceId, string Name, string SpecialtyCode, string Specialty, string SiteSourceId)
{
    public static HospitalClinic Dermatology { get; } = new("C100001", "Dermatology clinic", "330", "Dermatology", "L100001");

    public static HospitalClinic Physiotherapy { get; } = new("C100002", "Physiotherapy", "650", "Physiotherapy", "L100002");

    /// <summary>Mode Full, the hub writes the letter, a desk works off requests.</summary>
    public static IReadOnlyList<HospitalClinic> Full { get; } = [Dermatology, Physiotherapy];
}
