using System.Diagnostics;
using System.Text.Json;

namespace PatientHub.Messaging;

/// <summary>Writes messages into the scope's DbContext.</summary>
internal sealed class Outbox(ServiceDbContext service, Catalogue catalogue, OutboxSignal signal, Conversation conversation) : IOutbox
{
    public void Add<T>(T message, DateTimeOffset? notBefore = null) where T : class
    {
        ArgumentNullException.ThrowIfNull(message);
        var publication = catalogue.Of(typeof(T));
        var id = Guid.CreateVersion7();
        var trace = Activity.Current;

        Add(JsonSerializer.Serialize(message, MessageJson.Options), subject: null);
        if (publication.Projection is { } project)
        {
            // A row of its own: what an inside queue refuses does not hold up integrators, nor the other way round.
            var shown = project(message);
            Add(JsonSerializer.Serialize(shown.Data, MessageJson.Options), shown.Subject);
        }

        signal.Expect(service.Db);

        void Add(string body, string? subject) => service.Db.Add(new OutboxMessage
        {
            MessageId = id,
            Type = publication.Name,
            Body = body,
            Subject = subject,
            ConversationId = conversation.Id,
            TraceParent = trace?.IdFormat == ActivityIdFormat.W3C ? trace.Id : null,
            TraceState = trace?.TraceStateString,
            NotBefore = notBefore?.ToUniversalTime(),
        });
    }
}

/// <summary>The conversation of the message being consumed in this scope, which the messages it causes continue.</summary>
internal sealed class Conversation
{
    public Guid? Id { get; set; }
}
