using MassTransit;
using PatientHub.Notifications.Contracts;

namespace PatientHub.PostalFallback.Consumers;

/// <summary>T0 (A1): the first invitation moves the deadline once to T0 + 72 h, never later than it was. In batches: a campaign sends them by the thousand.</summary>
internal sealed class InvitationSentConsumer(PatientPost post) : IConsumer<Batch<InvitationSent>>
{
    public async Task Consume(ConsumeContext<Batch<InvitationSent>> context)
    {
        var (sent, ct) = (context.Message.Select(message => message.Message).OrderBy(invitation => invitation.OccurredAt).ToList(), context.CancellationToken);
        var patients = await post.LockAsync(sent.Select(invitation => invitation.PatientId), ct);
        var letters = await post.LettersAsync([.. sent.Select(invitation => (invitation.LetterId, invitation.PatientId))], ct);
        foreach (var invitation in sent)
            letters[invitation.LetterId].Invite(invitation.LetterVersion, invitation.OccurredAt);
        await post.LookAtLettersAsync([.. sent.GroupBy(invitation => invitation.LetterId).Select(same => (patients[same.Last().PatientId], letters[same.Key]))], ct);
    }
}
