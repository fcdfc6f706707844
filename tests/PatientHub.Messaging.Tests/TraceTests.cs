using System.Collections.Concurrent;
using System.Diagnostics;
using PatientHub.Messaging.Tests.Contracts;
using PatientHub.Testing;

namespace PatientHub.Messaging.Tests;

public sealed class TraceTests(RabbitMqServer rabbit, PostgresServer postgres) : MessagingTest(rabbit, postgres)
{
    [Fact]
    public async Task Consumers_span_continues_the_trace_of_the_request()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "MassTransit" or "Requests",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var requests = new ActivitySource("Requests");
        var service = await StartServiceAsync(bus => bus.Consumes<NoteTaken, NoteTakenConsumer>());
        ActivityTraceId? seen = null;
        service.Script.BeforeSave = _ =>
        {
            seen = Activity.Current?.TraceId;
            return Task.CompletedTask;
        };

        ActivityTraceId trace;
        ActivitySpanId span;
        using (var request = requests.StartActivity("POST /accept")!)
        {
            (trace, span) = (request.TraceId, request.SpanId);
            await service.PublishAsync(Notes(1));
        }

        // A later request of somebody else: the dispatcher works for both.
        using (requests.StartActivity("GET /other"))
        {
            await service.PublishAsync(new NoteFiled { NoteId = Guid.CreateVersion7() });
        }

        await Eventually.True(async () => await service.EffectCountAsync() == 1, "the message was never consumed");
        await Eventually.True(() => spans.Any(one => one.Source.Name == "MassTransit" && one.TraceId == trace), "no span of the consumer continues the request's trace");
        seen.ShouldBe(trace);
        // Spans end from within: this one last.
        await Eventually.True(() => spans.Any(one => one.Source.Name == "MassTransit" && one.ParentSpanId == span), "the first span on the consumer's side is no child of the request's");
    }
}
