using System.Text.Json.Nodes;
using Hl7.Fhir.Serialization;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Tests.Support;

namespace PatientHub.Identity.Tests;

/// <summary>What a FHIR Patient means to the hub, without any store.</summary>
public sealed class PatientReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Richard_smith_is_alive_has_no_mobile_and_reads_large_print()
    {
        var (details, warnings) = ReadExample("UKCore-Patient-RichardSmith-Example.xml");
        details.Name.ShouldBe(new PersonName("Richard", "Richard SMITH", "SMITH"));
        details.BirthDate.ShouldBe(new DateOnly(1970, 9, 11));
        details.Deceased.ShouldBeFalse("DeathNotificationStatus U means removed");
        details.Contacts.ShouldBeEmpty("a landline of his own, and 07777123123 is his contact person's");
        details.Format.ShouldBe(WrittenFormat.LargePrint);
        details.Signs.ShouldBeTrue();
        details.Language.ShouldBe("en");
        details.LettersOnly.ShouldBeFalse("PreferredContactMethod 3 is the telephone");
        details.NhsNumber.ShouldBe("9912003888");
        details.NhsNumberVerified.ShouldBeTrue();
        details.Addresses.ShouldHaveSingleItem().Postcode.ShouldBe("LS17 7DF");
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void The_babys_nhs_number_fails_its_check_digit_and_is_kept_as_unverified()
    {
        var (details, warnings) = ReadExample("UKCore-Patient-BabyPatient-Example.xml");
        details.NhsNumber.ShouldBeNull();
        details.NhsNumberVerified.ShouldBeFalse();
        details.UnverifiedNhsNumber.ShouldBe("9912003890");
        details.Contacts.ShouldBeEmpty();
        var warning = warnings.ShouldHaveSingleItem();
        warning.Element.ShouldBe("Patient.identifier[0].value");
        warning.Text.ShouldNotContain("9912003890");
    }

    [Theory] // A24
    [InlineData("1", true)]
    [InlineData("2", true)]
    [InlineData("U", false)]
    public void Death_notification_1_and_2_mean_dead_and_u_means_removed(string code, bool dead) =>
        Read(new PatientJson().DeathStatus(code)).Details.Deceased.ShouldBe(dead);

    [Theory] // A24
    [InlineData("deceasedBoolean", "true", true)]
    [InlineData("deceasedBoolean", "false", false)]
    [InlineData("deceasedDateTime", "\"2025-04-12\"", true)]
    public void Deceased_of_plain_fhir_counts_too(string element, string value, bool dead) =>
        Read(new PatientJson().With(element, JsonNode.Parse(value))).Details.Deceased.ShouldBe(dead);

    [Fact]
    public void A_record_that_contradicts_itself_about_death_is_dead_with_a_warning()
    {
        var (details, warnings) = Read(new PatientJson().DeathStatus("U").With("deceasedBoolean", true));
        details.Deceased.ShouldBeTrue();
        warnings.ShouldHaveSingleItem().Element.ShouldBe("Patient.deceased");
    }

    [Theory] // A24
    [InlineData("R", true)]
    [InlineData("V", true)]
    [InlineData("N", false)]
    public void Security_labels_r_and_v_restrict(string code, bool restricted) => Read(new PatientJson().Restricted(code)).Details.Restricted.ShouldBe(restricted);

    [Fact]
    public void Preferences_for_letters_and_no_portal_are_read() // R9, A24
    {
        Read(new PatientJson().Preference(FhirConventions.PreferredContactMethod, FhirConventions.PreferredContactMethodSystem, "1")).Details.LettersOnly.ShouldBeTrue();
        Read(new PatientJson().Preference(FhirConventions.PreferredContactMethod, FhirConventions.PreferredContactMethodSystem, "4")).Details.LettersOnly.ShouldBeFalse();
        Read(new PatientJson().Extension($$"""{"url":"{{FhirConventions.NoPortalExtension}}","valueBoolean":true}""")).Details.NoPortal.ShouldBeTrue();
        Read(new PatientJson().Extension($$"""{"url":"{{FhirConventions.NoPortalExtension}}","valueBoolean":false}""")).Details.NoPortal.ShouldBeFalse();
    }

    [Theory] // R10
    [InlineData("11", WrittenFormat.LargePrint, 0)]
    [InlineData("12", WrittenFormat.NotPlainPrint, 0)]
    [InlineData("13", WrittenFormat.NotPlainPrint, 0)]
    [InlineData("99", WrittenFormat.NotPlainPrint, 1)]
    public void The_written_format_is_obeyed(string code, WrittenFormat format, int warnings)
    {
        var read = Read(new PatientJson().Preference(FhirConventions.PreferredWrittenFormat, FhirConventions.PreferredWrittenFormatSystem, code));
        read.Details.Format.ShouldBe(format);
        read.Warnings.Count.ShouldBe(warnings);
    }

    [Fact]
    public void A_sign_language_alone_is_never_plain_print() // R10
    {
        var (details, _) = Read(new PatientJson().With("communication", JsonNode.Parse("""[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"bfi"}]}}]""")));
        details.Format.ShouldBe(WrittenFormat.NotPlainPrint);
        details.Language.ShouldBe("en");
    }

    [Fact]
    public void The_preferred_language_is_taken()
    {
        var (details, _) = Read(new PatientJson().With("communication", JsonNode.Parse(
            """[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"en"}]}},{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"pt-BR"}]},"preferred":true}]""")));
        details.Language.ShouldBe("pt-BR");
    }

    [Fact]
    public void Telecoms_that_are_old_over_or_unusable_are_left_out()
    {
        var patient = new PatientJson()
            .Phone("07700 900001", t => t["use"] = "old")
            .Phone("07700 900002", t => t["period"] = JsonNode.Parse("""{"end":"2026-11-22"}"""))
            .Phone("07700 900003", t => t["period"] = JsonNode.Parse("""{"end":"2026-11-23"}"""))
            .Phone("07700 900004", t => t["period"] = JsonNode.Parse("""{"start":"2026-12-01"}"""))
            .Phone("07700 900005", t => t["rank"] = 1)
            .Phone("0113 123 1234")
            .Phone("ask the neighbour")
            .Email("nonsense")
            .Email("Robin@Example.org")
            .With("contact", JsonNode.Parse("""[{"telecom":[{"system":"phone","value":"07700900009","use":"mobile"},{"system":"email","value":"jane@example.org"}]}]"""));
        var (details, warnings) = Read(patient);
        details.Contacts.Select(c => c.Value).ShouldBe(["+447700900003", "+447700900004", "+447700900005", "robin@example.org"]);
        details.Contacts[0].ValidUntil.ShouldBe(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero), "the last day counts whole");
        details.Contacts[1].ValidFrom.ShouldBe(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
        details.Contacts[2].Rank.ShouldBe(1);
        warnings.Select(w => w.Element).ShouldBe(["Patient.telecom[6].value", "Patient.telecom[7].value"]);
    }

    [Theory]
    [InlineData("1980", true)]
    [InlineData("1980-03", true)]
    [InlineData("2026-11-24", true)]
    [InlineData("2026-11-23", false)]
    [InlineData("2024-02-29", false)]
    [InlineData("1899-12-31", false)]
    public void A_birth_date_that_is_not_full_or_lies_ahead_is_a_warning(string date, bool warned)
    {
        var (details, warnings) = Read(new PatientJson().BornOn(date));
        (details.BirthDate is null).ShouldBe(warned);
        warnings.Count.ShouldBe(warned ? 1 : 0);
    }

    [Fact]
    public void A_photo_by_address_is_reported_and_never_fetched()
    {
        var (_, warnings) = Read(new PatientJson().With("photo", JsonNode.Parse("""[{"contentType":"image/png","url":"http://127.0.0.1:1/photo.png"}]""")));
        warnings.ShouldHaveSingleItem().Element.ShouldBe("Patient.photo[0].url");
    }

    [Fact]
    public void A_name_cannot_carry_line_breaks_into_headers() // checklist 118
    {
        var (details, _) = Read(new PatientJson().Named("Robin\r\nBcc: eve@example.org", "Test\tperson"));
        details.Name.First.ShouldBe("Robin Bcc: eve@example.org");
        details.Name.Full.ShouldNotContain("\n");
        details.Name.Family.ShouldBe("Test person");
    }

    [Fact]
    public void A_record_without_a_name_is_taken_with_a_warning()
    {
        var patient = new PatientJson();
        patient.Json.Remove("name");
        var (details, warnings) = Read(patient);
        details.Name.ShouldBe(PersonName.Unknown);
        warnings.ShouldHaveSingleItem().Element.ShouldBe("Patient.name");
    }

    [Fact]
    public void The_usual_name_is_the_one_to_use_and_old_ones_are_not()
    {
        var (details, _) = Read(new PatientJson().With("name", JsonNode.Parse("""
            [{"use":"old","family":"Before","given":["Anna"]},{"use":"official","family":"Kowalska","given":["Anna","Maria"],"prefix":["Ms"]},{"use":"usual","family":"Kowalska","given":["Ania"]}]
            """)));
        details.Name.ShouldBe(new PersonName("Ania", "Ania Kowalska", "Kowalska"));
    }

    [Fact]
    public void Inactive_and_linked_are_read()
    {
        Read(new PatientJson().With("active", false)).Details.Active.ShouldBeFalse();
        var replaced = Read(new PatientJson().With("link", JsonNode.Parse("""[{"other":{"reference":"Patient/2"},"type":"replaced-by"},{"other":{"reference":"Patient/3"},"type":"replaces"}]"""))).Details;
        (replaced.Linked, replaced.ReplacedBy).ShouldBe((false, IdOf("2")));
        replaced.Replaces.ShouldBe([IdOf("3")]);
        foreach (var link in (string[])["""[{"other":{"reference":"Patient/2"},"type":"seealso"}]""", """[{"other":{"reference":"https://elsewhere.example/Patient/2"},"type":"replaced-by"}]""", """[{"other":{"reference":"Patient/2"},"type":"replaced-by"},{"other":{"reference":"Patient/3"},"type":"replaced-by"}]""", """[{"other":{"reference":"Patient/2"},"type":"replaced-by"},{"other":{"reference":"Patient/2"},"type":"replaces"}]"""])
        {
            var doubtful = Read(new PatientJson().With("link", JsonNode.Parse(link))).Details;
            (doubtful.Linked, doubtful.ReplacedBy, doubtful.Replaces.Count).ShouldBe((true, null, 0), link);
        }
        var plain = Read(new PatientJson()).Details;
        (plain.Active, plain.Linked).ShouldBe((true, false));
    }

    internal static string Example(string file) => Path.Combine(AppContext.BaseDirectory, "Examples", file);

    private static (PatientDetails Details, IReadOnlyList<Fhir.FhirIssue> Warnings) Read(PatientJson patient) =>
        PatientReader.Read(FhirJsonDeserializer.STRICT.Deserialize<Hl7.Fhir.Model.Patient>(patient.ToString()), Now, IdOf);

    private static (PatientDetails Details, IReadOnlyList<Fhir.FhirIssue> Warnings) ReadExample(string file) =>
        PatientReader.Read(FhirXmlDeserializer.STRICT.Deserialize<Hl7.Fhir.Model.Patient>(File.ReadAllText(Example(file))), Now, IdOf);

    private static Guid IdOf(string source) => Guid.Parse($"00000000-0000-8000-8000-{Math.Abs(source.Sum(c => (int)c)):D12}");
}
