using CsCheck;
using Hl7.Fhir.Model;
using Microsoft.Extensions.Options;

namespace PatientHub.Fhir.Tests;

public sealed class SourceIdsTests
{
    private readonly SourceIds ids = With(1);

    private static SourceIds With(byte fill) => new(Options.Create(new SourceIdsOptions { Key = Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray()) }));

    [Fact]
    public void Id_is_a_version_8_uuid_and_never_changes()
    {
        var id = ids.Patient("pas", "UKCore-Patient-RichardSmith-Example");
        id.Version.ShouldBe(8);
        (id.Variant & 0xC).ShouldBe(0x8);
        // Golden (computed by another implementation): ids are stored by every service, so another value here would orphan all data.
        id.ShouldBe(Guid.Parse("a0cec04f-201a-8ef8-98d4-5217886db691"));
    }

    [Fact]
    public void Any_other_part_gives_another_id() => Gen.Select(Gen.String[1, 20], Gen.String[1, 20], Gen.String[1, 20], Gen.Int[1, 19]).Sample((system, type, id, cut) =>
    {
        var all = new[]
        {
            ids.For(system, type, id), ids.For(system + "x", type, id), ids.For(system, type + "x", id), ids.For(system, type, id + "x"), With(2).For(system, type, id),
            ids.For(system + type, id, type), // parts do not run together
        };
        all.Distinct().Count().ShouldBe(all.Length);
    }, iter: 300);

    [Theory]
    [InlineData("Patient/7", "7")]
    [InlineData("https://pas.example/fhir/Patient/7", "7")]
    [InlineData("Patient/7/_history/2", "7")]
    [InlineData("Practitioner/7", null)]
    [InlineData("#contained", null)]
    [InlineData("urn:uuid:e7c54d06-c5b5-4ecb-91c3-5c1e68d3b923", null)]
    [InlineData("Patient/", null)]
    [InlineData("", null)]
    public void Reference_gives_the_id(string reference, string? expected)
    {
        ReferenceTo.TryGet(new ResourceReference(reference), "Patient", out var id).ShouldBe(expected is not null);
        id.ShouldBe(expected);
    }
}
