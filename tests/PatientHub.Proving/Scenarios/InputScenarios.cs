using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using PatientHub.Proving.Actors;
using PatientHub.Testing;
using Shouldly;

namespace PatientHub.Proving.Scenarios;

// Checklist G and H: what comes in from outside, on the whole system.

[Checklist(103, "a mail scanner opens every link fifty times", Quick = true)]
public sealed class MailScanner : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (person, booking) = (await scene.FeedAsync(1))[0];
        await scene.LetterIsReadyAsync(booking);
        var link = await Eventually.NotNull(
            async () => (await scene.Hub.MessagesAsync(person.CodesGoTo!)).SelectMany(message => message.Body.Split([' ', '\n', '"', '<', '>'])).FirstOrDefault(word => word.Contains("/p/", StringComparison.Ordinal)),
            "no message with a link came");
        var path = new Uri(link.TrimEnd('.')).AbsolutePath;
        var before = await StateAsync(scene, booking);
        foreach (var purpose in (string[])["", "prefetch"])
        {
            await Task.WhenAll(Enumerable.Range(0, 25).Select(async _ =>
            {
                var scanner = new Browser(scene.Hub.PublicUri.ToString());
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                if (purpose.Length > 0)
                    request.Headers.Add("Sec-Purpose", purpose);
                var page = await scanner.FollowAsync(await scanner.SendAsync(request));
                page.Text.ShouldNotContain(person.Family);
                foreach (var next in page.Document.QuerySelectorAll("a[href^='/']").Select(a => a.GetAttribute("href")!).Distinct())
                    await scanner.GetAsync(next);
            }));
        }

        (await StateAsync(scene, booking)).ShouldBe(before);
    }

    /// <summary>All that a link could have changed.</summary>
    private static async Task<string> StateAsync(Scene scene, PasBooking booking)
    {
        var id = scene.Hub.Ids.Appointment("pas", booking.SourceId);
        var parts = new List<string>();
        foreach (var (database, sql) in ((string, string)[])
        [
            ("appointmentsdb", $"select version || ' ' || patient_request from appointment where id = '{id}'"),
            ("lettersdb", $"select coalesce(opened_at::text, 'unread') from letter_version where appointment_id = '{id}'"),
            ("postaldb", $"select state || ' ' || due_at from deadline where appointment_id = '{id}'"),
            ("notificationsdb", $"select count(*)::text from journey_step where appointment_id = '{id}' and state = 'Open'"),
        ])
            parts.AddRange(await scene.Db.RowsAsync(database, sql, r => r.GetString(0)));
        return string.Join('\n', parts);
    }
}

[Checklist(104, "forged headers of a proxy and of an identity; a call to a service past the gateway", Quick = true)]
public sealed class ForgedHeaders : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        var id = scene.Hub.Ids.Appointment("pas", booking.SourceId);
        var stranger = new Browser(scene.Hub.PublicUri.ToString());
        using (var request = new HttpRequestMessage(HttpMethod.Get, $"/appointments/{id}"))
        {
            foreach (var (name, value) in ((string, string)[])[("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-User", patient.Person.SourceId), ("X-Patient-Id", scene.Hub.Ids.Patient("pas", patient.Person.SourceId).ToString()), ("X-Original-URL", "/home"), ("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30.")])
                request.Headers.TryAddWithoutValidation(name, value);
            var answer = await stranger.SendAsync(request);
            ((int)answer.Status).ShouldBeOneOf(302, 303, 401);
            answer.Text.ShouldNotContain(patient.Person.Family);
        }

        using var http = new HttpClient();
        foreach (var (service, path) in ((string, string)[])[("appointments", "/api/me/appointments"), ("letters", "/api/me/letters"), ("notifications", "/api/me/messages"), ("identity", "/api/me"), ("postal", "/internal/deadlines")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(scene.Hub.Address(service), path));
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30.");
            using var answer = await http.SendAsync(request);
            ((int)answer.StatusCode).ShouldBeOneOf([401, 404], $"{service}{path}");
        }
    }
}

[Checklist(116, "neither mobile nor email: the letter goes at once", Quick = true)]
public sealed class NoContactAtAll : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var person = scene.NewPerson() with { Mobile = null, Email = null };
        var booking = scene.NewBooking(person);
        (await scene.Pas.SendAsync(person)).ShouldNotBeNull().ShouldBeInRange(200, 201);
        (await scene.Pas.SendAsync(booking)).ShouldNotBeNull().ShouldBeInRange(200, 201);
        var deadline = "never there";
        await Eventually.True(
            async () =>
            {
                deadline = (await scene.Db.RowsAsync("postaldb", $"select state || ' for ' || reason || ' due ' || due_at from deadline where appointment_id = '{scene.Hub.Ids.Appointment("pas", booking.SourceId)}'", r => r.GetString(0))).FirstOrDefault() ?? deadline;
                return deadline.StartsWith("Posted for NoContact", StringComparison.Ordinal);
            },
            "the letter was never posted at once", TimeSpan.FromSeconds(90), seen: () => deadline);
    }
}

