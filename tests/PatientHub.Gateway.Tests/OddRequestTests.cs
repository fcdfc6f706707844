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
