using PatientHub.Appointments.Contracts;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Domain;

namespace PatientHub.Notifications.Templates;

/// <param name="Title">What is special about it.</param>
internal sealed record TemplateSample(string Title, Dictionary<string, object?> Values);

/// <summary>
/// Invented patients for previews and checks, with the values that real messages have, made by the same code. Each kind has a usual sample and the longest that is to be
/// expected; what a wording must not lack must be in every one.
/// </summary>
internal sealed class TemplateSamples(Wording wording)
{
    private const string Token = "k3J9vQm2XbTz7LwRf5HcYg";
    private static readonly DateTimeOffset Start = new(2026, 9, 30, 11, 45, 0, TimeSpan.Zero); // Wednesday 30 September 2026 at 12:45pm: as long as a date gets

    public IReadOnlyList<TemplateSample> Of(TemplateKind kind) => kind.Name switch
    {
        "code" => [new("Usual", wording.CodeValues("004217", null, null, Start))],
        "uvc" => [new("Usual", wording.CodeValues(null, "K7P2QX", "Amy", Start)), new("A long name", wording.CodeValues(null, "K7P2QX", LongName, Start)), new("Nobody named", wording.CodeValues(null, "K7P2QX", null, Start))],
        TemplateKinds.TextReply => [new("Usual", wording.TextReplyValues())],
        _ =>
        [
            Journey(kind, "Usual", "Amy", parent: false, uvc: null, far: false),
            Journey(kind, "Longest: a long name and place, a parent's phone, a User Verification Code", LongName, parent: true, uvc: "K7P2QX", far: true),
            Journey(kind, "No changes online, by telephone", "Amy", parent: false, uvc: "K7P2QX", far: false, medium: AppointmentMedium.Telephone, changes: false),
        ],
    };

    private const string LongName = "Christopher-Alexander";

    private TemplateSample Journey(TemplateKind kind, string title, string firstName, bool parent, string? uvc, bool far, AppointmentMedium medium = AppointmentMedium.FaceToFace, bool changes = true)
    {
        var steps = Steps(kind, longest: far);
        var standings = steps.Where(s => s.AppointmentId is not null).Select((step, number) => Standing(step, far, medium, changes, number)).ToDictionary(s => s.Appointment.AppointmentId);
        var contact = new PatientContact { PatientId = Guid.Empty, MaySend = true, LettersOnly = false, FirstName = firstName, ThroughParent = parent, Language = "en", LinkToken = Token, Uvc = uvc };
        return new TemplateSample(title, wording.Values(steps, contact, standings, Token, uvc));
    }

    private static JourneyStep[] Steps(TemplateKind kind, bool longest) => kind.Name switch
    {
        "invitation" => [Step(JourneyKind.Invitation, 0, true)],
        "invitation-reminder" => [Step(JourneyKind.Invitation, 1, true)],
        "new-letter" => [Step(JourneyKind.Invitation, 0, false)],
        "new-letter-reminder" => [Step(JourneyKind.Invitation, 1, false)],
        "invitations" or "invitation-reminders" => longest ? [.. Enumerable.Range(0, 12).Select(_ => Step(JourneyKind.Invitation, 0, true)), Step(JourneyKind.Invitation, 0, false), Step(JourneyKind.Invitation, 0, false)]
            : [Step(JourneyKind.Invitation, 0, true), Step(JourneyKind.Invitation, 0, true)],
        "appointment-reminder" => [Step(JourneyKind.AppointmentReminder, 7, true)],
        "appointment-reminders" => [Step(JourneyKind.AppointmentReminder, 7, true), Step(JourneyKind.AppointmentReminder, 7, true)],
        "posted" => longest ? [Step(JourneyKind.Posted, 0, true), Step(JourneyKind.Posted, 0, true)] : [Step(JourneyKind.Posted, 0, true)],
        "moved" => [Step(JourneyKind.Moved, 0, true, previously: Start.AddDays(-7))],
        "cancelled" => [Step(JourneyKind.Cancelled, 0, true)],
        "not-reached" => [Step(JourneyKind.NotReached, 0, true)],
        "contacts-end" => [Step(JourneyKind.ContactsEnd, 0, false)],
        _ => throw new InvalidOperationException($"No sample for {kind.Name}."),
    };

    private static JourneyStep Step(JourneyKind kind, int step, bool withAppointment, DateTimeOffset? previously = null) => new()
    {
        Id = Guid.CreateVersion7(),
        Kind = kind,
        Step = step,
        PatientId = Guid.Empty,
        SubjectId = Guid.CreateVersion7(),
        SubjectVersion = 1,
        AppointmentId = withAppointment ? Guid.CreateVersion7() : null,
        Revision = 0,
        DueAt = Start,
        NextAt = Start,
        CreatedAt = Start,
        PreviousStart = previously,
    };

    private static AppointmentStanding Standing(JourneyStep step, bool longest, AppointmentMedium medium, bool changes, int number) => new()
    {
        Appointment = new AppointmentState
        {
            AppointmentId = step.AppointmentId!.Value,
            PatientId = Guid.Empty,
            ClinicId = Guid.Empty,
            SourceSystem = "sample",
            SourceId = "1",
            PasStatus = PasStatus.Booked,
            PatientRequest = longest ? PatientRequest.RebookRequested : PatientRequest.None,
            RequestOpen = longest,
            Start = Start.AddHours(number),
            Medium = medium,
            ClinicMode = ClinicMode.Full,
            Invites = true,
            LetterSource = LetterSource.Template,
            PostalNoticeDays = 0,
            BookedAt = Start.AddDays(-30),
            Version = 1,
            Revision = 0,
        },
        SiteName = longest ? "General Infirmary, Jubilee Building" : "Gledhow Wing",
        SiteAddress = [],
        ClinicName = "",
        ClinicPhone = longest ? $"0113 496 011{number % 10}" : "0113 496 0111",
        ClinicPhoneHours = "Monday to Friday, 8am to 6pm",
        OffersChanges = changes,
    };
}
