using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace PatientHub.Architecture.Tests;

/// <summary>The rooms of style.md: what may know what. Every rule has a twin that feeds it a guilty type and expects red.</summary>
public sealed class LayerTests
{
    private const string Technology = @"^(Microsoft\.EntityFrameworkCore|Microsoft\.AspNetCore|MassTransit|StackExchange\.Redis|Npgsql|RabbitMQ|System\.Net\.Http)(\.|$)";

    private static readonly Assembly[] Services =
    [
        typeof(Identity.IdentityHosting).Assembly, typeof(Appointments.AppointmentsHosting).Assembly, typeof(Letters.LettersHosting).Assembly,
        typeof(Notifications.NotificationsHosting).Assembly, typeof(PostalFallback.PostalFallbackHosting).Assembly,
    ];

    private static readonly ArchUnitNET.Domain.Architecture All = new ArchLoader().LoadAssemblies(Services).Build();

    private static IArchRule DomainKnowsNoTechnology(string domain) =>
        Types().That().ResideInNamespaceMatching(domain)
            .Should().NotDependOnAny(Types(includeReferenced: true).That().ResideInNamespaceMatching(Technology))
            .WithoutRequiringPositiveResults();

    [Fact]
    public void Domain_knows_no_database_bus_web_or_cache() =>
        DomainKnowsNoTechnology(@"^PatientHub\.(Identity|Appointments|Letters|Notifications|PostalFallback)\.Domain(\.|$)").HasNoViolations(All).ShouldBeTrue(
            string.Join('\n', DomainKnowsNoTechnology(@"^PatientHub\.\w+\.Domain(\.|$)").Evaluate(All).Where(result => !result.Passed).Select(result => result.Description)));

    [Fact]
    public void Domain_rule_is_red_for_a_guilty_type()
    {
        var guilty = new ArchLoader().LoadAssemblies(typeof(Guilty.Domain.Appointment).Assembly).Build();
        DomainKnowsNoTechnology(@"^PatientHub\.Architecture\.Tests\.Guilty\.Domain(\.|$)").HasNoViolations(guilty).ShouldBeFalse();
    }

    [Fact]
    public void Every_service_has_a_domain() // A rule about nothing is green for years.
    {
        foreach (var service in Services)
            service.GetTypes().ShouldContain(type => type.Namespace == service.GetName().Name + ".Domain", service.GetName().Name);
    }

    [Fact]
    public void A_service_references_no_other_service_only_its_contracts()
    {
        foreach (var service in Services.Append(typeof(Gateway.GatewayHosting).Assembly))
            ForeignServices(service).ShouldBeEmpty(service.GetName().Name);
        ForeignServices(typeof(LayerTests).Assembly).ShouldNotBeEmpty("this very assembly references all services: the rule must see it");
    }

    private static string[] ForeignServices(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => Services.Any(service => service.GetName().Name == name) && name != assembly.GetName().Name)];
}
