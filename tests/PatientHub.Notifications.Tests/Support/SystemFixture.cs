using PatientHub.Testing;

namespace PatientHub.Notifications.Tests.Support;

/// <summary>One running system for a class of tests; each test has patients of its own.</summary>
public class SystemFixture(RabbitMqServer rabbit, PostgresServer postgres) : IAsyncLifetime
{
    public NotificationsSystem System { get; private set; } = null!;

    protected virtual (string Name, string Value)[] Settings => [];

    public async ValueTask InitializeAsync() => System = await NotificationsSystem.StartAsync(rabbit, postgres, Settings);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return System.DisposeAsync();
    }
}

/// <summary>The ladder in seconds.</summary>
public sealed class FastLadderFixture(RabbitMqServer rabbit, PostgresServer postgres) : SystemFixture(rabbit, postgres)
{
    protected override (string Name, string Value)[] Settings =>
        [("Ladder:FirstReminderAfter", "00:00:03"), ("Ladder:SecondReminderAfter", "00:00:06"), ("Ladder:PostAfterInvitation", "00:00:20")];
}

/// <summary>What comes within an hour of a patient's message is gathered; the others' systems gather nothing.</summary>
public sealed class GatheringFixture(RabbitMqServer rabbit, PostgresServer postgres) : SystemFixture(rabbit, postgres)
{
    protected override (string Name, string Value)[] Settings => [("Digest:Window", "01:00:00")];
}

/// <summary>Messages come from a number that patients can text to.</summary>
public sealed class TwoWayFixture(RabbitMqServer rabbit, PostgresServer postgres) : SystemFixture(rabbit, postgres)
{
    public const string Number = "+447700900777";

    protected override (string Name, string Value)[] Settings => [("Twilio:TwoWayNumber", Number)];
}
