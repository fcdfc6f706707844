using PatientHub.Appointments.Contracts;

namespace PatientHub.Simulators.Pas.Seeds;

/// <summary>
/// The hospital's sites and clinics, one clinic at least in each mode of R1. The telephone numbers are Ofcom's for drama (0113 496 0xxx).
/// </summary>
internal static class TrustSeed
{
    /// <summary>The UK Core examples' site; it is fed from its own XML.</summary>
    public const string StJames = "UKCore-Location-HospitalSJUH-Example";

    public const string Infirmary = "L100001";
    public const string Seacroft = "L100002";

    public const string Dermatology = "C100001";
    public const string Physiotherapy = "C100002";
    public const string Diabetes = "C100003";
    public const string RapidAccess = "C100004";
    public const string Dental = "C100005";
    public const string SexualHealth = "C100006";
    public const string Eyes = "C100007";
    public const string Children = "C100008";
    public const string Hearing = "C100009";
    public const string Fracture = "C100010";
    public const string Heart = "C100011";
    public const string Orthopaedics = "UKCore-HealthcareService-OrthopaedicService-Example";

    public static readonly Site[] Sites =
    [
        new()
        {
            Id = Infirmary, Name = "Leeds General Infirmary", OdsCode = "RR801", Address = ["Great George Street"], City = "LEEDS", Postcode = "LS1 3EX",
            Latitude = 53.8027, Longitude = -1.5520, Phone = "0113 496 0100",
            Directions = "It is 10 minutes on foot from Leeds station. Buses 5 and 28 stop in Great George Street.\nGo in by the main entrance and turn left for outpatients.",
            Parking = "There is a car park on Great George Street. Blue Badge holders park free of charge next to the main entrance.",
        },
        new()
        {
            Id = Seacroft, Name = "Seacroft Hospital", OdsCode = "RR814", Address = ["York Road"], City = "LEEDS", Postcode = "LS14 6UH",
            Latitude = 53.8078, Longitude = -1.4631, Phone = "0113 496 0200", Parking = "Parking is free for up to 20 minutes; payment machines take cards only.",
        },
    ];

    public static readonly Clinic[] Clinics =
    [
        new()
        {
            Id = Dermatology, Name = "Dermatology clinic", SpecialtyCode = "330", Specialty = "Dermatology", SiteId = Infirmary, Phone = "0113 496 0101",
            Mode = ClinicMode.Full, Preparation = "Bring a list of the medicines you take.\nDo not wear make-up on the day.",
            Story = "Full: accept, ask to rebook, ask to cancel",
        },
        new()
        {
            Id = Physiotherapy, Name = "Physiotherapy", SpecialtyCode = "650", Specialty = "Physiotherapy", SiteId = Seacroft, Phone = "0113 496 0102",
            Mode = ClinicMode.Full, Preparation = "Wear loose clothes.", Story = "Full; by video and telephone too",
        },
        new()
        {
            Id = Diabetes, Name = "Diabetes clinic", SpecialtyCode = "307", Specialty = "Diabetic medicine", SiteId = Infirmary, Phone = "0113 496 0103",
            Mode = ClinicMode.Full, LetterSource = LetterSource.Pas, Story = "Full; the hospital's own system writes the letter and sends it as a PDF",
        },
        new()
        {
            Id = RapidAccess, Name = "Rapid access clinic", SpecialtyCode = "103", Specialty = "Breast surgery", SiteId = Seacroft, Phone = "0113 496 0104",
            Mode = ClinicMode.AcceptOnly, Story = "Accept only: changes by telephone (suspected cancer)",
        },
        new()
        {
            Id = Dental, Name = "Dental outpatients", SpecialtyCode = "140", Specialty = "Oral surgery", SiteId = Infirmary, Phone = "0113 496 0105",
            Mode = ClinicMode.ViewOnly, Story = "View only: shown with a phone number, no invitation, no actions",
        },
        new()
        {
            Id = SexualHealth, Name = "Sexual health clinic", SpecialtyCode = "360", Specialty = "Genitourinary medicine", SiteId = Infirmary, Phone = "0113 496 0106",
            Mode = ClinicMode.Hidden, Story = "Hidden: never shown, never mentioned",
        },
        new()
        {
            Id = Eyes, Name = "Eye clinic", SpecialtyCode = "130", Specialty = "Ophthalmology", SiteId = Infirmary, Phone = "0113 496 0107",
            Mode = ClinicMode.Full, DeskConfigured = false, Preparation = "Eye drops may blur your sight: do not drive yourself.",
            Story = "Full, but nobody works off its requests: rebook and cancel are not offered (A10)",
        },
        new()
        {
            Id = Children, Name = "Children's outpatients", SpecialtyCode = "420", Specialty = "Paediatrics", SiteId = Infirmary, Phone = "0113 496 0108",
            Mode = ClinicMode.Full, PostalNoticeDays = 2, Preparation = "Bring the red book.", Story = "Full; children, invited through a parent's mobile",
        },
        new()
        {
            Id = Hearing, Name = "Hearing aid clinic", SpecialtyCode = "840", Specialty = "Audiology", SiteId = Seacroft, Phone = "0113 496 0109",
            Story = "The trust has not configured it: view only, and a task for staff (R1)",
        },
        new()
        {
            Id = Fracture, Name = "Fracture clinic", SpecialtyCode = "110", Specialty = "Trauma and Orthopaedics", SiteId = StJames, Phone = "0113 496 0110",
            Mode = ClinicMode.Full, ModeInDays = 30, Story = "Goes live in 30 days: what was booked before does not invite",
        },
        new()
        {
            Id = Heart, Name = "Heart clinic", SpecialtyCode = "320", Specialty = "Cardiology", SiteId = "UKCore-Location-CardiologySJUH-Example", Phone = "0113 496 0111",
            Mode = ClinicMode.Full, PostalNoticeDays = 7, Story = "Full; wants seven days' notice for post",
        },
        new()
        {
            Id = Orthopaedics, Name = "Orthopaedic clinic", SpecialtyCode = "110", Specialty = "Trauma and Orthopaedics", SiteId = StJames, Phone = "0113 496 0112",
            Mode = ClinicMode.Full, FromUkCore = true, Story = "Full; the UK Core example of a HealthcareService",
        },
    ];

    /// <summary>What patients read as the name of the UK Core examples' sites, which shout.</summary>
    public static readonly (string SiteId, string DisplayName, string? Parking)[] UkCoreSites =
    [
        (StJames, "St James's University Hospital", "The multi-storey car park is on Beckett Street."),
        ("UKCore-Location-CardiologySJUH-Example", "St James's University Hospital, Cardiology", null),
    ];
}
