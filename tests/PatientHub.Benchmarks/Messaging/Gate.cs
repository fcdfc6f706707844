using MassTransit;

namespace PatientHub.Benchmarks.Messaging;

/// <summary>Holds consumers back until a run begins, and tells when the last message of it has been consumed, acknowledgement included.</summary>
internal sealed class Gate : IReceiveObserver
{
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left;

    public Task PassAsync() => _opened.Task;

    public void Close(int messages)
    {
        _left = messages;
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Lets them go, and waits for the last.</summary>
    public Task OpenAsync()
    {
        _opened.TrySetResult();
        return _done.Task.WaitAsync(TimeSpan.FromMinutes(10));
    }

    public Task PostReceive(ReceiveContext context)
    {
        if (Interlocked.Decrement(ref _left) == 0)
            _done.TrySetResult();
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        _done.TrySetException(exception);
        return Task.CompletedTask;
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;
}
