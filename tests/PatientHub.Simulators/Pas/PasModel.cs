using PatientHub.Appointments.Contracts;

namespace PatientHub.Simulators.Pas;

/// <summary>A hospital site: FHIR Location.</summary>
public sealed record Site
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string OdsCode { get; init; }
    public required string[] Address { get; init; }
    public required string City { get; init; }
    public required string Postcode { get; init; }
    public required double Latitude { get; init; }
    public required double Longitude { get; init; }
    public required string Phone { get; init; }
    public string? Parking { get; init; }
    public string? Directions { get; init; }
}

/// <summary>A clinic: FHIR HealthcareService, and what FHIR has no field for.</summary>
public sealed record Clinic
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string SpecialtyCode { get; init; }
    public required string Specialty { get; init; }
    public required string SiteId { get; init; }
    public required string Phone { get; init; }

    /// <summary>Null: the trust has not said anything about this clinic yet.</summary>
    public ClinicMode? Mode { get; init; }

    /// <summary>The mode begins so many days from today; negative: it began long ago.</summary>
    public int ModeInDays { get; init; } = -400;

    public LetterSource LetterSource { get; init; } = LetterSource.Template;
    public int PostalNoticeDays { get; init; }
    public bool DeskConfigured { get; init; } = true;
    public string? Preparation { get; init; }

    /// <summary>One of the UK Core examples, sent as it is instead of being made from this record.</summary>
    public bool FromUkCore { get; init; }

    /// <summary>What is interesting about it, for the page.</summary>
    public required string Story { get; init; }
}

/// <summary>A mobile number on a record.</summary>
/// <param name="Number">As the PAS writes it.</param>
/// <param name="Rank">FHIR rank, 1 first.</param>
/// <param name="Old">No longer in use.</param>
public sealed record Mobile(string Number, int Rank = 1, bool Old = false);

/// <summary>A parent, as a `contact` of the record.</summary>
public sealed record Parent(string Family, string Given, string Mobile);

/// <summary>A person in the PAS: FHIR Patient.</summary>
public sealed record PasPatient
{
    public required string Id { get; init; }
    public required string Family { get; init; }
    public required string Given { get; init; }
    public string? Prefix { get; init; }
    public required DateOnly Born { get; init; }
    public required string Gender { get; init; }
    public string? NhsNumber { get; init; }
    public IReadOnlyList<Mobile> Mobiles { get; init; } = [];
    public string? Email { get; init; }
    public string? Landline { get; init; }
    public required string Street { get; init; }
    public required string Postcode { get; init; }
    public Parent? Parent { get; init; }
    public bool LettersOnly { get; init; }

    /// <summary>UKCore-PreferredWrittenCommunicationFormat: 11 large print, 12 braille.</summary>
    public string? WrittenFormat { get; init; }

    /// <summary>BCP 47; null is English.</summary>
    public string? Language { get; init; }

    public bool Restricted { get; init; }
    public DateOnly? Deceased { get; init; }

    /// <summary>What is interesting about this person, for the page.</summary>
    public required string Story { get; init; }

    public DateTimeOffset LastUpdated { get; init; }

    public string Name => $"{Given} {Family}";

    /// <summary>The number that a code would go to, or null.</summary>
    public string? CurrentMobile => Mobiles.Where(mobile => !mobile.Old).MinBy(mobile => mobile.Rank)?.Number;
}

/// <summary>An appointment in the PAS: FHIR Appointment.</summary>
public sealed record PasAppointment
{
    public required string Id { get; init; }
    public required string PatientId { get; init; }
    public required string ClinicId { get; init; }
    public required DateTimeOffset Start { get; init; }
    public int Minutes { get; init; } = 20;
    public AppointmentMedium Medium { get; init; } = AppointmentMedium.FaceToFace;
    public PasStatus Status { get; init; } = PasStatus.Booked;

    /// <summary>Where, if not at the clinic's usual site.</summary>
    public string? SiteId { get; init; }

    public DateOnly Created { get; init; }
    public DateTimeOffset LastUpdated { get; init; }
}

/// <summary>A document of the PAS with its PDF inline: FHIR DocumentReference.</summary>
public sealed record PasDocument
{
    public required string Id { get; init; }
    public required string PatientId { get; init; }
    public string? AppointmentId { get; init; }
    public required string Title { get; init; }
    public required IReadOnlyList<string> Paragraphs { get; init; }
    public required DateTimeOffset Date { get; init; }
    public DateTimeOffset LastUpdated { get; init; }
}
