using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>A31: eight weeks before 16, parent and young person are told that the contacts on record stop.</summary>
public sealed class ContactsEndTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task Each_contact_on_record_is_told_once()
    {
        var story = Child();
        var announced = Announced(story);
        await _system.PublishTimesAsync(announced, 3);
        await _system.PublishAsync(announced);
        var text = await _system.MessageToAsync(story.Mobile);
        text.Body.ShouldStartWith("For Trillian: when Trillian is 16, hospital messages stop coming to this number");
        text.Body.ShouldContain($"/p/{story.LinkToken}");
        (await _system.MessageToAsync(story.Email)).Subject.ShouldBe("Messages from the hospital when Trillian is 16");
        await _system.QuietAsync(story.PatientId);
        (_system.To(story.Mobile).Count, _system.To(story.Email).Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task The_only_contact_is_told_once_and_no_letter_is_posted_for_the_other()
    {
        var story = Child(email: false);
        await _system.PublishAsync(Announced(story));
        await _system.MessageToAsync(story.Mobile);
        await EndedAsync(story, "kind = 'ContactsEnd' and ((step = 0 and state = 'Sent') or (step = 1 and state = 'Undeliverable'))");
        _system.To(story.Mobile).Count.ShouldBe(1);
        _system.Heard<NotificationUndeliverable>().ShouldNotContain(e => e.PatientId == story.PatientId);
    }

    [Fact]
    public async Task Letters_only_and_a_birthday_that_is_over_stop_it()
    {
        var (letters, grown) = (Child(contact: c => c with { LettersOnly = true }), Child(contact: c => c with { ThroughParent = false }));
        await _system.PublishAsync(Announced(letters));
        await _system.PublishAsync(Announced(grown));
        await EndedAsync(letters, "kind = 'ContactsEnd' and state = 'Stopped' and reason = 'letters-only'");
        await EndedAsync(grown, "kind = 'ContactsEnd' and state = 'Lapsed'");
        foreach (var story in (Story[])[letters, grown])
        {
            _system.To(story.Mobile).ShouldBeEmpty();
            _system.To(story.Email).ShouldBeEmpty();
            _system.Heard<NotificationUndeliverable>().ShouldNotContain(e => e.PatientId == story.PatientId);
        }
    }

    [Fact] // R30
    public async Task Who_has_opted_out_gets_none()
    {
        var story = Child();
        await _system.ScalarAsync<long>("with new as (insert into preference (patient_id, also_post, opted_out, changed_at) values ($1, false, true, now()) returning 1) select count(*) from new", story.PatientId);
        await _system.PublishAsync(Announced(story));
        await EndedAsync(story, "kind = 'ContactsEnd' and state = 'Stopped' and reason = 'opted-out'");
        _system.To(story.Mobile).ShouldBeEmpty();
    }

    private Story Child(bool email = true, Func<PatientContact, PatientContact>? contact = null) =>
        new(_system, email: email, contact: c => (contact ?? (same => same))(c with { ThroughParent = true }));

    private Task EndedAsync(Story story, string how) => Eventually.True(async () => await _system.StepsAsync(story.PatientId, how) == 2, "the two steps did not end as they should");

    private static ContactsEndAnnounced Announced(Story story) => new() { PatientId = story.PatientId, Version = 3, OccurredAt = DateTimeOffset.UtcNow };
}
