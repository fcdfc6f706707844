using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Templates;
using PatientHub.ServiceDefaults;

namespace PatientHub.Notifications.Tests;

/// <summary>What a wording must have before it is saved (A25, R4, R10, R17), and how long a text may be.</summary>
public sealed class TemplateCheckTests
{
    private const string Good = "{{name}}your hospital appointment of {{when}} is cancelled. Do not come. Questions: {{phone}}. {{link}} {{trust}}{{#if uvc}} {{uvc}}{{/if}}";

    // Compiling them takes a second: once for all tests that only read.
    private static readonly MessageTemplates Templates = new(NullLogger<MessageTemplates>.Instance);
    private readonly TemplateCheck _check;

    public TemplateCheckTests()
    {
        var wording = new Wording(Templates, Options.Create(new TrustOptions()), Options.Create(new HubOptions { PublicBaseUrl = new Uri("https://hub.leedsth.example") }));
        _check = new TemplateCheck(new TemplateSamples(wording), wording);
    }

    public static TheoryData<string, Channel> Everything()
    {
        var data = new TheoryData<string, Channel>();
        foreach (var (kind, channel) in TemplateKinds.All.SelectMany(kind => kind.Channels.Select(channel => (kind.Name, channel)))) data.Add(kind, channel);
        return data;
    }

