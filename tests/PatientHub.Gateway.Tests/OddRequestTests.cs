using System.Net;
using System.Text;
using PatientHub.Gateway.Tests.Support;

namespace PatientHub.Gateway.Tests;

/// <summary>Requests that no page of ours sends, and random ones did: refused, never a fault (checklist 124).</summary>
public sealed class OddRequestTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private static readonly string Appointment = $"/appointments/{Samples.AppointmentId}";

    public static TheoryData<string, string> Unhandled() => new()
    {
        { "PATCH", "/rebook" }, { "DELETE", "/rebook" }, { "PUT", "" }, { "TRACE", "" }, { "PROPFIND", "/cancel" }, { "POST", "" }, { "POST", "/calendar.ics" },
    };

    [Theory, MemberData(nameof(Unhandled))]
    public async Task A_method_that_a_page_has_not_is_405_and_says_what_it_has(string method, string page)
    {
        var browser = gateway.NewBrowser();
        var home = await browser.SignInAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), Appointment + page);
        request.Headers.Add("RequestVerificationToken", home.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value"));
        var answer = await browser.SendAsync(request);
        answer.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Response.Content.Headers.Allow.ShouldContain("GET");
        answer.Heading.ShouldBe("Page not found");
    }

    [Theory] // A space alone is no value at all for a page.
    [InlineData("/p/%20")]
    [InlineData("/p/%0A")]
    [InlineData("/p/%C2%A0")]
    public async Task A_link_without_a_token_leads_to_the_sign_in(string link)
    {
        var answer = await gateway.NewBrowser().GetAsync(link);
        (answer.Status, answer.Location).ShouldBe((HttpStatusCode.SeeOther, "/sign-in"));
    }

    [Fact] // Checklist 124: the request goes on without it
    public async Task A_header_that_cannot_be_sent_on_is_left_out()
    {
        gateway.Appointments.On("PUT /fhir/Appointment/odd", () => Microsoft.AspNetCore.Http.Results.NoContent());
        using var machine = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = new Uri(gateway.MachineUrl) };
        using var request = new HttpRequestMessage(HttpMethod.Put, "/fhir/Appointment/odd") { Content = new StringContent("{}", null, "application/fhir+json") };
        request.Headers.TryAddWithoutValidation("User-Agent", "PAS in Caf\u00E9 Street");
        request.Headers.Add("X-Request-ID", "odd-1");
        using var answer = await machine.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var seen = gateway.Appointments.Requests.Last(r => r.Path == "/fhir/Appointment/odd").Headers;
        seen.Keys.ShouldNotContain("User-Agent");
        seen["X-Request-ID"].ShouldBe("odd-1");
    }

    [Fact] // Checklist 102, 124
    public async Task A_cross_site_request_that_accepts_no_json_is_refused_all_the_same()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/me{Appointment}/withdraw") { Headers = { { "Accept", "application/fhir+xml" }, { "Sec-Fetch-Site", "cross-site" } } };
        (await gateway.NewBrowser().SendAsync(request)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_head_request_is_answered_like_a_get()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/sign-in");
        (await gateway.NewBrowser().SendAsync(request)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Revision=1&x[y=2", "application/x-www-form-urlencoded")]
    [InlineData("a[=%00", "application/x-www-form-urlencoded")]
    [InlineData("Revision=%00", "application/x-www-form-urlencoded")]
    [InlineData("x", "multipart/form-data")]
    [InlineData("Revision=1", "application/x-www-form-urlencoded; charset=nonsense")]
    public async Task A_form_that_is_none_changes_nothing_and_is_no_fault(string body, string contentType)
    {
        var browser = gateway.NewBrowser();
        var home = await browser.SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/letters/{Samples.LetterId}/accept") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.Add("RequestVerificationToken", home.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value"));
        ((int)(await browser.SendAsync(request)).Status).ShouldBeInRange(300, 499);
    }
}
