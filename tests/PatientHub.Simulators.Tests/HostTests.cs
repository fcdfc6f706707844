using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using PatientHub.Simulators.Messages;

namespace PatientHub.Simulators.Tests;

/// <summary>Where the simulators may run, and how they are started.</summary>
public sealed class HostTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void Any_environment_but_Development_is_refused(string environment) =>
        Should.Throw<SimulatorsRefusedException>(() => Build(environment)).Message.ShouldContain("Development");

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://+:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://192.0.2.1:0")]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0")]
    public void Any_address_but_loopback_is_refused(string urls) =>
        Should.Throw<SimulatorsRefusedException>(() => Build("Development", ("Urls", urls))).Message.ShouldContain("loopback");

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:5199")]
    [InlineData("http://[::1]:0")]
    public async Task Loopback_is_taken(string urls) => await Build("Development", ("Urls", urls)).DisposeAsync();

    [Theory]
    [InlineData("Twilio:AuthToken", null, "Twilio:AuthToken")]
    [InlineData("SendGrid:ApiKey", "", "SendGrid:ApiKey")]
    [InlineData("SendGrid:WebhookUrl", "http://127.0.0.1/hook", "SendGrid:WebhookPrivateKey")]
    [InlineData("SendGrid:WebhookUrl", "nowhere", "SendGrid:WebhookUrl")]
    [InlineData("Pas:FhirBaseUrl", "http://127.0.0.1:1", "Pas:ClientSecret")]
    public void A_missing_setting_is_named(string setting, string? value, string named) =>
        Should.Throw<SimulatorsRefusedException>(() => Build("Development", (setting, value))).Message.ShouldContain(named);

    [Fact]
    public async Task The_process_says_why_and_ends_with_1_in_Production()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "PatientHub.Simulators.dll"), "--Twilio:AuthToken=t", "--SendGrid:ApiKey=k"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DOTNET_ENVIRONMENT"] = "Production" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(1);
        error.ShouldContain("Development only");
        (await output).ShouldNotContain("Now listening");
    }

    [Fact]
    public async Task Health_answers_when_the_process_is_up_though_no_hub_is()
    {
        await using var outside = await RunningSimulators.StartAsync(
            ("Pas:FhirBaseUrl", "http://127.0.0.1:9"), ("Pas:ClientSecret", "s"), ("TrustAdmin:ClientSecret", "s"));
        using var http = new HttpClient { BaseAddress = outside.BaseAddress };
        (await http.GetAsync("/health", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetStringAsync("/api/feed", TestContext.Current.CancellationToken)).ShouldContain("\"Waiting\"");
    }

    [Fact]
    public void An_address_of_the_hub_without_a_path_gets_the_webhooks_path()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Twilio:AuthToken"] = "t",
            ["SendGrid:ApiKey"] = "k",
            ["SendGrid:WebhookUrl"] = "http://localhost:5000",
            ["SendGrid:WebhookPrivateKey"] = "x",
        }).Build();
        SimulatorsOptions.From(configuration).SendGridWebhookUrl!.ToString().ShouldBe("http://localhost:5000/webhooks/sendgrid");
    }

    [Theory]
    [InlineData("07700 900123", "+447700900123")]
    [InlineData("+44 (0)7700 900-123", "+447700900123")]
    [InlineData("0044 7700 900123", "+447700900123")]
    [InlineData(" 447700900123", "+447700900123")]
    [InlineData("Amy@Example.com", "amy@example.com")]
    [InlineData("texts", "texts")]
    public void Numbers_and_addresses_have_one_spelling(string written, string expected) => Destination.Normalise(written).ShouldBe(expected);

    [Theory]
    [InlineData(0, 'x', 1)]
    [InlineData(160, 'x', 1)]
    [InlineData(161, 'x', 2)]
    [InlineData(306, 'x', 2)]
    [InlineData(307, 'x', 3)]
    [InlineData(80, '€', 1)] // two places each
    [InlineData(81, '€', 2)]
    [InlineData(70, 'ł', 1)] // not in GSM 03.38
    [InlineData(71, 'ł', 2)]
    public void Texts_are_counted_as_networks_do(int length, char character, int parts) => TextSegments.Count(new string(character, length)).ShouldBe(parts);

    private static WebApplication Build(string environment, params (string Name, string? Value)[] settings) => SimulatorsApp.Build(
        new WebApplicationOptions { EnvironmentName = environment, ApplicationName = typeof(SimulatorsApp).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory },
        builder =>
        {
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddInMemoryCollection([new("Twilio:AuthToken", "t"), new("SendGrid:ApiKey", "k")]);
            builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
        });
}
