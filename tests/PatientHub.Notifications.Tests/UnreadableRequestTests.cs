using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PatientHub.Notifications.Tests.Support;

namespace PatientHub.Notifications.Tests;

/// <summary>A body that cannot be read is the client's fault (400, with what is wrong); an operator sees no error of it. As every service answers.</summary>
public sealed class UnreadableRequestTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Theory]
    [InlineData("{\"preferredChannel\":\n \"Sms\", ", "application/json", "line 2")]
    [InlineData("{\"preferredChannel\":\n \"Pigeon\"}", "application/json", "line 2")]
    [InlineData("not json", "application/json", "line 1")]
    [InlineData("", "application/json", "cannot be read")]
    [InlineData("null", "application/json", "cannot be read")]
    [InlineData("{\"optedOut\":", "text/html", "line 1")]
    [InlineData("{\"optedOut\":", "application/fhir+xml", "line 1")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[", "*/*", "line 1")]
    public async Task A_body_that_is_no_json_is_refused_with_its_place_and_without_an_error_in_the_log(string body, string accept, string place)
    {
        var logged = _system.Logs.Lines.Count;
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_system.Address, "api/me/preferences")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _system.Tokens.PatientToken(Guid.CreateVersion7()));
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await _system.Http.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        problem.GetProperty("code").GetString().ShouldBe("bad-request");
        problem.GetProperty("detail").GetString()!.ShouldContain(place);
        problem.GetProperty("detail").GetString()!.ShouldNotContain("Pigeon");
        _system.Logs.Lines.Skip(logged).ShouldNotContain(line => IsAlarm(line) && (line.Contains("Diagnostics", StringComparison.Ordinal) || line.Contains("Kestrel", StringComparison.Ordinal)));
    }

    private static bool IsAlarm(string line) => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal);
}
