using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Notifications.Contracts;
using PatientHub.PostalFallback.Contracts;

namespace PatientHub.Architecture.Tests;

/// <summary>Contracts are frozen once they are used: additive changes only, no personal data in a message, no package behind them.</summary>
public sealed partial class ContractTests
{
    private static readonly Assembly[] Contracts =
    [
        typeof(PatientState).Assembly, typeof(AppointmentState).Assembly, typeof(LetterReady).Assembly, typeof(InvitationSent).Assembly, typeof(LetterPosted).Assembly,
    ];

    /// <summary>Messages on the bus: everything that is not in an Http namespace.</summary>
    public static TheoryData<Type> Messages => [.. Contracts.SelectMany(assembly => assembly.GetExportedTypes())
        .Where(type => type.IsClass && !type.IsAbstract && !type.Namespace!.EndsWith(".Http", StringComparison.Ordinal)).OrderBy(type => type.FullName, StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Messages))]
    public void Message_is_a_sealed_record_with_init_only_properties(Type message)
    {
        message.IsSealed.ShouldBeTrue();
        message.GetMethod("<Clone>$").ShouldNotBeNull("a contract is a record");
        foreach (var property in message.GetProperties().Where(property => property.CanWrite))
            property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().ShouldContain(typeof(IsExternalInit), property.Name);
    }

    [Theory, MemberData(nameof(Messages))]
    public void Message_carries_no_personal_data(Type message) => PersonalProperties(message).ShouldBeEmpty();

    [Fact]
    public void Personal_data_rule_is_red_for_a_guilty_message() =>
        PersonalProperties(typeof(GuiltyMessage)).ShouldBe(["FirstName", "MobileNumber", "DateOfBirth", "NhsNumber", "SignInCode"]);

    [Theory, MemberData(nameof(Messages))]
    public void Message_still_has_every_property_it_ever_had(Type message)
    {
        var golden = Path.Combine(GoldenFolder(), message.FullName + ".json");
        var now = Shape(message);
        if (!File.Exists(golden) && Environment.GetEnvironmentVariable("PATIENTHUB_WRITE_GOLDEN") == "1")
            File.WriteAllText(golden, now.ToJsonString(Indented) + "\n");
        File.Exists(golden).ShouldBeTrue($"{golden} is missing: run the tests once with PATIENTHUB_WRITE_GOLDEN=1 and commit the file");

        StillHas(JsonNode.Parse(File.ReadAllText(golden))!, now, message.Name);
    }

    /// <summary>Objects may grow by what is not required, at any depth; everything else stays as it was.</summary>
    private static void StillHas(JsonNode then, JsonNode now, string path)
    {
        if (then is not JsonObject || then["properties"] is not JsonObject properties)
        {
            JsonNode.DeepEquals(now, then).ShouldBeTrue($"{path} changed its type; make a V2 of the message beside it");
            return;
        }

        foreach (var (name, type) in properties)
        {
            var still = (now["properties"] as JsonObject)?[name];
            still.ShouldNotBeNull($"{path}.{name} was removed or renamed; make a V2 of the message beside it");
            StillHas(type!, still, $"{path}.{name}");
        }

        var before = properties.Select(property => property.Key).ToHashSet();
        foreach (var required in (now["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()))
            before.ShouldContain(required, $"{path}.{required} is new and required: an older sender does not set it");
    }

    [Fact]
    public void Growth_rule_is_red_for_a_lost_a_changed_and_a_newly_required_property()
    {
        var then = Shape(typeof(LetterReady));
        foreach (var (damage, harmed) in new (Action<JsonNode>, string)[]
        {
            (n => n["properties"]!.AsObject().Remove("patientId"), "patientId"),
            (n => n["properties"]!["letterVersion"]!["type"] = "string", "letterVersion"),
            (n => { n["properties"]!["extra"] = new JsonObject { ["type"] = "string" }; n["required"]!.AsArray().Add("extra"); }, "extra"),
        })
        {
            var now = then.DeepClone();
            damage(now);
            Should.Throw<ShouldAssertException>(() => StillHas(then, now, "LetterReady")).Message.ShouldContain(harmed);
        }
    }

    [Fact]
    public void Contracts_reference_nothing_but_the_base_class_library()
    {
        foreach (var assembly in Contracts)
            assembly.GetReferencedAssemblies().Select(reference => reference.Name!).ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal) || name == "netstandard");
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static JsonNode Shape(Type message) => JsonSerializerOptions.Web.GetJsonSchemaAsNode(message, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });

    private static string GoldenFolder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");

    private static string[] PersonalProperties(Type message) =>
        [.. message.GetProperties().Select(property => property.Name).Where(name => Personal().IsMatch(name) && name is not ("HasMobile" or "HasEmail" or "CodeId"))];

    [GeneratedRegex("Name$|Mobile|Phone|Email|Address$|AddressLine|Birth|Nhs|Postcode|SignInCode|Uvc|Token|Link$|HospitalNumber")]
    private static partial Regex Personal();

    internal sealed record GuiltyMessage
    {
        public required string FirstName { get; init; }
        public required string MobileNumber { get; init; }
        public required DateOnly DateOfBirth { get; init; }
        public required string NhsNumber { get; init; }
        public required string SignInCode { get; init; }
        public required Guid PatientId { get; init; }
    }
}
