using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Tests.Support;

namespace PatientHub.Identity.Tests;

/// <summary>The OAuth 2 server: who gets which token, and which door it opens.</summary>
public sealed class TokenTests(IdentitySystem identity)
{
    [Theory] // Checklist 124
    [InlineData("grant_type=client_credentials&client_id=pas&client_secret=%00", "application/x-www-form-urlencoded")]
    [InlineData("grant_type=client_credentials", "multipart/form-data")]
    public async Task A_form_that_is_none_is_a_bad_request(string body, string contentType)
    {
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await identity.SendAnonymouslyAsync(HttpMethod.Post, "/connect/token", content);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Discovery_and_keys_are_those_of_the_configured_issuer()
    {
        var configuration = JsonNode.Parse(await identity.TextOfAsync("/.well-known/openid-configuration"))!;
        configuration["issuer"]!.GetValue<string>().ShouldBe("https://patienthub.example/identity/");
        new Uri(configuration["token_endpoint"]!.GetValue<string>()).ShouldBe(new Uri(identity.Address, "/connect/token"));
        new Uri(configuration["jwks_uri"]!.GetValue<string>()).ShouldBe(new Uri(identity.Address, "/.well-known/jwks"), "keys are fetched where the document was");
        var key = JsonNode.Parse(await identity.TextOfAsync("/.well-known/jwks"))!["keys"]!.AsArray().ShouldHaveSingleItem()!;
        (key["kty"]!.GetValue<string>(), key["crv"]!.GetValue<string>(), key["alg"]!.GetValue<string>()).ShouldBe(("EC", "P-256", "ES256"));
        key["d"].ShouldBeNull();
    }

    [Fact]
    public async Task A_machine_token_carries_scope_client_and_source_system()
    {
        var token = await identity.TokenAsync("pas", "fhir.write");
        var header = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0]))!;
        (header["alg"]!.GetValue<string>(), header["typ"]!.GetValue<string>()).ShouldBe(("ES256", "at+jwt"));
        var claims = IdentitySystem.Claims(token);
        claims.GetProperty("iss").GetString().ShouldBe("https://patienthub.example/identity/");
        claims.GetProperty("aud").GetString().ShouldBe("patienthub");
        claims.GetProperty("scope").GetString().ShouldBe("fhir.write");
        claims.GetProperty("client_id").GetString().ShouldBe("pas");
        claims.GetProperty("source_system").GetString().ShouldBe("pas");
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(600);
        IdentitySystem.Claims(await identity.TokenAsync("notifications")).GetProperty("scope").GetString().ShouldBe("contacts.read codes.collect standing.read");
    }

    [Theory]
    [InlineData("pas", "wrong", "fhir.write", "invalid_client")]
    [InlineData("pas", "", "fhir.write", "invalid_request")]
    [InlineData("nobody", null, "fhir.write", "invalid_client")]
    [InlineData("pas", null, "sign-in", "invalid_scope")]
    [InlineData("booking-centre", null, "tasks trust.admin", "invalid_scope")]
    [InlineData("gateway", null, "patient", "invalid_scope")]
    [InlineData("pas", null, "everything", "invalid_scope")]
    public async Task A_wrong_secret_or_another_scope_is_refused(string client, string? secret, string scope, string error)
    {
        using var response = await identity.TokenRequestAsync(client, new() { ["grant_type"] = "client_credentials" }, scope, secret);
        response.StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized);
        JsonNode.Parse(await IdentitySystem.TextAsync(response))!["error"]!.GetValue<string>().ShouldBe(error);
    }

    [Theory]
    [InlineData(Grants.ProvenCode, "grant")]
    [InlineData(Grants.Session, "sid")]
    public async Task Patients_grants_are_the_gateways_alone(string grant, string field)
    {
        using var response = await identity.TokenRequestAsync("notifications", new() { ["grant_type"] = grant, [field] = Guid.CreateVersion7().ToString() });
        JsonNode.Parse(await IdentitySystem.TextAsync(response))!["error"]!.GetValue<string>().ShouldBe("unauthorized_client");
    }

    [Theory]
    [InlineData("password")]
    [InlineData("refresh_token")]
    [InlineData("authorization_code")]
    public async Task Other_grants_do_not_exist(string grant)
    {
        using var response = await identity.TokenRequestAsync("gateway", new() { ["grant_type"] = grant, ["username"] = "x", ["password"] = "x", ["refresh_token"] = "x", ["code"] = "x" });
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("pas", "POST", "/internal/sign-in/attempts")]
    [InlineData("gateway", "PUT", "/fhir/Patient/1")]
    [InlineData("gateway", "POST", "/internal/contacts")]
    [InlineData("gateway", "POST", "/internal/contacts/texting")]
    [InlineData("notifications", "POST", "/internal/addresses")]
    [InlineData("postal", "POST", "/internal/contacts")]
    [InlineData("gateway", "POST", "/internal/patients/standing")]
    [InlineData("gateway", "POST", "/internal/sign-in-codes/0199b0a0-0000-7000-8000-000000000000/collect")]
    [InlineData("notifications", "POST", "/internal/sessions/end")]
    [InlineData("booking-centre", "PUT", "/api/patients/0199b0a0-0000-7000-8000-000000000000/codes-by-email")]
    [InlineData("gateway", "GET", "/api/me")]
    [InlineData("gateway", "GET", "/api/quarantine")]
    public async Task A_token_opens_no_other_door(string client, string method, string path)
    {
        using var forbidden = await identity.SendAsync(client, new HttpMethod(method), path, method == "GET" ? null : Body());
        forbidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var anonymous = await identity.SendAnonymouslyAsync(new HttpMethod(method), path, method == "GET" ? null : Body());
        anonymous.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        static StringContent Body() => new("{}", Encoding.UTF8, "application/json");
    }

    [Fact]
    public async Task A_session_is_renewed_until_it_ends() // A20
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        var id = await identity.FeedAsync(patient);
        var (_, session) = await identity.SessionAsync(mobile, patient.Born);
        var renewed = (await identity.RenewAsync(session)).ShouldNotBeNull();
        var claims = IdentitySystem.Claims(renewed["access_token"]!.GetValue<string>());
        (claims.GetProperty("sub").GetString(), claims.GetProperty("sid").GetString()).ShouldBe((id.ToString(), session.ToString()));

        using var end = await identity.SendJsonAsync("gateway", HttpMethod.Post, "/internal/sessions/end", new EndSession { SessionId = session });
        end.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await identity.Bus.NextAsync<SessionsEnded>(m => m.PatientId == id)).SessionId.ShouldBe(session);
        (await identity.RenewAsync(session)).ShouldBeNull();
        using var again = await identity.SendJsonAsync("gateway", HttpMethod.Post, "/internal/sessions/end", new EndSession { SessionId = session });
        again.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await identity.RenewAsync(Guid.CreateVersion7())).ShouldBeNull();
    }

    [Fact]
    public async Task After_sixty_minutes_no_token_is_renewed_and_none_outlives_the_session() // A20
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var (_, session) = await identity.SessionAsync(mobile, patient.Born);
        (await identity.SqlAsync<bool>("select ends_at = started_at + interval '60 minutes' from session where id = $1", session)).ShouldBeTrue();
        await identity.SqlAsync<object>("update session set ends_at = now() + interval '20 seconds' where id = $1", session);
        (await identity.RenewAsync(session)).ShouldNotBeNull()["expires_in"]!.GetValue<int>().ShouldBeLessThanOrEqualTo(20);
        await identity.SqlAsync<object>("update session set ends_at = now() where id = $1", session);
        (await identity.RenewAsync(session)).ShouldBeNull();
    }

    [Fact]
    public async Task A_patients_token_opens_no_machine_door_and_a_forged_one_none_at_all()
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var (token, _) = await identity.SessionAsync(mobile, patient.Born);
        (await identity.StatusAsync(HttpMethod.Get, "/api/quarantine", token)).ShouldBe(HttpStatusCode.Forbidden);
        var parts = token.Split('.');
        var forged = parts[0] + "." + System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).Replace("\"patient\"", "\"trust.admin\""))) + "." + parts[2];
        (await identity.StatusAsync(HttpMethod.Get, "/api/quarantine", forged)).ShouldBe(HttpStatusCode.Unauthorized);
        (await identity.StatusAsync(HttpMethod.Get, "/api/me", "nonsense")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_dead_patients_token_shows_nothing() // A24
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var (token, session) = await identity.SessionAsync(mobile, patient.Born);
        await identity.FeedAsync(patient.With("deceasedBoolean", true));
        (await identity.MeAsync(token)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await identity.RenewAsync(session)).ShouldBeNull();
    }
}
