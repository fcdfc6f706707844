using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Simulators.Behaviour;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>A provider that is down for long (checklist 42, 44, 48).</summary>
public sealed class OutageTests(OutageTests.ImpatientFixture fixture) : IClassFixture<OutageTests.ImpatientFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task Twilio_down_for_long_moves_to_email_and_nobody_gets_two()
    {
        _system.Outside.Behaviours.Set("texts", Behaves.ServerError);
        var stories = Enumerable.Range(0, 12).Select(_ => new Story(_system)).ToList();
        var textOnly = new Story(_system, email: false);
        await Task.WhenAll(stories.Append(textOnly).Select(story => story.BeginAsync()));
        await Eventually.True(() => stories.All(s => _system.To(s.Email).Count == 1), "the emails never went", TimeSpan.FromSeconds(120));

        // Back again: who has no email gets his text, the others nothing more.
        _system.Outside.Behaviours.Clear();
        await Eventually.True(() => _system.To(textOnly.Mobile).Count == 1, "the waiting text never went", TimeSpan.FromSeconds(90));
        foreach (var story in stories)
        {
            await _system.QuietAsync(story.PatientId);
            (_system.To(story.Email).Count + _system.To(story.Mobile).Count).ShouldBe(1);
        }

        _system.Heard<NotificationUndeliverable>().ShouldBeEmpty();
    }

    public sealed class ImpatientFixture(RabbitMqServer rabbit, PostgresServer postgres) : SystemFixture(rabbit, postgres)
    {
        protected override (string Name, string Value)[] Settings => [("Sending:SwitchChannelAfter", "00:00:03")];
    }
}
