using PatientHub.Identity.Contracts.Http;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Tests.Support;
using PatientHub.Simulators.Behaviour;
using PatientHub.Testing;

namespace PatientHub.Notifications.Tests;

/// <summary>Checklist 126: a whole story, its faults included, and no trace of a person in logs, spans, events or the outbox.</summary>
public sealed class PrivacyTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly NotificationsSystem _system = fixture.System;

    [Fact]
    public async Task No_name_contact_token_or_code_leaves_in_logs_or_spans()
    {
        var plain = new Story(_system, contact: c => c with { FirstName = "Slartibartfast", Uvc = "Q9W8E7" });
        var hanging = new Story(_system, contact: c => c with { FirstName = "Slartibartfast" });
        var dead = new Story(_system, contact: c => c with { FirstName = "Slartibartfast" });
        _system.Outside.Behaviours.Set(hanging.Mobile, Behaves.TimesOut, times: 1);
        _system.Outside.Behaviours.Set(dead.Mobile, Behaves.Landline);
        _system.Outside.Behaviours.Set(dead.Email, Behaves.InvalidAddress);
        foreach (var story in (Story[])[plain, hanging, dead]) await story.BeginAsync();
        const string number = "+447700904242";
        var codeId = Guid.CreateVersion7();
        _system.Owners.Codes[codeId] = new CollectedCode { Code = "908172", Channel = "sms", Destination = number, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) };
        await _system.PublishAsync(new SendSignInCode { CodeId = codeId, ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(150) });

        await _system.MessageToAsync(number);
        await _system.MessageToAsync(plain.Mobile);
        await _system.MessageToAsync(hanging.Mobile);
        await Eventually.True(() => _system.Heard<NotificationUndeliverable>().Any(e => e.PatientId == dead.PatientId && e.AllChannelsFailed), "the dead contact was never found out");
        await Eventually.True(() => _system.To(number)[0].Redacted, "the code was never removed at the provider");

        string[] personal = ["Slartibartfast", "Q9W8E7", "908172", number, number[1..], .. new[] { plain, hanging, dead }.SelectMany(s => new[] { s.Mobile, s.Mobile[1..], s.Email, s.LinkToken })];
        var log = string.Join('\n', _system.Logs.Lines);
        var spans = string.Join('\n', _system.Spans.Select(span => $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))} "
            + string.Join(' ', span.Events.SelectMany(e => e.Tags).Select(tag => $"{tag.Key}={tag.Value}"))));
        log.ShouldContain("Due steps"); // the net catches something
        spans.ShouldContain("Messages");
        foreach (var value in personal)
        {
            log.ShouldNotContain(value);
            spans.ShouldNotContain(value);
            spans.ShouldNotContain(Uri.EscapeDataString(value));
        }

        (await _system.ScalarAsync<long>("select count(*) from message where body ~ $1", $"{plain.LinkToken}|Q9W8E7|908172")).ShouldBe(0);
    }
}
