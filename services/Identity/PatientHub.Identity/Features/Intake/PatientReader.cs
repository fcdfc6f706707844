using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Hl7.Fhir.Model;
using PatientHub.Calendar;
using PatientHub.Fhir;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Domain;
using ContactDetail = PatientHub.Identity.Domain.ContactDetail;

namespace PatientHub.Identity.Features.Intake;

/// <summary>
/// Reduces a FHIR Patient (R4, UK Core) to what the hub uses. What cannot be used is a warning that names the element and never repeats its value. A contact person's
/// telecom (<c>Patient.contact</c>) is not looked at: it is never the patient's (design: contacts).
/// </summary>
public static partial class PatientReader
{
    public static (PatientDetails Details, IReadOnlyList<FhirIssue> Warnings) Read(Hl7.Fhir.Model.Patient patient, DateTimeOffset now, Func<string, Guid> idOf)
    {
        var warnings = new List<FhirIssue>();
        var (number, verified, unverified) = NhsNumberOf(patient, warnings);
        var links = LinksOf(patient, idOf, warnings);
        var signs = patient.Communication.Any(c => Codings(c.Language).Any(IsSignLanguage));
        var details = new PatientDetails
        {
            Name = NameOf(patient, now, warnings),
            BirthDate = BirthDateOf(patient, now, warnings),
            NhsNumber = number,
            NhsNumberVerified = verified,
            UnverifiedNhsNumber = unverified,
            Contacts = ContactsOf(patient, now, warnings),
            Addresses = [.. patient.Address.Select(AddressOf).OfType<PostalAddress>()],
            Language = LanguageOf(patient),
            Format = FormatOf(patient, signs, warnings),
            Signs = signs,
            Deceased = IsDeceased(patient, warnings),
            Restricted = patient.Meta?.Security.Any(s => s.System == FhirConventions.ConfidentialitySystem && s.Code is "R" or "V") == true,
            LettersOnly = Preference(patient, FhirConventions.PreferredContactMethod).Any(c => c.System == FhirConventions.PreferredContactMethodSystem && c.Code == FhirConventions.Letter),
            NoPortal = patient.GetExtension(FhirConventions.NoPortalExtension)?.Value is FhirBoolean { Value: true },
            NotToParents = patient.GetExtension(FhirConventions.NotToParentsExtension)?.Value is FhirBoolean { Value: true },
            Active = patient.Active != false,
            Linked = links.Other,
            ReplacedBy = links.ReplacedBy,
            Replaces = links.Replaces,
        };
        for (var i = 0; i < patient.Photo.Count; i++)
            if (patient.Photo[i].Url is not null)
                warnings.Add(Warning(OperationOutcome.IssueType.NotSupported, $"Patient.photo[{i}].url", "An attachment by address is never fetched."));
        return (details, warnings);
    }

    /// <summary>A30: what the record says about others. A link that is no merge, or that names no record of this source, is left to people.</summary>
    private static (Guid? ReplacedBy, IReadOnlyList<Guid> Replaces, bool Other) LinksOf(Hl7.Fhir.Model.Patient patient, Func<string, Guid> idOf, List<FhirIssue> warnings)
    {
        var (by, replaces, other) = (new SortedSet<Guid>(), new SortedSet<Guid>(), false);
        for (var i = 0; i < patient.Link.Count; i++)
        {
            var link = patient.Link[i];
            var source = link.Other?.Reference is { } reference && reference.StartsWith("Patient/", StringComparison.Ordinal) && reference[8..] is { Length: > 0 and <= 64 } id && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? id : null;
            if (source is null || source == patient.Id || link.Type is not (Hl7.Fhir.Model.Patient.LinkType.ReplacedBy or Hl7.Fhir.Model.Patient.LinkType.Replaces))
            {
                other = true;
                if (source is null) warnings.Add(Warning(OperationOutcome.IssueType.Value, $"Patient.link[{i}].other", "The link names no patient of this system as Patient/{id}; nobody can sign in to this record until that is resolved."));
            }
            else if (link.Type == Hl7.Fhir.Model.Patient.LinkType.ReplacedBy)
            {
                by.Add(idOf(source));
            }
            else
            {
                replaces.Add(idOf(source));
            }
        }

        // Replaced by two, or by what it replaces: contradictory, so nothing is merged.
        if (by.Count > 1 || by.Overlaps(replaces)) return (null, [], true);
        return (by.Count == 1 ? by.Min : null, [.. replaces], other);
    }

