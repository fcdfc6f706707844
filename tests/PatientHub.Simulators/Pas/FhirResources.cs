using System.Globalization;
using Hl7.Fhir.Model;
using PatientHub.Appointments.Contracts;

namespace PatientHub.Simulators.Pas;

/// <summary>The PAS's records as FHIR R4, UK Core.</summary>
internal static class FhirResources
{
    private const string UkCore = "https://fhir.hl7.org.uk/StructureDefinition/";

    public static Location Of(Site site, DateTimeOffset lastUpdated) => new()
    {
        Id = site.Id,
        Meta = new Meta { LastUpdated = lastUpdated },
        Status = Location.LocationStatus.Active,
        Identifier = [new Identifier("https://fhir.nhs.uk/Id/ods-site-code", site.OdsCode)],
        Name = site.Name,
        Telecom = [new ContactPoint(ContactPoint.ContactPointSystem.Phone, ContactPoint.ContactPointUse.Work, site.Phone)],
        Address = new Address { Line = site.Address, City = site.City, PostalCode = site.Postcode, Country = "ENGLAND" },
        Position = new Location.PositionComponent { Latitude = (decimal)site.Latitude, Longitude = (decimal)site.Longitude },
    };

    public static HealthcareService Of(Clinic clinic, DateTimeOffset lastUpdated) => new()
    {
        Id = clinic.Id,
        Meta = new Meta { LastUpdated = lastUpdated },
        Active = true,
        Name = clinic.Name,
        Specialty = [Specialty(clinic)],
        Location = [new ResourceReference($"Location/{clinic.SiteId}")],
        Telecom = [new ContactPoint(ContactPoint.ContactPointSystem.Phone, ContactPoint.ContactPointUse.Work, clinic.Phone)],
    };

