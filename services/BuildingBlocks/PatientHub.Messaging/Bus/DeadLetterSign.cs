using MassTransit;

namespace PatientHub.Messaging;

/// <summary>Counts what this process has given up, so that <see cref="DeadLetterWatch"/> knows when a queue of dead letters may have come into being.</summary>
internal sealed class DeadLetterSign : IReceiveObserver
{
    private long _givenUp;

    public long GivenUp => Volatile.Read(ref _givenUp);

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context)
    {
        // Faulted and moved to _error, or taken by nobody and moved to _skipped.
        if (context.IsFaulted || !context.IsDelivered) Interlocked.Increment(ref _givenUp);
        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        Interlocked.Increment(ref _givenUp);
        return Task.CompletedTask;
    }
}
