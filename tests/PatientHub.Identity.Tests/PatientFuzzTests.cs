using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PatientHub.Fhir;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Features.Intake;
using PatientHub.Identity.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.Identity.Tests;

/// <summary>A Patient that is FHIR and yet odd in any of its parts: always details and warnings, never an exception.</summary>
public sealed class PatientFuzzTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Telecoms =
    [
        "{}", """{"system":"phone"}""", """{"value":"07700 900123"}""", """{"system":"sms","value":"+44 (0)7700 900123","rank":1}""", """{"system":"phone","use":"old","value":"07700900123"}""",
        """{"system":"email","value":"Robin@EXAMPLE.org","period":{"start":"2026"}}""", """{"system":"email","value":"@","period":{"end":"0001-01-01"}}""",
        """{"system":"phone","value":"\uFDFA\uFDFA\uFDFA\uFDFA\uFDFA\uFDFA\uFDFA\uFDFA\uFDFA\uFDFA\uFDFA\uFDFA","rank":2147483647}""", """{"system":"phone","value":"0x7700900123;ext=\ud83d\ude00"}""",
        """{"system":"email","value":"a@b.example","period":{"start":"9999-12-31T23:59:59-14:00","end":"0001-01-01T00:00:00+14:00"}}""", """{"system":"url","value":"javascript:alert(1)"}""",
    ];

    private static readonly string[] Parts =
    [
        """{"birthDate":"1980"}""", """{"birthDate":"0001-01-01"}""", """{"birthDate":"9999-12-31"}""", """{"birthDate":"2024-02-29"}""", """{"name":[]}""", """{"name":[{}]}""", """{"name":[{"given":[" "]}]}""",
        """{"name":[{"family":"\u202Eevil\u0007"}]}""", """{"name":[{"text":"A\r\nBcc: x","period":{"start":"2026-11"}}]}""", """{"name":[{"use":"old","family":"Old"},{"use":"usual","given":["Al"],"period":{"end":"2026-01-01"}}]}""",
        """{"address":[{}]}""", """{"address":[{"line":["@","=1+1",""],"postalCode":"ls177df","city":"leeds"}]}""", """{"address":[{"use":"old"},{"text":"NFA"}]}""", """{"deceasedDateTime":"1850"}""", """{"deceasedBoolean":false}""",
        """{"communication":[{"language":{}}]}""", """{"communication":[{"language":{"coding":[{"code":"bfi"}]}},{"language":{"text":"q"},"preferred":true}]}""", """{"identifier":[{}]}""",
        """{"identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number"}]}""", """{"identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"９０００００００09"}]}""", """{"link":[{"other":{},"type":"seealso"}]}""",
        """{"photo":[{"url":"http://127.0.0.1/"}]}""", """{"contact":[{"telecom":[{"system":"phone","value":"07700900999"}]}]}""", """{"meta":{"security":[{}]}}""", """{"meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}}""",
        """{"extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ContactPreference"}]}""", """{"extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeathNotificationStatus","extension":[{"url":"deathNotificationStatus"}]}]}""",
    ];

    private readonly FhirReader reader = new(Options.Create(new FhirOptions()), TimeProvider.System, NullLogger<FhirReader>.Instance);

    [Fact]
    public void Odd_patients_are_read_and_their_addresses_printed_or_not()
    {
        var read = 0;
        Gen.Select(
            Gen.OneOf(Parts).Array[0, 6], Gen.OneOf(Telecoms).Array[0, 6], Gen.OneOf(Gen.Const(""), Gen.Char['!', '\u3000'].Array[1, 80].Select(c => new string(c)))).Sample((parts, telecoms, noise) =>
        {
            var patient = new PatientJson();
            foreach (var part in parts)
                foreach (var (name, value) in JsonNode.Parse(part)!.AsObject())
                    patient.Json[name] = value?.DeepClone();
            patient.Json["telecom"] = new JsonArray([.. telecoms.Select(t => JsonNode.Parse(t)), new JsonObject { ["system"] = "phone", ["value"] = noise + "0" }, new JsonObject { ["system"] = "email", ["value"] = noise + "@example.org" }]);
            if (!reader.TryParse(Encoding.UTF8.GetBytes(patient.ToString()), false, "Patient", out var resource, out _)) return;

            Interlocked.Increment(ref read);
            var (details, warnings) = PatientReader.Read((Hl7.Fhir.Model.Patient)resource, Now, IdOf);
            details.Contacts.ShouldAllBe(c => c.Kind == ContactKind.Mobile ? c.Value.Length == 13 && c.Value.StartsWith("+447", StringComparison.Ordinal) : c.Value.Contains('@'));
            if (details.BirthDate is { } born) born.ShouldBeLessThanOrEqualTo(new DateOnly(2026, 11, 26));
            details.Name.Full.ShouldNotBeEmpty();
            details.Name.Full.ShouldNotContain('\n');
            warnings.ShouldAllBe(w => w.Element!.StartsWith("Patient", StringComparison.Ordinal) && (noise.Length < 3 || !w.Text.Contains(noise)));

            var record = Domain.Patient.Register(Guid.NewGuid(), "pas", patient.Id, details, Now, Now);
            AddressLines.For(record, Now).Count.ShouldBeOneOf(0, 3, 4, 5, 6, 7);
            Masked.Address(PostalAddress.Choose(record.Addresses, Now));
        }, iter: Fuzz.Cases(3_000));
        read.ShouldBeGreaterThan(Fuzz.Cases(500), "too few were FHIR: hardly anything was tried");
    }

    private static Guid IdOf(string source) => Guid.Parse($"00000000-0000-8000-8000-{Math.Abs(source.Sum(c => (int)c)):D12}");
}
