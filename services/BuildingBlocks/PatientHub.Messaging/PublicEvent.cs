namespace PatientHub.Messaging;

/// <summary>
/// What integrators see of an event: a thin CloudEvent in binary mode on the topic exchange <c>patienthub.events</c>. The context attributes (id, type, source,
/// time, specversion, traceparent) are set by the dispatcher; the id is the internal message's id.
/// </summary>
/// <param name="subject">What the event is about, as <c>appointment/{id}</c>: integrators order events by it.</param>
/// <param name="data">The body: ids, states, instants, the source's own id of the thing. Nothing personal.</param>
public sealed class PublicEvent(string subject, object data)
{
    /// <summary>CloudEvents <c>subject</c>.</summary>
    public string Subject { get; } = subject;

    /// <summary>Serialised as the JSON body with <see cref="MessageJson.Options"/>.</summary>
    public object Data { get; } = data;
}