    [Fact] // 160 places of the GSM alphabet in one segment, 70 outside it; 153 and 67 in several
    public void A_code_in_another_alphabet_is_counted_by_seventies()
    {
        const string last = "\n\n@{{host}} #{{code}}";
        var kind = TemplateKinds.Find("code")!;
        var polish = _check.Check(kind, Channel.Sms, "pl", null, "{{code}} to kod bezpieczenstwa {{trust}} Patient Hub. Wazny do {{until24}}." + last);
        polish.Problems.ShouldBeEmpty();
        (polish.IsGsm, polish.Segments).ShouldBe((true, 1));
        polish.Samples.ShouldHaveSingleItem().Body.ShouldContain("Wazny do 12:45.");
        var russian = _check.Check(kind, Channel.Sms, "ru", null, "{{code}} — код {{trust}} Patient Hub. Действует до {{until24}}. Мы никогда не звоним, чтобы его спросить." + last);
        russian.Problems.ShouldBeEmpty();
        (russian.IsGsm, russian.Segments).ShouldBe((false, 2));
        _check.Check(kind, Channel.Sms, "ru", null, "{{code}} {{trust}} " + string.Join(' ', Enumerable.Repeat("Действует", 45)) + last).Problems.ShouldContain(problem => problem.Contains("70 to a segment", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Everything))]
    public void The_shipped_wording_passes_its_own_check(string kind, Channel channel)
    {
        var shipped = Templates.Shipped[new TemplateKey(kind, channel, MessageTemplates.English)];
        var verdict = _check.Check(TemplateKinds.Find(kind)!, channel, MessageTemplates.English, shipped.Subject, shipped.Body);
        verdict.Problems.ShouldBeEmpty();
        verdict.Samples.ShouldNotBeEmpty();
        verdict.IsGsm.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "The body has 1 to 4000 characters.")]
    [InlineData("{{clinicName}}" + Good, "There is no \"clinicName\"")] // A25
    [InlineData("{{specialty}}" + Good, "There is no \"specialty\"")]
    [InlineData("{{#with phone}}x{{/with}}" + Good, "There is no \"#with phone\"")]
    [InlineData("{{../link}}" + Good, "There is no \"../link\"")]
    [InlineData("{{{link}}}" + Good, "Three braces")]
    [InlineData("{{> partial}}" + Good, "There is no \"> partial\"")]
    [InlineData("{{#each letters}}{{/each}}" + Good, "#each is for items only")]
    [InlineData("{{#if uvc}}" + Good, "It cannot be read")]
    [InlineData("{{link" + Good, "There is no")]
    [InlineData("See https://clinic.example " + Good, "a web address that is not the patient's link")]
    [InlineData("See www.clinic.example " + Good, "a web address that is not the patient's link")]
    [InlineData("\u0007" + Good, "control characters")]
    [InlineData("{{name}}cancelled: {{when}}. {{phone}} {{trust}} {{uvc}}", "The link is missing")] // R4
    [InlineData("{{name}}cancelled: {{when}}. {{link}} {{trust}} {{uvc}}", "The phone number is missing")] // R10
    [InlineData("{{name}}cancelled. {{phone}} {{link}} {{trust}} {{uvc}}", "The date and the time are missing")]
    [InlineData("{{name}}cancelled: {{when}}. {{phone}} {{link}} {{trust}}", "The User Verification Code is missing")] // R17
    [InlineData("{{name}}cancelled: {{when}}. {{phone}} {{link}} {{uvc}}", "The trust's name is missing")] // R2
    [InlineData("Cancelled: {{when}}. {{phone}} {{link}} {{trust}} {{uvc}}", "The first name is missing")] // A25
    [InlineData("{{#if byTelephone}}{{phone}}{{/if}}{{name}}cancelled: {{when}}. {{link}} {{trust}} {{uvc}}", "The phone number is missing (sample \"Usual\")")]
    public void What_a_wording_lacks_or_must_not_have_is_said(string body, string problem) => Cancelled(body).Problems.ShouldContain(said => said.Contains(problem));

    [Fact]
    public void A_good_wording_has_no_problem_and_dates_may_be_numbers()
    {
        Cancelled(Good).Problems.ShouldBeEmpty();
        Cancelled(Good.Replace("{{when}}", "{{dateNumeric}} {{time24}}")).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Segments_are_those_of_the_longest_sample()
    {
        var gsm = Cancelled(Good);
        gsm.Segments.ShouldBe(gsm.Samples.Max(sample => TextAlphabet.Parts(sample.Body)));
        (gsm.IsGsm, gsm.MostSegments).ShouldBe((true, 3));
        var welsh = Cancelled(Good.Replace("cancelled", "wedi'i ganslo — Щ"));
        (welsh.IsGsm, welsh.MostSegments).ShouldBe((false, 6));
        welsh.Segments.ShouldBeGreaterThan(gsm.Segments);
        Cancelled(Good + new string('a', 400)).Problems.ShouldContain(said => said.Contains("segments; at most 3 are allowed"));
        Cancelled(Good + new string('Щ', 300)).Problems.ShouldContain(said => said.Contains("70 to a segment"));
    }

    [Fact]
    public void A_code_comes_with_the_domain_bound_line_and_an_email_with_a_subject()
    {
        var code = TemplateKinds.Find("code")!;
        _check.Check(code, Channel.Sms, "en", null, "{{code}} {{trust}}").Problems.ShouldContain(said => said.Contains("last line"));
        _check.Check(code, Channel.Sms, "en", null, "{{code}} {{trust}}\n\n@{{host}} #{{code}}").Problems.ShouldBeEmpty();
        _check.Check(code, Channel.Sms, "en", "Subject", "{{code}}").Problems.ShouldContain("A text has no subject.");
        _check.Check(code, Channel.Email, "en", null, "{{code}} {{trust}}").Problems.ShouldContain(said => said.Contains("subject"));
        _check.Check(code, Channel.Email, "en", "Your code", "{{code}} {{trustName}}").Samples.Single().Html!.ShouldContain("lang=\"en\"");
        _check.Check(code, Channel.Email, "ur", "Your code", "{{code}} {{trustName}}").Samples.Single().Html!.ShouldContain("dir=\"rtl\"");
    }

    [Theory]
    [InlineData("cy", "cy")]
    [InlineData("cy-GB", "cy")]
    [InlineData("CY", "cy")]
    [InlineData("pl", "en")] // one kind is missing
    [InlineData("en-GB", "en")]
    [InlineData(null, "en")]
    public void A_language_is_used_when_its_set_is_complete(string? wanted, string used)
    {
        var welsh = Templates.Shipped.Select(shipped => Saved(shipped.Key, "cy", shipped.Value));
        var polish = Templates.Shipped.Where(shipped => shipped.Key.Kind != "moved").Select(shipped => Saved(shipped.Key, "pl", shipped.Value));
        var templates = new MessageTemplates(NullLogger<MessageTemplates>.Instance);
        templates.Use([.. welsh, .. polish]);
        templates.LanguageFor(wanted).ShouldBe(used);
    }

    private CheckedTemplate Cancelled(string body) => _check.Check(TemplateKinds.Find("cancelled")!, Channel.Sms, MessageTemplates.English, null, body);

    private static MessageTemplate Saved(TemplateKey key, string language, CompiledTemplate of) => new()
    {
        Kind = key.Kind,
        Channel = key.Channel,
        Language = language,
        Version = 1,
        Subject = of.Subject,
        Body = of.Body,
        Segments = 1,
        SavedBy = "test",
        SavedAt = DateTimeOffset.UnixEpoch,
    };
}