    private static PersonName NameOf(Hl7.Fhir.Model.Patient patient, DateTimeOffset now, List<FhirIssue> warnings)
    {
        var name = patient.Name
            .Where(n => n.Use is not (HumanName.NameUse.Old or HumanName.NameUse.Maiden or HumanName.NameUse.Anonymous) && IsCurrent(n.Period, now))
            .OrderBy(n => n.Use switch { HumanName.NameUse.Usual => 0, HumanName.NameUse.Official => 1, null => 2, _ => 3 })
            .FirstOrDefault();
        var given = name?.Given.Select(Plain).Where(g => g.Length > 0).ToList() ?? [];
        var family = Plain(name?.Family);
        var full = string.Join(' ', (name?.Prefix ?? []).Select(Plain).Concat(given).Append(family).Where(part => part.Length > 0));
        if (given.Count == 0 && family.Length == 0) full = Plain(name?.Text);
        if (full.Length == 0)
        {
            warnings.Add(Warning(OperationOutcome.IssueType.Required, "Patient.name", "There is no current name; messages and letters say \"Patient\"."));
            return PersonName.Unknown;
        }

        return new PersonName(given.Count > 0 ? given[0] : full, full, family.Length > 0 ? family : null);
    }

    private static DateOnly? BirthDateOf(Hl7.Fhir.Model.Patient patient, DateTimeOffset now, List<FhirIssue> warnings)
    {
        if (!DateOnly.TryParseExact(patient.BirthDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born))
        {
            warnings.Add(Warning(OperationOutcome.IssueType.Required, "Patient.birthDate", "There is no full date of birth; nobody can sign in to this record."));
            return null;
        }

        if (born <= LondonTime.DateOf(now)) return born;
        warnings.Add(Warning(OperationOutcome.IssueType.Value, "Patient.birthDate", "The date of birth lies in the future; nobody can sign in to this record."));
        return null;
    }

    private static (string? Number, bool Verified, string? Unverified) NhsNumberOf(Hl7.Fhir.Model.Patient patient, List<FhirIssue> warnings)
    {
        var index = patient.Identifier.FindIndex(i => i.System == NhsNumber.System && i.Use != Identifier.IdentifierUse.Old && !string.IsNullOrWhiteSpace(i.Value));
        if (index < 0) return (null, false, null);
        var identifier = patient.Identifier[index];
        if (!NhsNumber.TryParse(identifier.Value, out var number))
        {
            warnings.Add(Warning(OperationOutcome.IssueType.Value, $"Patient.identifier[{index}].value", "The NHS number fails its check digit; it is kept as unverified and not used."));
            return (null, false, Plain(identifier.Value));
        }

        var status = identifier.GetExtension(FhirConventions.NhsNumberVerificationExtension)?.Value as CodeableConcept;
        return (number, Codings(status).Any(c => c.Code == "01"), null);
    }

    private static List<ContactDetail> ContactsOf(Hl7.Fhir.Model.Patient patient, DateTimeOffset now, List<FhirIssue> warnings)
    {
        var contacts = new List<ContactDetail>();
        for (var i = 0; i < patient.Telecom.Count; i++)
        {
            var telecom = patient.Telecom[i];
            var (from, until) = Bounds(telecom.Period);
            if (telecom.Use == ContactPoint.ContactPointUse.Old || until <= now || string.IsNullOrWhiteSpace(telecom.Value)) continue;
            string value;
            switch (telecom.System)
            {
                case ContactPoint.ContactPointSystem.Phone or ContactPoint.ContactPointSystem.Sms when MobileNumber.TryParse(telecom.Value, out value):
                    contacts.Add(new ContactDetail(ContactKind.Mobile, value) { Rank = telecom.Rank, ValidFrom = from, ValidUntil = until });
                    break;
                case ContactPoint.ContactPointSystem.Phone or ContactPoint.ContactPointSystem.Sms when !MobileNumber.TryParsePhone(telecom.Value, out _):
                    warnings.Add(Warning(OperationOutcome.IssueType.Value, $"Patient.telecom[{i}].value", "This is not a telephone number; it is not used."));
                    break;
                case ContactPoint.ContactPointSystem.Email when EmailAddress.TryParse(telecom.Value, out value):
                    contacts.Add(new ContactDetail(ContactKind.Email, value) { Rank = telecom.Rank, ValidFrom = from, ValidUntil = until });
                    break;
                case ContactPoint.ContactPointSystem.Email:
                    warnings.Add(Warning(OperationOutcome.IssueType.Value, $"Patient.telecom[{i}].value", "This is not an email address; it is not used."));
                    break;
                default:
                    // A landline, fax or textphone: nothing wrong with it, nothing can be sent to it.
                    break;
            }
        }

        return contacts;
    }

    private static PostalAddress? AddressOf(Address address)
    {
        var lines = address.Line.Select(Plain).Where(line => line.Length > 0).ToList();
        if (lines.Count == 0 && address.Text is { } text) lines = [.. text.Split(['\n', ',']).Select(Plain).Where(line => line.Length > 0)];
        var (town, county, postcode, country) = (Plain(address.City), Plain(address.District), Plain(address.PostalCode), Plain(address.Country));
        if (lines.Count == 0 && postcode.Length == 0) return null;
        var (from, until) = Bounds(address.Period);
        return new PostalAddress
        {
            Lines = lines,
            Town = town.Length > 0 ? town : null,
            County = county.Length > 0 ? county : null,
            Postcode = postcode.Length > 0 ? postcode : null,
            Country = country.Length > 0 ? country : null,
            Use = address.Use?.ToString().ToLowerInvariant(),
            ForPost = address.Type == Address.AddressType.Postal,
            ValidFrom = from,
            ValidUntil = until,
        };
    }