    public static Patient Of(PasPatient person)
    {
        var patient = new Patient
        {
            Id = person.Id,
            Meta = new Meta { LastUpdated = person.LastUpdated },
            Active = true,
            Name = [new HumanName { Use = HumanName.NameUse.Official, Family = person.Family, Given = person.Given.Split(' '), Prefix = person.Prefix is null ? [] : [person.Prefix] }],
            Gender = person.Gender == "female" ? AdministrativeGender.Female : AdministrativeGender.Male,
            BirthDate = person.Born.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Address = [new Address { Use = Address.AddressUse.Home, Line = person.Street.Split(", "), City = "LEEDS", PostalCode = person.Postcode }],
            Telecom = [.. Telecom(person)],
            Identifier = [new Identifier("https://pas.leedshospitals.example/patient", person.Id)],
        };
        if (person.NhsNumber is { } nhsNumber)
            patient.Identifier.Add(NhsNumber(nhsNumber));
        if (person.Restricted)
            patient.Meta.Security = [new Coding("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", "restricted")];
        if (person.Deceased is { } deceased)
            patient.Deceased = new FhirDateTime(deceased.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (Preferences(person) is { Extension.Count: > 0 } preferences)
            patient.Extension.Add(preferences);
        if (person.Parent is { } parent)
        {
            patient.Contact.Add(new Patient.ContactComponent
            {
                Relationship = [new CodeableConcept("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "PRN", "parent", "Parent")],
                Name = new HumanName { Family = parent.Family, Given = [parent.Given] },
                Telecom = [new ContactPoint(ContactPoint.ContactPointSystem.Phone, ContactPoint.ContactPointUse.Mobile, parent.Mobile)],
            });
        }

        if (person.Language is { } language)
            patient.Communication.Add(new Patient.CommunicationComponent { Language = new CodeableConcept("urn:ietf:bcp:47", language), Preferred = true });
        return patient;
    }

    public static Appointment Of(PasAppointment appointment, Clinic clinic)
    {
        var resource = new Appointment
        {
            Id = appointment.Id,
            Meta = new Meta { LastUpdated = appointment.LastUpdated },
            Status = appointment.Status switch
            {
                PasStatus.Fulfilled => Appointment.AppointmentStatus.Fulfilled,
                PasStatus.NoShow => Appointment.AppointmentStatus.Noshow,
                PasStatus.Cancelled => Appointment.AppointmentStatus.Cancelled,
                PasStatus.EnteredInError => Appointment.AppointmentStatus.EnteredInError,
                _ => Appointment.AppointmentStatus.Booked,
            },
            Extension = [new Extension(UkCore + "Extension-UKCore-DeliveryChannel", DeliveryChannel(appointment.Medium))],
            Specialty = [Specialty(clinic)],
            Start = appointment.Start,
            End = appointment.Start.AddMinutes(appointment.Minutes),
            Created = appointment.Created.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Participant =
            [
                Participant($"Patient/{appointment.PatientId}"),
                Participant($"HealthcareService/{appointment.ClinicId}"),
            ],
        };
        if (appointment.Status == PasStatus.Cancelled)
            resource.CancelationReason = new CodeableConcept("http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason", "prov", "Provider", null);
        if (appointment.Medium == AppointmentMedium.FaceToFace)
            resource.Participant.Add(Participant($"Location/{appointment.SiteId ?? clinic.SiteId}"));
        return resource;
    }

    public static DocumentReference Of(PasDocument document, PasPatient patient)
    {
        var resource = new DocumentReference
        {
            Id = document.Id,
            Meta = new Meta { LastUpdated = document.LastUpdated },
            Status = DocumentReferenceStatus.Current,
            Type = new CodeableConcept("http://snomed.info/sct", "823681000000100", "Outpatient letter", "Outpatient letter"),
            Subject = new ResourceReference($"Patient/{document.PatientId}"),
            Date = document.Date,
            Description = document.Title,
            Content =
            [
                new DocumentReference.ContentComponent
                {
                    Attachment = new Attachment
                    {
                        ContentType = "application/pdf",
                        Language = "en-GB",
                        Title = document.Title,
                        Creation = document.Date.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
                        Data = LetterPdf.Of(document, patient),
                    },
                },
            ],
        };
        if (document.AppointmentId is null)
            resource.Content.Add(new DocumentReference.ContentComponent
            {
                // A leaflet that goes with the letter (R10).
                Attachment = new Attachment
                {
                    ContentType = "text/html",
                    Language = "en-GB",
                    Title = "When to ask for help",
                    Data = "<p>Phone 111 at any time if you feel worse. In an emergency phone 999.</p>"u8.ToArray(),
                },
            });
        if (document.AppointmentId is { } appointment)
            resource.Context = new DocumentReference.ContextComponent { Related = [new ResourceReference($"Appointment/{appointment}")] };
        return resource;
    }

    private static CodeableConcept Specialty(Clinic clinic) =>
        new("https://fhir.hl7.org.uk/CodeSystem/UKCore-PracticeSettingCode", clinic.SpecialtyCode, clinic.Specialty, null);

    private static CodeableConcept DeliveryChannel(AppointmentMedium medium)
    {
        var (code, display) = medium switch
        {
            AppointmentMedium.Telephone => ("Telephone", "Telephone"),
            AppointmentMedium.Video => ("Video", "Video"),
            _ => ("In-person", "In person"),
        };
        return new CodeableConcept("https://fhir.hl7.org.uk/CodeSystem/UKCore-DeliveryChannel", code, display, null);
    }

    private static Appointment.ParticipantComponent Participant(string reference) => new()
    {
        Actor = new ResourceReference(reference),
        Required = Appointment.ParticipantRequired.Required,
        Status = ParticipationStatus.Accepted,
    };

    private static IEnumerable<ContactPoint> Telecom(PasPatient person)
    {
        if (person.Landline is { } landline)
            yield return new ContactPoint(ContactPoint.ContactPointSystem.Phone, ContactPoint.ContactPointUse.Home, landline);
        foreach (var mobile in person.Mobiles)
        {
            var use = mobile.Old ? ContactPoint.ContactPointUse.Old : ContactPoint.ContactPointUse.Mobile;
            yield return new ContactPoint(ContactPoint.ContactPointSystem.Phone, use, mobile.Number) { Rank = mobile.Rank };
        }

        if (person.Email is { } email)
            yield return new ContactPoint(ContactPoint.ContactPointSystem.Email, ContactPoint.ContactPointUse.Home, email);
    }

    private static Identifier NhsNumber(string number) => new("https://fhir.nhs.uk/Id/nhs-number", number)
    {
        Extension =
        [
            new Extension(UkCore + "Extension-UKCore-NHSNumberVerificationStatus",
                new CodeableConcept("https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland", "01", "Number present and verified", null)),
        ],
    };

    private static Extension Preferences(PasPatient person)
    {
        var preferences = new Extension { Url = UkCore + "Extension-UKCore-ContactPreference" };
        if (person.LettersOnly)
            preferences.Extension.Add(new Extension("PreferredContactMethod", new CodeableConcept("https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredContactMethod", "1", "Letter", null)));
        if (person.WrittenFormat is { } format)
        {
            preferences.Extension.Add(new Extension("PreferredWrittenCommunicationFormat",
                new CodeableConcept("https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredWrittenCommunicationFormat", format, format == "12" ? "Braille" : "Large print", null)));
        }

        return preferences;
    }
}
