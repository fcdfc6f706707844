using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Messaging;

namespace PatientHub.Appointments.Tests.Contracts;

/// <summary>Contracts change additively only: old messages lie in queues and outboxes. A golden file is never edited; a new member is added with a new file.</summary>
public sealed class GoldenTests
{
    private static readonly AppointmentState State = new()
    {
        AppointmentId = Guid.Parse("b7a1c9d2-4f6e-8a31-9c55-0e2f7d8a1b34"),
        PatientId = Guid.Parse("6f0c2f6e-5a55-8c1d-9a4f-0d5a3e1b7c22"),
        ClinicId = Guid.Parse("1f0c2f6e-5a55-8c1d-9a4f-0d5a3e1b7c23"),
        SiteId = Guid.Parse("2f0c2f6e-5a55-8c1d-9a4f-0d5a3e1b7c24"),
        SourceSystem = "pas",
        SourceId = "A-1001",
        PasStatus = PasStatus.Booked,
        PatientRequest = PatientRequest.RebookRequested,
        RequestOpen = true,
        Answered = true,
        Start = new DateTimeOffset(2026, 12, 9, 14, 30, 0, TimeSpan.Zero),
        Medium = AppointmentMedium.FaceToFace,
        ClinicMode = ClinicMode.Full,
        Invites = true,
        LetterSource = LetterSource.Template,
        PostalNoticeDays = 3,
        BookedAt = new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero),
        Version = 7,
        Revision = 2,
    };

    private static readonly DateTimeOffset At = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid TaskId = Guid.Parse("019ab3f2-8c1e-7d55-9f11-3a5b1c9d0e42");

    public static TheoryData<string> Names() => [.. Messages.Select(m => m.GetType().Name)];

    private static readonly object[] Messages =
    [
        new AppointmentBooked { Appointment = State, OccurredAt = At },
        new AppointmentChanged { Appointment = State, RevisionRaised = true, PreviousStart = At, OccurredAt = At },
        new AppointmentCancelledByHospital { Appointment = State, AskedByPatient = true, OccurredAt = At },
        new AppointmentCompleted { Appointment = State, OccurredAt = At },
        new AppointmentAccepted { Appointment = State, OccurredAt = At },
        new RebookRequested { Appointment = State, TaskId = TaskId, OccurredAt = At },
        new CancellationRequested { Appointment = State, TaskId = TaskId, OccurredAt = At },
        new RequestWithdrawn { Appointment = State, OccurredAt = At },
        new TaskClosed { TaskId = TaskId, Code = TaskCodes.Rebook, Outcome = "kept", Appointment = State, OccurredAt = At },
        new RaiseTask { TaskId = TaskId, Code = TaskCodes.Unprintable, Alarmed = true, PatientId = State.PatientId, AppointmentId = State.AppointmentId, LetterId = TaskId, Note = "note", OccurredAt = At },
        new RecordStaffAct { ActId = TaskId, Act = StaffActs.OptOut, StaffId = "staff-001", PatientId = State.PatientId, LetterId = TaskId, OccurredAt = At },
    ];

    [Theory, MemberData(nameof(Names))]
    public void A_message_of_the_first_day_is_still_read_and_written_the_same(string name)
    {
        var message = Messages.Single(m => m.GetType().Name == name);
        var golden = File.ReadAllText(Golden(name)).TrimEnd();
        JsonSerializer.Deserialize(golden, message.GetType(), MessageJson.Options).ShouldBe(message);
        JsonSerializer.Serialize(message, message.GetType(), MessageJson.Options).ShouldBe(golden);
        MessageUrn.ForTypeString(message.GetType()).ShouldBe($"urn:message:PatientHub.Appointments.Contracts:{name}"); // frozen with the namespace
    }

    [Fact]
    public void Every_message_has_a_golden_file()
    {
        var contracts = typeof(AppointmentBooked).Assembly.GetTypes().Where(t => t is { IsPublic: true, Namespace: "PatientHub.Appointments.Contracts" } && t.GetProperty("OccurredAt") is not null);
        contracts.Select(t => t.Name).Order().ShouldBe(Messages.Select(m => m.GetType().Name).Order());
    }

    private static string Golden(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, $"{name}.v1.json");
}
