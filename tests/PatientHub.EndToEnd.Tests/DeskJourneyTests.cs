using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PatientHub.EndToEnd.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.EndToEnd.Tests;

/// <summary>The booking centre's desk in the running system: the hospital's sign-in, a patient's request, an act, the audit trail.</summary>
public sealed class DeskJourneyTests(Hub hub)
{
    private static readonly Person Zelda = new("Zelda Marchbanks", "+447700900777", "07700 900777", new DateOnly(2001, 2, 3));

    [Fact] // R22, R30, A9, A10
    public async Task An_agent_works_off_a_request_and_opts_the_patient_out()
    {
        // Somebody of this test's own, with an appointment on a day that nobody else has.
        var registered = await PostAsync("/api/pas/patients", new { given = "Zelda", family = "Marchbanks", born = "2001-02-03", mobile = "07700 900777", street = "7 Station Road", postcode = "LS1 4AP", nhsNumber = "9990548625" });
        var start = new DateTimeOffset(DateTimeOffset.UtcNow.Year + 1, 5, 4, 9, 35, 0, TimeSpan.Zero);
        await PostAsync("/api/pas/appointments", new { patientId = registered["id"]!.GetValue<string>(), clinicId = "C100001", start });

        await using var phone = await hub.PhoneAsync();
        var zelda = new Patient(hub, await phone.NewPageAsync(), Zelda);
        await zelda.OpenInvitationAsync();
        if (await zelda.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in", Exact = true }).CountAsync() > 0)
            await zelda.FollowAsync("Sign in");
        await zelda.SignInAsync();
        await zelda.Page.GetByRole(AriaRole.Heading, new() { Level = 3 }).GetByRole(AriaRole.Link).First.ClickAsync();
        var appointment = zelda.Page.Url;
        await zelda.Page.GetByRole(AriaRole.Button, new() { Name = "Ask for another time" }).ClickAsync();
        await zelda.Page.GetByLabel("Which times do not suit you?").FillAsync("Only after my shift");
        await zelda.PressAsync("Ask for another time");
        await zelda.SeeAsync("You have asked for another time");

        await using var office = await hub.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = hub.Address });
        var desk = await office.NewPageAsync();
        await SignInAsync(desk, "Priya Shah");
        var row = desk.GetByRole(AriaRole.Row).Filter(new() { HasText = "10:35am" });
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await desk.GetByText("Only after my shift").WaitForAsync();
        (await desk.ContentAsync()).ShouldNotContain("Marchbanks", Case.Sensitive, "only whoever has claimed it reads who it is");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Claim this task" }).ClickAsync();
        await desk.GetByText("Zelda Marchbanks").First.WaitForAsync();
        await desk.GetByText("+447700900777").First.WaitForAsync();
        (await desk.RunAxe()).Violations.Select(violation => violation.Id).ShouldBeEmpty();

        // A colleague reads who has it; the patient can no longer take it back.
        await using var other = await hub.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = hub.Address });
        var colleague = await other.NewPageAsync();
        await SignInAsync(colleague, "Tom Fletcher");
        await colleague.GotoAsync(new Uri(desk.Url).AbsolutePath);
        await colleague.GetByText("With Priya Shah").WaitForAsync();
        (await colleague.GetByRole(AriaRole.Button, new() { Name = "Claim this task" }).CountAsync()).ShouldBe(0);
        await zelda.Page.GotoAsync(appointment);
        await zelda.SeeAsync("You asked for another time");
        (await zelda.Page.GetByRole(AriaRole.Button, new() { Name = "I do not want" }).CountAsync()).ShouldBe(0);

        // What was sent, and an act with its reason.
        await desk.GetByRole(AriaRole.Link, new() { Name = "What was sent and posted" }).ClickAsync();
        await desk.GetByText("Invitation to read a letter").First.WaitForAsync();
        await desk.GetByRole(AriaRole.Link, new() { Name = "Opt the patient out" }).ClickAsync();
        await desk.GetByLabel("Why are you doing this?").FillAsync("asked on the phone");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Opt the patient out" }).ClickAsync();
        await desk.GetByText("The patient is opted out.").WaitForAsync();
        await desk.GetByText("Opted out: everything by post").WaitForAsync();
        await desk.GetByRole(AriaRole.Link, new() { Name = "The task" }).ClickAsync();
        await desk.GetByLabel("The patient keeps the appointment as it is").CheckAsync();
        await desk.GetByRole(AriaRole.Button, new() { Name = "Close this task" }).ClickAsync();
        await desk.GetByText("The task is closed.").WaitForAsync();
        await Eventually.True(async () =>
        {
            await zelda.Page.GotoAsync(appointment);
            return await zelda.Page.GetByText("You asked for another time").CountAsync() == 0;
        }, "the patient never saw that the request is closed");

        // The trail has it all, confirmed by the services that did it.
        await using var upstairs = await hub.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = hub.Address });
        var supervisor = await upstairs.NewPageAsync();
        await SignInAsync(supervisor, "Grace Adeyemi");
        await Eventually.True(async () =>
        {
            await supervisor.GotoAsync("/staff/acts");
            var text = await supervisor.Locator("main").InnerTextAsync();
            return text.Contains("asked on the phone", StringComparison.Ordinal) && text.Contains("Opted the patient out", StringComparison.Ordinal) && !text.Contains("Opted the patient out (not confirmed)", StringComparison.Ordinal)
                && text.Contains("Read the patient’s details", StringComparison.Ordinal) && text.Contains("Closed a task", StringComparison.Ordinal);
        }, "the audit trail never had it");
        foreach (var secret in (string[])["Marchbanks", "7700900777", "9990548625", "asked on the phone", "Only after my shift"])
        {
            hub.Telemetry.Contains(secret).ShouldBeFalse($"an exported span, log or metric carries '{secret}'");
            hub.Log.ShouldNotContain(secret);
        }
    }

    private static async Task SignInAsync(IPage page, string name)
    {
        await page.GotoAsync("/staff/tasks");
        await page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Tasks", Level = 1 }).WaitForAsync();
    }

    private async Task<JsonNode> PostAsync(string path, object body)
    {
        using var response = await hub.Simulators.PostAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
