using System.Runtime.CompilerServices;
using System.Text.Json;
using MassTransit;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;

namespace PatientHub.Notifications.Tests.Contracts;

/// <summary>Contracts change additively only: old messages lie in queues and outboxes. A golden file is never edited; a new member is added with a new file.</summary>
public sealed class GoldenTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Patient = Guid.Parse("6f0c2f6e-5a55-8c1d-9a4f-0d5a3e1b7c22");
    private static readonly Guid Appointment = Guid.Parse("b7a1c9d2-4f6e-8a31-9c55-0e2f7d8a1b34");
    private static readonly Guid Letter = Guid.Parse("019ab3f2-8c1e-7d55-9f11-3a5b1c9d0e42");

    private static readonly object[] Messages =
    [
        new InvitationSent { LetterId = Letter, LetterVersion = 2, PatientId = Patient, AppointmentId = Appointment, Revision = 1, OccurredAt = At },
        new NotificationDelivered { MessageId = Letter, PatientId = Patient, Channel = Channel.Email, OccurredAt = At },
        new NotificationUndeliverable { PatientId = Patient, Channel = Channel.Sms, ContactFailed = true, AllChannelsFailed = false, LetterId = Letter, AppointmentId = Appointment, OccurredAt = At },
        new CancellationTold { PatientId = Patient, AppointmentId = Appointment, Revision = 1, OccurredAt = At },
        new PatientOptedOut { PatientId = Patient, OccurredAt = At },
        new PatientOptedIn { PatientId = Patient, OccurredAt = At },
        new PreferencesChanged { PatientId = Patient, PreferredChannel = Channel.Sms, AlsoPost = true, OccurredAt = At },
        new SendSignInCode { CodeId = Letter, ExpiresAt = At },
    ];

    public static TheoryData<string> Names() => [.. Messages.Select(m => m.GetType().Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_message_of_the_first_day_is_still_read_and_written_the_same(string name)
    {
        var message = Messages.Single(m => m.GetType().Name == name);
        var golden = File.ReadAllText(Golden(name)).TrimEnd();
        JsonSerializer.Deserialize(golden, message.GetType(), MessageJson.Options).ShouldBe(message);
        JsonSerializer.Serialize(message, message.GetType(), MessageJson.Options).ShouldBe(golden);
        MessageUrn.ForTypeString(message.GetType()).ShouldBe($"urn:message:PatientHub.Notifications.Contracts:{name}"); // frozen with the namespace
    }

    [Fact]
    public void Every_message_has_a_golden_file() =>
        typeof(InvitationSent).Assembly.GetTypes().Where(t => t is { IsPublic: true, IsEnum: false, Namespace: "PatientHub.Notifications.Contracts" })
            .Select(t => t.Name).Order().ShouldBe(Messages.Select(m => m.GetType().Name).Order());

    private static string Golden(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, $"{name}.v1.json");
}
