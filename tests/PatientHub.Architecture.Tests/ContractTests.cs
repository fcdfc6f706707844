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

        var then = JsonNode.Parse(File.ReadAllText(golden))!;
        foreach (var (name, type) in then["properties"]!.AsObject())
        {
            now["properties"]!.AsObject().ContainsKey(name).ShouldBeTrue($"{message.Name}.{name} was removed or renamed; make a {message.Name}V2 beside it");
            JsonNode.DeepEquals(now["properties"]![name], type).ShouldBeTrue($"{message.Name}.{name} changed its type; make a {message.Name}V2 beside it");
        }
        var before = then["properties"]!.AsObject().Select(property => property.Key).ToHashSet();
        foreach (var required in (now["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()))
            before.ShouldContain(required, $"{message.Name}.{required} is new and required: an older sender does not set it");
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
