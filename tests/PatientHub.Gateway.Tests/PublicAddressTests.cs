using Microsoft.Extensions.Configuration;
using PatientHub.Gateway.Edge;

namespace PatientHub.Gateway.Tests;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("http://hub.example.nhs.uk")]
    [InlineData("ftp://localhost")]
    [InlineData("hub.example.nhs.uk")]
    [InlineData("")]
    public void Plain_http_outside_loopback_and_nonsense_do_not_start(string address) => Should.Throw<InvalidOperationException>(() => Of(address));

    [Fact]
    public void Loopback_may_be_plain_http_and_the_rest_is_https()
    {
        Of("http://localhost:5080").IsHttps.ShouldBeFalse();
        var hub = Of("https://hub.example.nhs.uk/");
        hub.IsHttps.ShouldBeTrue();
        hub.Origin.ShouldBe("https://hub.example.nhs.uk");
        hub.Host.ToString().ShouldBe("hub.example.nhs.uk");
    }

    private static PublicAddress Of(string address) => new(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("PublicBaseUrl", (string?)address)]).Build());
}