[Checklist(117, "10 MB, ten thousand levels, a bomb of gzip, one byte a second", Quick = true)]
public sealed class HugeBodies : Scenario
{
    private const int MostGrowthMiB = 300;

    public override async Task RunAsync(Scene scene)
    {
        // Once as usual, so that what grows is not the start.
        await scene.FeedAsync(1);
        var before = MemoryMiB(scene);
        var person = scene.NewPerson();
        using var http = new HttpClient { BaseAddress = scene.Hub.MachineUri };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(scene, http));
        var huge = $$"""{"resourceType":"Patient","id":"{{person.SourceId}}","name":[{"family":"{{new string('x', 10_000_000)}}"}]}""";
        var deep = $$"""{"resourceType":"Patient","id":"{{person.SourceId}}","extension":{{string.Concat(Enumerable.Repeat("[{\"extension\":", 10_000))}}[]{{string.Concat(Enumerable.Repeat("}]", 10_000))}}}""";
        (await PutAsync(http, person, Encoding.UTF8.GetBytes(huge))).ShouldBe(413);
        (await PutAsync(http, person, Encoding.UTF8.GetBytes(deep))).ShouldBeOneOf(400, 422);
        using var bomb = new MemoryStream();
        await using (var zip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var i = 0; i < 200; i++)
                await zip.WriteAsync(new byte[1024 * 1024]);
        }

        (await PutAsync(http, person, bomb.ToArray(), "gzip")).ShouldBeOneOf(400, 413, 415);
        await DripAsync(scene);
        (MemoryMiB(scene) - before).ShouldBeLessThan(MostGrowthMiB, "nobody keeps what was refused");
        (await scene.Db.RowsAsync("identitydb", $"select count(*) from patient where source_id = '{person.SourceId}'", r => r.GetInt64(0)))[0].ShouldBe(0);
    }

    private static async Task<string> TokenAsync(Scene scene, HttpClient http)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "pas", ["client_secret"] = scene.Hub.Ready.Parameters["pas-client-secret"], ["scope"] = "fhir.write" });
        using var answer = await http.PostAsync("connect/token", form);
        return System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!.GetValue<string>();
    }

    private static async Task<int> PutAsync(HttpClient http, PasPerson person, byte[] body, string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        try
        {
            using var answer = await http.PutAsync($"fhir/Patient/{person.SourceId}", content);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException) when (body.Length > 1_000_000)
        {
            return 413; // The door was closed before all of it had been sent.
        }
    }

    /// <summary>A body that never comes: the connection is ended by the hub.</summary>
    private static async Task DripAsync(Scene scene)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, scene.Hub.PublicUri.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /sign-in HTTP/1.1\r\nHost: {scene.Hub.PublicUri.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"));
        var clock = Stopwatch.StartNew();
        var ended = EndedAsync(stream);
        while (!ended.IsCompleted && clock.Elapsed < TimeSpan.FromSeconds(60))
        {
            try
            {
                await stream.WriteAsync("1\r\nx\r\n"u8.ToArray());
            }
            catch (IOException)
            {
                break;
            }

            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(1))); // the drip is the scenario
        }

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), "a slow sender was never ended");
    }

    private static async Task EndedAsync(NetworkStream stream)
    {
        try
        {
            while (await stream.ReadAsync(new byte[1024]) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset: ended too.
        }
    }

    private static long MemoryMiB(Scene scene) => ((string[])["gateway", "identity"]).Sum(resource => long.Parse(
        File.ReadLines($"/proc/{scene.Hub.Processes.IdOf(resource)}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024);
}

[Checklist(118, "line breaks and markup in a name: one recipient, no script (119)", Quick = true)]
public sealed class OddNames : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        foreach (var (given, family) in ((string, string)[])[("Ada\r\nBcc: victim@example.org", "Clay"), ("Ada", "<script>alert(1)</script>"), ("{{7*7}}", "\"><img src=x onerror=alert(1)>")])
        {
            var person = scene.NewPerson() with { Given = given, Family = family, Email = null, Mobile = scene.NewPerson().Mobile ?? "07700 900999" };
            var status = await scene.Pas.SendAsync(person);
            if (status is 400 or 422)
                continue; // Refused with a reason: nothing of it goes anywhere.
            var booking = scene.NewBooking(person);
            await scene.Pas.SendAsync(booking);
            await scene.LetterIsReadyAsync(booking);
            var patient = scene.Online(person);
            (await patient.SignInAsync()).ShouldBeTrue(patient.Shown?.Main);
            await patient.ReadLetterAsync(booking);
            foreach (var text in (string?[])[patient.Shown?.Text, (await patient.OpenAsync("/home"))?.Text, (await patient.OpenAsync("/messages"))?.Text])
            {
                text.ShouldNotBeNull().ShouldNotContain("<script>alert", Case.Insensitive);
                text.ShouldNotContain("<img src=x", Case.Insensitive);
            }

            (await scene.Hub.MessagesAsync("victim@example.org")).ShouldBeEmpty();
            (await scene.Hub.MessagesAsync(person.CodesGoTo!)).ShouldAllBe(message => !message.Body.Contains("49", StringComparison.Ordinal) || !given.StartsWith('{'));
        }
    }
}