    private static string LanguageOf(Hl7.Fhir.Model.Patient patient) => patient.Communication
        .OrderByDescending(c => c.Preferred == true)
        .SelectMany(c => Codings(c.Language))
        .Where(c => !IsSignLanguage(c) && c.System is "urn:ietf:bcp:47" or "https://fhir.hl7.org.uk/CodeSystem/UKCore-HumanLanguage")
        .Select(c => c.Code ?? "")
        .FirstOrDefault(code => LanguageTag().IsMatch(code)) ?? "en";

    // R10. A stated written format decides; a sign language alone means that plain print is not what this patient reads.
    private static WrittenFormat FormatOf(Hl7.Fhir.Model.Patient patient, bool signs, List<FhirIssue> warnings)
    {
        var codings = Preference(patient, FhirConventions.PreferredWrittenFormat);
        if (codings.Count == 0) return signs ? WrittenFormat.NotPlainPrint : WrittenFormat.Standard;
        var known = codings.FirstOrDefault(c => c.System == FhirConventions.PreferredWrittenFormatSystem);
        if (known?.Code == FhirConventions.LargePrint) return WrittenFormat.LargePrint;
        if (known?.Code is not ("12" or "13"))
            warnings.Add(Warning(OperationOutcome.IssueType.CodeInvalid, "Patient.extension.PreferredWrittenCommunicationFormat", "The written format is unknown to the hub; letters go to a person instead of plain print."));
        return WrittenFormat.NotPlainPrint;
    }

    private static bool IsDeceased(Hl7.Fhir.Model.Patient patient, List<FhirIssue> warnings)
    {
        var status = patient.GetExtension(FhirConventions.DeathNotificationExtension)?.GetExtension("deathNotificationStatus")?.Value as CodeableConcept;
        var code = Codings(status).Select(c => c.Code).FirstOrDefault();
        var says = patient.Deceased is FhirDateTime or FhirBoolean { Value: true };
        if (says && code == "U")
            warnings.Add(Warning(OperationOutcome.IssueType.Conflict, "Patient.deceased", "The record says deceased, its death notification says removed; it is treated as deceased."));
        return says || code is "1" or "2";
    }

    private static IReadOnlyList<Coding> Preference(Hl7.Fhir.Model.Patient patient, string part) =>
        [.. Codings(patient.GetExtension(FhirConventions.ContactPreferenceExtension)?.GetExtension(part)?.Value as CodeableConcept)];

    private static IEnumerable<Coding> Codings(CodeableConcept? concept) => concept?.Coding ?? [];

    // ISO 639-3: British, Irish and American Sign Language; "sgn" is any of them.
    private static bool IsSignLanguage(Coding coding) =>
        coding.Code is { } code && (code is "bfi" or "isg" or "ase" || code.StartsWith("sgn", StringComparison.OrdinalIgnoreCase));

    private static bool IsCurrent(Period? period, DateTimeOffset now)
    {
        var (from, until) = Bounds(period);
        return (from is null || from <= now) && (until is null || until > now);
    }

    // FHIR: a period's end includes the whole day, month or year that it names; London's calendar.
    private static (DateTimeOffset? From, DateTimeOffset? Until) Bounds(Period? period) => (Instant(period?.Start, atEnd: false), Instant(period?.End, atEnd: true));

    private static DateTimeOffset? Instant(string? text, bool atEnd)
    {
        if (text is null) return null;
        if (text.Length > 10) return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var exact) ? exact : null;
        var full = text.Length switch { 4 => text + "-01-01", 7 => text + "-01", _ => text };
        if (!DateOnly.TryParseExact(full, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return null;
        if (!atEnd) return LondonTime.ToInstant(day, TimeOnly.MinValue);
        // The last moments of year 9999 are "for ever".
        if (day.Year == 9999) return null;
        return LondonTime.ToInstant(text.Length switch { 4 => day.AddYears(1), 7 => day.AddMonths(1), _ => day.AddDays(1) }, TimeOnly.MinValue);
    }

    // One line, no control characters (a name goes into email headers and calendars), of a sane length.
    private static string Plain(string? text)
    {
        if (text is null) return "";
        var plain = new StringBuilder(Math.Min(text.Length, 200));
        foreach (var c in text)
        {
            if (plain.Length == 200) break;
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                if (plain.Length > 0 && plain[^1] != ' ') plain.Append(' ');
            }
            else if (char.GetUnicodeCategory(c) is not UnicodeCategory.Format)
            {
                plain.Append(c);
            }
        }

        return plain.ToString().Trim();
    }

    private static FhirIssue Warning(OperationOutcome.IssueType code, string element, string text) => FhirIssue.Warning(code, element, text);

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
    private static partial Regex LanguageTag();
}
