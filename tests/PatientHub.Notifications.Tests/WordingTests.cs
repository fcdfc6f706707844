using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Templates;
using PatientHub.ServiceDefaults;
using PatientHub.Simulators.Messages;
using Channel = PatientHub.Notifications.Contracts.Channel;

namespace PatientHub.Notifications.Tests;

/// <summary>A25, R4, R17: what messages say and never say.</summary>
public sealed class WordingTests
{
    private const string Token = "k3J9vQm2XbTz7LwRf5HcYg";
    private static readonly DateTimeOffset Start = new(2026, 12, 9, 14, 30, 0, TimeSpan.Zero);
    // Compiling the templates takes a second: once for all.
    private static readonly Wording Shipped = new(new MessageTemplates(NullLogger<MessageTemplates>.Instance), Options.Create(new TrustOptions()), Options.Create(new HubOptions { PublicBaseUrl = new Uri("https://hub.leedsth.example") }));

    public static TheoryData<JourneyKind, int, bool, Channel> Everything()
    {
        var data = new TheoryData<JourneyKind, int, bool, Channel>();
        foreach (var channel in Enum.GetValues<Channel>())
        {
            foreach (var (kind, step, withAppointment) in ((JourneyKind, int, bool)[])[(JourneyKind.Invitation, 0, true), (JourneyKind.Invitation, 1, true), (JourneyKind.Invitation, 0, false),
                (JourneyKind.Invitation, 2, false), (JourneyKind.AppointmentReminder, 7, true), (JourneyKind.Moved, 0, true), (JourneyKind.Cancelled, 0, true), (JourneyKind.NotReached, 0, true)])
                data.Add(kind, step, withAppointment, channel);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Every_message_names_the_patient_the_trust_and_the_link_but_no_clinic(JourneyKind kind, int step, bool withAppointment, Channel channel)
    {
        var worded = Of(Step(kind, step, withAppointment), channel, Contact(uvc: "K7P2QX"), withAppointment ? Standing() : null);
        var everything = $"{worded.Subject}\n{worded.Body}\n{worded.Html}";
        everything.ShouldNotContain("Oncology");
        everything.ShouldNotContain("{{");
        worded.Body.ShouldContain($"https://hub.leedsth.example/p/{Token}");
        worded.Body.ShouldContain("K7P2QX"); // R17
        worded.Body.ShouldContain(channel == Channel.Sms ? "Leeds Hospitals" : "Leeds Teaching Hospitals NHS Trust");
        worded.Body.ShouldStartWith(channel == Channel.Sms ? "Arthur, " : "Dear Arthur,");
        worded.Body.ShouldNotContain("\n\n\n");

        // The patient's list: word for word, without link token and code.
        $"{worded.KeptSubject}{worded.KeptBody}".ShouldNotContain(Token);
        $"{worded.KeptSubject}{worded.KeptBody}".ShouldNotContain("K7P2QX");
        worded.KeptBody.ShouldContain("https://hub.leedsth.example/p/…");
        if (channel == Channel.Sms)
        {
            TextAlphabet.IsGsm(worded.Body).ShouldBeTrue();
            TextAlphabet.Parts(worded.Body).ShouldBeLessThanOrEqualTo(2);
        }
        else
        {
            worded.Html!.ShouldContain($"<a href=\"https://hub.leedsth.example/p/{Token}\"");
        }
    }

    [Theory]
    [InlineData(JourneyKind.AppointmentReminder)]
    [InlineData(JourneyKind.Moved)]
    [InlineData(JourneyKind.Cancelled)]
    [InlineData(JourneyKind.NotReached)]
    public void What_must_be_known_without_signing_in_is_in_the_text(JourneyKind kind)
    {
        var text = Of(Step(kind, 0, true, previousStart: kind == JourneyKind.Moved ? Start.AddDays(-2) : null), Channel.Sms, Contact(), Standing()).Body;
        text.ShouldContain("Wednesday 9 December 2026 at 2:30pm");
        text.ShouldContain("Gledhow Wing");
        text.ShouldContain("0113 496 0111");
        if (kind == JourneyKind.Moved) text.ShouldContain("Monday 7 December 2026 at 2:30pm. Do not come then.");
        if (kind == JourneyKind.Cancelled) text.ShouldContain("Do not come.");
    }

    [Theory]
    [InlineData(JourneyKind.Invitation, 0)]
    [InlineData(JourneyKind.Invitation, 1)]
    public void An_invitation_is_one_part(JourneyKind kind, int step) =>
        TextAlphabet.Parts(Of(Step(kind, step, true), Channel.Sms, Contact(), Standing()).Body).ShouldBe(1);

    [Theory] // R1, R21
    [InlineData(Channel.Sms, 0)]
    [InlineData(Channel.Email, 0)]
    [InlineData(Channel.Email, 1)]
    public void An_invitation_offers_a_change_only_where_the_pages_do(Channel channel, int step)
    {
        Of(Step(JourneyKind.Invitation, step, true), channel, Contact(), Standing()).Body.ShouldContain("change");
        var body = Of(Step(JourneyKind.Invitation, step, true), channel, Contact(), Standing() with { OffersChanges = false }).Body;
        body.ShouldNotContain("change");
        body.ShouldContain("accept");
    }

    [Fact]
    public void An_open_request_is_named_in_the_reminder()
    {
        // A28
        var standing = Standing();
        standing = standing with { Appointment = standing.Appointment with { RequestOpen = true } };
        Of(Step(JourneyKind.AppointmentReminder, 2, true), Channel.Sms, Contact(), standing).Body.ShouldContain("It is still booked");
    }

    [Theory]
    [InlineData(JourneyKind.Invitation, 0, Channel.Sms, "Arthur, you have 2 hospital appointments and 1 letter from the hospital. See them, accept them or ask to change them: ")]
    [InlineData(JourneyKind.Invitation, 0, Channel.Email, "You have 2 hospital appointments and 1 letter from the hospital. You can see them, read each letter, accept each appointment or ask for a change here:")]
    [InlineData(JourneyKind.Invitation, 1, Channel.Sms, "Arthur, a reminder of your 2 hospital appointments and 1 hospital letter: ")]
    [InlineData(JourneyKind.Invitation, 1, Channel.Email, "Please look at your 2 hospital appointments and 1 letter from the hospital here:")]
    public void A_digest_counts_and_names_no_clinic(JourneyKind kind, int step, Channel channel, string says)
    {
        var steps = new[] { Step(kind, step, true), Step(kind, step, true), Step(kind, step, false) };
        var worded = Shipped.Of(steps, channel, Contact(uvc: "K7P2QX"), Standings(steps)).ShouldNotBeNull();
        worded.Body.ShouldContain(says);
        worded.Body.ShouldContain($"https://hub.leedsth.example/p/{Token}");
        worded.Body.ShouldContain("K7P2QX");
        $"{worded.Subject}{worded.Body}{worded.Html}".ShouldNotContain("Oncology");
        worded.Body.ShouldNotContain("{{");
    }

    [Fact]
    public void Reminders_in_a_digest_name_a_phone_number_each_when_they_differ()
    {
        // A25
        var steps = new[] { Step(JourneyKind.AppointmentReminder, 2, true), Step(JourneyKind.AppointmentReminder, 2, true) };
        var standings = Standings(steps);
        standings[steps[1].AppointmentId!.Value] = standings[steps[1].AppointmentId!.Value] with { ClinicPhone = "0113 496 0222", SiteName = "Bexley Wing" };
        Shipped.Of(steps, Channel.Sms, Contact(), standings)!.Body.ShouldBe(
            "Arthur, your hospital appointments are on\n- Wednesday 9 December 2026 at 2:30pm, Gledhow Wing, phone 0113 496 0111\n- Wednesday 9 December 2026 at 2:30pm, Bexley Wing, phone 0113 496 0222\n"
            + $"Details: https://hub.leedsth.example/p/{Token}\nLeeds Hospitals");
        Shipped.Of(steps, Channel.Email, Contact(), standings)!.Body.ShouldContain("Bexley Wing\nQuestions about it: 0113 496 0222");
    }

    [Fact]
    public void A_digest_too_long_for_a_text_is_refused_and_an_email_is_not()
    {
        var steps = Enumerable.Range(0, 20).Select(_ => Step(JourneyKind.AppointmentReminder, 2, true)).ToArray();
        Shipped.Of(steps, Channel.Sms, Contact(), Standings(steps)).ShouldBeNull();
        Shipped.Of(steps, Channel.Email, Contact(), Standings(steps)).ShouldNotBeNull();
    }

    private static Dictionary<Guid, AppointmentStanding> Standings(IEnumerable<JourneyStep> steps) => steps.Where(s => s.AppointmentId is not null).ToDictionary(
        s => s.AppointmentId!.Value, s => Standing() with { Appointment = Standing().Appointment with { AppointmentId = s.AppointmentId!.Value } });

    [Fact]
    public void A_parents_phone_says_for_whom()
    {
        var contact = Contact() with { FirstName = "Amy", ThroughParent = true };
        Of(Step(JourneyKind.Invitation, 0, true), Channel.Sms, contact, Standing()).Body.ShouldStartWith("For Amy: ");
        Of(Step(JourneyKind.Invitation, 0, true), Channel.Email, contact, Standing()).Body.ShouldContain("the parent or guardian of Amy");
    }

    [Fact]
    public void A_name_cannot_add_lines_headers_or_markup()
    {
        // Checklist 118, 119
        var contact = Contact() with { FirstName = "Eve\r\nBcc: all@example.org\n<script>alert(1)</script>" };
        var email = Of(Step(JourneyKind.Invitation, 0, true), Channel.Email, contact, Standing());
        email.Subject!.ShouldNotContain("\n");
        email.Body.Split('\n').ShouldNotContain(line => line.StartsWith("Bcc:"));
        email.Html!.ShouldNotContain("<script>");
        Of(Step(JourneyKind.Invitation, 0, true), Channel.Sms, contact, Standing()).Body.Split('\n').Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("Łukasz", "Lukasz")]
    [InlineData("Zoë", "Zoe")]
    [InlineData("José", "José")] // é is in the alphabet
    [InlineData("D’Arcy", "D'Arcy")]
    [InlineData("Şerife", "Serife")]
    [InlineData("Ольга", "Ольга")] // another script stays: two parts more, but her name
    public void Names_outside_the_alphabet_are_written_plainly(string name, string expected)
    {
        // Checklist 122
        var text = Of(Step(JourneyKind.Invitation, 0, true), Channel.Sms, Contact() with { FirstName = name }, Standing()).Body;
        text.ShouldStartWith(expected + ", ");
        text.ShouldContain($"/p/{Token}");
    }

    [Fact]
    public void Parts_are_counted_as_networks_count()
    {
        foreach (var text in (string[])["", new('a', 160), new('a', 161), new('€', 80), new('€', 81), new('я', 70), new('я', 71), new('a', 306), new('a', 307), "[]{}"])
            TextAlphabet.Parts(text).ShouldBe(TextSegments.Count(text), text.Length.ToString());
    }

    [Fact]
    public void A_code_comes_first_and_the_domain_bound_line_last()
    {
        // Facts 5.5
        var worded = Shipped.OfCode(new CollectedCode { Code = "012345", Channel = "sms", Destination = "+447700900001", ExpiresAt = new DateTimeOffset(2026, 6, 1, 13, 32, 10, TimeSpan.Zero) }, Channel.Sms);
        worded.Body.ShouldBe("012345 is your Leeds Hospitals Patient Hub security code. It works until 2:32pm. We never ring to ask for it.\n\n@hub.leedsth.example #012345");
        TextAlphabet.Parts(worded.Body).ShouldBe(1);
    }

    private Worded Of(JourneyStep step, Channel channel, PatientContact contact, AppointmentStanding? standing) =>
        Shipped.Of([step], channel, contact, standing is null ? null : new Dictionary<Guid, AppointmentStanding> { [step.AppointmentId!.Value] = standing }).ShouldNotBeNull();

    private static PatientContact Contact(string? uvc = null) => new()
    {
        PatientId = Guid.CreateVersion7(),
        MaySend = true,
        LettersOnly = false,
        FirstName = "Arthur",
        ThroughParent = false,
        Mobile = "+447700900001",
        Email = "a@zaphod.example",
        Language = "en",
        LinkToken = Token,
        Uvc = uvc,
    };

    private static AppointmentStanding Standing() => new()
    {
        Appointment = new AppointmentState
        {
            AppointmentId = Guid.CreateVersion7(),
            PatientId = Guid.CreateVersion7(),
            ClinicId = Guid.CreateVersion7(),
            SourceSystem = "pas",
            SourceId = "A1",
            PasStatus = PasStatus.Booked,
            PatientRequest = PatientRequest.None,
            RequestOpen = false,
            Start = Start,
            Medium = AppointmentMedium.FaceToFace,
            ClinicMode = ClinicMode.Full,
            Invites = true,
            LetterSource = LetterSource.Template,
            PostalNoticeDays = 0,
            BookedAt = Start.AddDays(-30),
            Version = 1,
            Revision = 0,
        },
        SiteName = "Gledhow Wing",
        SiteAddress = [],
        ClinicName = "Oncology clinic",
        ClinicPhone = "0113 496 0111",
        OffersChanges = true,
    };

    private static JourneyStep Step(JourneyKind kind, int step, bool withAppointment, DateTimeOffset? previousStart = null) => new()
    {
        Id = Guid.CreateVersion7(),
        Kind = kind,
        Step = step,
        PatientId = Guid.CreateVersion7(),
        SubjectId = Guid.CreateVersion7(),
        SubjectVersion = 1,
        LetterId = Guid.CreateVersion7(),
        LetterVersion = 1,
        AppointmentId = withAppointment ? Guid.CreateVersion7() : null,
        Revision = withAppointment ? 0 : null,
        DueAt = Start,
        NextAt = Start,
        CreatedAt = Start,
        PreviousStart = previousStart,
    };
}
