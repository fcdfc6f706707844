using System.Net;
using PatientHub.Gateway.Tests.Support;

namespace PatientHub.Gateway.Tests;

public sealed class EdgeTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private readonly HttpClient _machine = new() { BaseAddress = new Uri(gateway.MachineUrl) };

    [Theory]
    [InlineData("GET", "/internal/sign-in/attempts")]
    [InlineData("POST", "/internal/sign-in/attempts")]
    [InlineData("POST", "/internal/contacts")]
    [InlineData("GET", "//internal/contacts")]
    [InlineData("GET", "/api/me/../../internal/contacts")]
    [InlineData("GET", "/api/me/letters/..%2f..%2f..%2finternal/contacts")]
    [InlineData("GET", "/fhir/Patient/../../internal/contacts")]
    [InlineData("GET", "/INTERNAL/contacts")]
    public async Task Internal_routes_do_not_exist_at_either_door(string method, string path)
    {
        StubService[] services = [gateway.Identity, gateway.Appointments, gateway.Letters, gateway.Notifications];
        var before = services.Select(service => service.Requests.Count).ToArray();
        foreach (var door in new[] { gateway.PublicUrl, gateway.MachineUrl })
        {
            var status = await RawHttp.StatusAsync(new Uri(door), method, path);
            status.ShouldBeOneOf([404, 400, 401]);
        }
        // The gateway itself asks Identity's internal doors when somebody signs in: only what this request caused counts.
        services.SelectMany((service, i) => service.Requests.Skip(before[i])).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/fhir")]
    [InlineData("/fhir/Patient/1")]
    [InlineData("/fhir/Appointment/1")]
    [InlineData("/fhir/DocumentReference/1")]
    [InlineData("/fhir/Task")]
    [InlineData("/connect/token")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/api/clinics/1/settings")]
    [InlineData("/api/sites/1/settings")]
    public async Task Machine_doors_are_closed_on_the_public_host(string path)
    {
        var seen = gateway.Identity.Requests.Count + gateway.Appointments.Requests.Count + gateway.Letters.Requests.Count;
        var browser = gateway.NewBrowser();
        (await browser.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        using var forged = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = new Uri(gateway.MachineUrl).Authority } };
        (await browser.SendAsync(forged)).Status.ShouldBe(HttpStatusCode.NotFound, "the door is the listener, not a header");
        (gateway.Identity.Requests.Count + gateway.Appointments.Requests.Count + gateway.Letters.Requests.Count).ShouldBe(seen);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/api/me")]
    [InlineData("/webhooks/sendgrid")]
    public async Task Public_pages_are_closed_on_the_machine_host(string path) =>
        (await _machine.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Machine_routes_reach_their_owner_with_allowed_headers_only()
    {
        gateway.Appointments.On("PUT /fhir/Appointment/a1", () => Microsoft.AspNetCore.Http.Results.NoContent());
        using var request = new HttpRequestMessage(HttpMethod.Put, "/fhir/Appointment/a1") { Content = new StringContent("{}", null, "application/fhir+json") };
        request.Headers.Add("Authorization", "Bearer abc");
        request.Headers.Add("X-Forwarded-For", "10.0.0.1");
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("X-Patient-Id", "1");
        request.Headers.Add("Cookie", "a=b");
        (await _machine.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var seen = gateway.Appointments.Requests.Last(r => r.Path == "/fhir/Appointment/a1");
        seen.Headers["Authorization"].ShouldBe("Bearer abc");
        seen.Headers["Content-Type"].ShouldStartWith("application/fhir+json");
        seen.Headers.Keys.ShouldAllBe(name => !name.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase) && name != "X-Patient-Id" && name != "Cookie");
    }

    [Fact]
    public async Task Every_page_has_the_security_headers()
    {
        var browser = gateway.NewBrowser();
        foreach (var path in new[] { "/", "/sign-in", "/nowhere", "/p/Zm9vYmFyYmF6cXV4MTIzNDU2" })
        {
            var headers = (await browser.GetAsync(path)).Response.Headers;
            var policy = headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldNotContain("unsafe");
            headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
            headers.GetValues("Referrer-Policy").Single().ShouldBe("no-referrer");
            headers.Contains("Permissions-Policy").ShouldBeTrue();
            headers.CacheControl!.NoStore.ShouldBeTrue();
            headers.Contains("Server").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Pages_carry_nothing_inline_and_nothing_from_another_host()
    {
        var browser = gateway.NewBrowser();
        foreach (var path in new[] { "/", "/sign-in", "/nowhere" })
        {
            var page = await browser.GetAsync(path);
            page.Document.QuerySelectorAll("script:not([src]), style, [style], [onclick], [onload]").ShouldBeEmpty();
            page.Document.QuerySelectorAll("script[src], link[href], img[src]").Select(element => element.GetAttribute("src") ?? element.GetAttribute("href")).ShouldAllBe(url => url!.StartsWith('/') && !url.StartsWith("//"));
        }
        var css = await browser.GetAsync((await browser.GetAsync("/")).Document.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!);
        css.Status.ShouldBe(HttpStatusCode.OK);
        css.Response.Headers.CacheControl!.ToString().ShouldContain("immutable");
        css.Text.ShouldNotContain("https://");
        css.Text.ShouldNotContain("Frutiger");
    }

    [Fact]
    public async Task Unknown_addresses_get_a_helpful_page_and_machines_get_json()
    {
        var page = await gateway.NewBrowser().GetAsync("/no/such/page");
        page.Status.ShouldBe(HttpStatusCode.NotFound);
        page.Heading.ShouldBe("Page not found");
        page.Main.ShouldContain("0113 518 1823");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/nothing") { Headers = { { "Accept", "application/json" } } };
        var json = await gateway.NewBrowser().SendAsync(request);
        json.Status.ShouldBe(HttpStatusCode.NotFound);
        json.Response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_cross_site_post_is_refused_and_changes_nothing()
    {
        var browser = gateway.NewBrowser();
        var form = await browser.OpenAsync("/sign-in");
        var before = gateway.Identity.Requests.Count;
        var token = form.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        foreach (var (header, value) in new[] { ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example") })
        {
            using var request = Form(token);
            request.Headers.Add(header, value);
            var page = await browser.SendAsync(request);
            page.Status.ShouldBe(HttpStatusCode.Forbidden);
            page.Heading.ShouldBe("We could not do that");
        }
        using var json = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new StringContent("{\"Identifier\":\"07700900123\"}", null, "application/json") };
        (await browser.SendAsync(json)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.PostAsync("/sign-in", ("Identifier", "07700900123"), ("Day", "1"), ("Month", "1"), ("Year", "1990"))).Status.ShouldBe(HttpStatusCode.BadRequest, "no token");
        using var forged = Form(token[..^4] + "AAAA");
        (await browser.SendAsync(forged)).Heading.ShouldBe("This page is out of date");
        gateway.Identity.Requests.Count.ShouldBe(before);

        using var own = Form(token);
        own.Headers.Add("Sec-Fetch-Site", "same-origin");
        own.Headers.Add("Origin", "null"); // what browsers send under Referrer-Policy: no-referrer
        (await browser.SendAsync(own)).Location.ShouldBe("/sign-in/code");
    }

    [Fact] // Checklist 66, 107: a decision is made once by its service; one key for two requests is a mistake of the client
    public async Task The_same_idempotency_key_with_another_body_is_422()
    {
        var path = $"/api/me/appointments/{Samples.AppointmentId}/cancel";
        gateway.Appointments.On($"POST {path}", () => Microsoft.AspNetCore.Http.Results.NoContent());
        var browser = gateway.NewBrowser();
        var home = await browser.SignInAsync();
        var key = Guid.CreateVersion7().ToString();
        (await SendAsync(key, "better")).ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync(key, "better")).ShouldBe(HttpStatusCode.NoContent);
        var before = gateway.Appointments.Requests.Count(request => request.Path == path);
        (await SendAsync(key, "ill")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        gateway.Appointments.Requests.Count(request => request.Path == path).ShouldBe(before);
        gateway.Appointments.Requests.Last(request => request.Path == path).Body.ShouldBe("""{"revision":1,"reason":"better"}""", "the body is still there after it was compared");
        (await SendAsync(Guid.CreateVersion7().ToString(), "ill")).ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync(null, "ill")).ShouldBe(HttpStatusCode.NoContent);

        async Task<HttpStatusCode> SendAsync(string? name, string reason)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent($$"""{"revision":1,"reason":"{{reason}}"}""", System.Text.Encoding.UTF8, "application/json") };
            request.Headers.Add("RequestVerificationToken", home.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value"));
            request.Headers.Add("Accept", "application/json");
            if (name is not null)
                request.Headers.Add("Idempotency-Key", name);
            return (await browser.SendAsync(request)).Status;
        }
    }

    [Theory] // Found by random requests (checklist 124)
    [InlineData("Bearer x.y.z")]
    [InlineData("Bearer ....")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.bm90IGpzb24.")]
    [InlineData("Basic")]
    public async Task An_idempotency_key_beside_something_that_only_looks_like_a_token_goes_on_to_the_service(string authorization)
    {
        var path = $"/api/me/appointments/{Guid.CreateVersion7()}/cancel";
        gateway.Appointments.On($"POST {path}", () => Microsoft.AspNetCore.Http.Results.Unauthorized());
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("null", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.Add("Idempotency-Key", "1");
        (await gateway.NewBrowser().SendAsync(request)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_huge_form_is_refused()
    {
        var browser = gateway.NewBrowser();
        var form = await browser.OpenAsync("/sign-in");
        var page = await browser.SubmitAsync(form, "main form", ("Identifier", new string('x', 200_000)));
        page.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private static HttpRequestMessage Form(string token) => new(HttpMethod.Post, "/sign-in")
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["Identifier"] = "07700900123", ["Day"] = "1", ["Month"] = "1", ["Year"] = "1990", ["__RequestVerificationToken"] = token }),
    };
}
