namespace PatientHub.Identity.Contracts;

/// <summary>
/// How a PAS says in a FHIR Patient what the hub acts on. UK Core has codes for most of it; for the "no portal" flag (A24) it has none, so there is an extension of our own.
/// </summary>
public static class FhirConventions
{
    /// <summary>Our extension on Patient, <c>valueBoolean</c>: true means "no portal": everything by post, no signing in (A24).</summary>
    public const string NoPortalExtension = "https://fhir.patienthub.example/StructureDefinition/Extension-PatientHub-NoPortal";

    /// <summary>Our extension on Patient and Appointment, <c>valueBoolean</c>: true means "not to parents". On an Appointment the hub neither shows nor sends it to anybody; on a Patient: while the patient is under 16, nothing is shown or sent through a parent's contact, and people use the safe route (A31).</summary>
    public const string NotToParentsExtension = "https://fhir.patienthub.example/StructureDefinition/Extension-PatientHub-NotToParents";

    /// <summary>UK Core: contact preference; its <see cref="PreferredContactMethod"/> with the code <see cref="Letter"/> means "letters only" (R9).</summary>
    public const string ContactPreferenceExtension = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ContactPreference";

    /// <summary>Part of <see cref="ContactPreferenceExtension"/>, a CodeableConcept of the system <see cref="PreferredContactMethodSystem"/>.</summary>
    public const string PreferredContactMethod = "PreferredContactMethod";

    /// <summary>Code system of <see cref="PreferredContactMethod"/>.</summary>
    public const string PreferredContactMethodSystem = "https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredContactMethod";

    /// <summary>"Letter": letters only (R9).</summary>
    public const string Letter = "1";

    /// <summary>Part of <see cref="ContactPreferenceExtension"/>: the format of what is written (R10).</summary>
    public const string PreferredWrittenFormat = "PreferredWrittenCommunicationFormat";

    /// <summary>Code system of <see cref="PreferredWrittenFormat"/>; 12 Braille, 13 audio and whatever else is not <see cref="LargePrint"/> is never plain print.</summary>
    public const string PreferredWrittenFormatSystem = "https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredWrittenCommunicationFormat";

    /// <summary>"Large print".</summary>
    public const string LargePrint = "11";

    /// <summary>UK Core: death notification. U means removed (alive), 1 informal and 2 formal mean dead (A24).</summary>
    public const string DeathNotificationExtension = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeathNotificationStatus";

    /// <summary>UK Core, on the NHS number's identifier: 01 means present and verified.</summary>
    public const string NhsNumberVerificationExtension = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";

    /// <summary>System of <c>meta.security</c>; R and V restrict the record (A24).</summary>
    public const string ConfidentialitySystem = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
}
