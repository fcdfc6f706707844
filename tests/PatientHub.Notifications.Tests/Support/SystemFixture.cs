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
