using Microsoft.EntityFrameworkCore;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.Notifications.Templates;

namespace PatientHub.Notifications.Workers;

/// <summary>The messages that steps have had until now. A message that no provider took is written again, perhaps about other steps; one that failed has closed its channel for them.</summary>
internal sealed class ToldBefore
{
    private readonly Dictionary<Guid, Message> _messages;
    private readonly Dictionary<(Guid StepId, Channel Channel), MessageStep> _links;
    private readonly ILookup<Guid, MessageStep> _byStep;
    private readonly ILookup<Guid, MessageStep> _byMessage;

    private ToldBefore(IReadOnlyList<Message> messages, IReadOnlyList<MessageStep> links)
    {
        _messages = messages.ToDictionary(m => m.Id);
        _links = links.ToDictionary(l => (l.StepId, l.Channel));
        _byStep = links.ToLookup(l => l.StepId);
        _byMessage = links.ToLookup(l => l.MessageId);
    }

    public static async Task<ToldBefore> ReadAsync(NotificationsDbContext db, Guid[] stepIds, CancellationToken ct)
    {
        var messageIds = await db.MessageSteps.Where(t => stepIds.Contains(t.StepId)).Select(t => t.MessageId).Distinct().ToListAsync(ct);
        if (messageIds.Count == 0) return new ToldBefore([], []);
        return new ToldBefore(await db.Messages.Where(m => messageIds.Contains(m.Id)).ToListAsync(ct), await db.MessageSteps.Where(t => messageIds.Contains(t.MessageId)).ToListAsync(ct));
    }

    public IReadOnlyList<Message> Messages(JourneyStep step) => [.. _byStep[step.Id].Select(link => _messages[link.MessageId])];

    public IReadOnlyCollection<Channel> Failed(JourneyStep step) => [.. Messages(step).Where(m => m.Status == MessageStatus.Failed).Select(m => m.Channel)];

    /// <summary>The message that tells of exactly these steps on this channel.</summary>
    public Message Carry(NotificationsDbContext db, IReadOnlyList<JourneyStep> steps, Channel channel, Worded worded, DateTimeOffset now)
    {
        var ids = steps.Select(s => s.Id).ToHashSet();
        // An open step's message on a channel that has not failed was not taken: it is written again, unless it was about other steps as well.
        var message = steps.Select(step => _links.GetValueOrDefault((step.Id, channel))).OfType<MessageStep>().Select(link => _messages[link.MessageId])
            .FirstOrDefault(m => _byMessage[m.Id].All(link => link.MessageId != m.Id || ids.Contains(link.StepId)));
        if (message is null)
        {
            message = new Message
            {
                Id = Guid.CreateVersion7(),
                PatientId = steps[0].PatientId,
                Channel = channel,
                CreatedAt = now,
                Template = worded.Template,
                Subject = worded.KeptSubject,
                Body = worded.KeptBody,
            };
            db.Messages.Add(message);
        }
        else
        {
            (message.Template, message.Subject, message.Body) = (worded.Template, worded.KeptSubject, worded.KeptBody);
        }

        foreach (var step in steps)
        {
            if (_links.GetValueOrDefault((step.Id, channel)) is { } link) link.MessageId = message.Id;
            else db.MessageSteps.Add(new MessageStep { StepId = step.Id, Channel = channel, MessageId = message.Id });
        }

        return message;
    }
}
