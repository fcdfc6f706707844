using PatientHub.Notifications.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>R2, R6: the invitation and its two reminders, with the ladder in seconds.</summary>
public sealed class LadderTests(FastLadderFixture fixture) : IClassFixture<FastLadderFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task Without_an_answer_two_reminders_follow_and_no_more()
    {
        var story = await new Story(_system).BeginAsync();
        await Eventually.True(() => _system.To(story.Mobile).Count == 3, "the invitation and its two reminders never came");
        await _system.QuietAsync(story.PatientId);
        var texts = _system.To(story.Mobile).Reverse().ToList();
        texts[0].Body.ShouldNotContain("reminder");
        texts[1].Body.ShouldContain("reminder");
        texts[2].Body.ShouldContain("reminder");
        texts.ShouldAllBe(text => text.Links.Contains($"{_system.Address.ToString().TrimEnd('/')}/p/{story.LinkToken}"));
        (texts[1].CreatedAt - texts[0].CreatedAt).ShouldBeGreaterThan(TimeSpan.FromSeconds(2.8));
        (await _system.StepsAsync(story.PatientId, "kind = 'Invitation' and state = 'Sent'")).ShouldBe(3);
    }

    [Fact]
    public async Task Reminders_wait_for_Letters_and_lapse_at_the_letters_time()
    {
        // Design section 2: no reply, no reminder.
        var story = await new Story(_system).BeginAsync();
        await _system.MessageToAsync(story.Mobile);
        _system.Owners.LettersAreDown = true;
        try
        {
            await Eventually.True(async () => await _system.StepsAsync(story.PatientId, "state = 'Lapsed' and reason = 'too-late'") == 2, "the reminders never lapsed", TimeSpan.FromSeconds(90));
        }
        finally
        {
            _system.Owners.LettersAreDown = false;
        }

        _system.To(story.Mobile).Count.ShouldBe(1);
    }
}
