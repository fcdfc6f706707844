using System.Net;
using System.Net.Http.Json;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Tests.Support;

namespace PatientHub.Letters.Tests;

public sealed class TemplateTests(RunningLetters letters)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LetterTemplate.StandardKey)]
    [InlineData("cancelled")] // A23
    [InlineData("not-reached")] // A9
    [InlineData("before-sixteen")] // A31
    [InlineData("sixteen")]
    public void Shipped_template_is_usable(string key)
    {
        var (title, body) = EmbeddedTemplates.Find(key).ShouldNotBeNull();
        LetterTemplate.Check(key, title, body).Refusal.ShouldBeNull();
    }

    [Fact]
    public void Every_kind_of_news_has_a_template_that_ships() =>
        Enum.GetValues<NoticeKind>().Where(kind => EmbeddedTemplates.Find(kind.TemplateKey()) is null).ShouldBeEmpty();

    [Theory]   // A31: such a letter tells of no appointment, so it has neither a date nor a clinic's number
    [InlineData("<p>{{bookingPhone}} on {{date}}</p>")]
    [InlineData("<p>{{clinicPhone}}</p>")]
    [InlineData("<p>{{trustName}}</p>")]
    public void Template_about_the_patient_that_needs_an_appointment_or_names_no_number_is_refused(string body) => LetterTemplate.Check("sixteen", "You are 16", body).Refusal.ShouldNotBeNull();

    [Theory]   // R10
    [InlineData("<p>Come on {{date}}.</p>")]
    [InlineData("<p>{{#if offersChanges}}{{clinicPhone}}{{/if}}</p>")]
    [InlineData("<p>{{#if offersAccept}}{{clinicPhone}}{{/if}}</p>")]
    [InlineData("<p>{{#if siteName}}{{clinicPhone}}{{/if}}</p>")]
    [InlineData("<p>{{#if telephone}}{{clinicPhone}}{{/if}}</p>")]
    [InlineData("<p title=\"{{clinicPhone}}\">Come</p>")]
    [InlineData("<script>{{clinicPhone}}</script>")]
    [InlineData("<!-- {{clinicPhone}} -->")]
    public void Template_without_the_phone_number_in_every_case_is_refused(string body) =>
        LetterTemplate.Check("k", "Your appointment", body).Refusal.ShouldNotBeNull().ShouldContain("telephone");

    [Theory]
    [InlineData("{{#if date}}{{clinicPhone}}")]
    [InlineData("{{clinicPhone}} {{patientName}}")]
    [InlineData("{{clinicPhone}} {{> partial}}")]
    public void Template_that_does_not_work_is_refused(string body) => LetterTemplate.Check("k", "Your appointment", body).Refusal.ShouldNotBeNull();

    [Fact]
    public async Task Saved_template_is_used_and_a_refused_one_is_not_saved()
    {
        using var admin = letters.Machine("trust.admin", "trust-admin");
        var key = $"k{Guid.CreateVersion7():n}"[..20];
        using var refused = await admin.PutAsJsonAsync($"/api/letter-templates/{key}", new LetterTemplateText { Title = "T", Body = "<p>No number</p>" }, Ct);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync(Ct)).ShouldContain("template-refused");
        (await admin.GetAsync($"/api/letter-templates/{key}", Ct)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var saved = await admin.PutAsJsonAsync($"/api/letter-templates/{key}", new LetterTemplateText { Title = "Eye clinic", Body = "<p>Special words. Ring {{clinicPhone}}.</p>" }, Ct);
        saved.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var state = Some.Appointment();
        letters.Appointments.Set(state);
        letters.Appointments.Standings[state.AppointmentId] = letters.Appointments.Standings[state.AppointmentId] with { LetterTemplate = key };
        await letters.PublishAsync(Some.Booked(state));
        var ready = await letters.EventAsync<Contracts.LetterReady>(e => e.AppointmentId == state.AppointmentId, "the letter never came");
        using var client = letters.ClientOf(state.PatientId);
        var content = (await client.GetFromJsonAsync<LetterContent>($"/api/me/letters/{ready.LetterId}", RunningLetters.Json, Ct))!;
        content.Letter.Title.ShouldBe("Eye clinic");
        content.Html.ShouldBe("<p>Special words. Ring 0113 496 0000.</p>");
    }

    [Fact]
    public async Task Only_the_trust_administrator_saves_templates()
    {
        using var pas = letters.Machine("fhir.write");
        (await pas.PutAsJsonAsync("/api/letter-templates/x", new { }, Ct)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
