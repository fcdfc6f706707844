using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PatientHub.Messaging;

/// <summary>What the broker said to one publish.</summary>
internal enum Outcome
{
    /// <summary>Nothing, until the time-out or the end of the channel: it may be there or not.</summary>
    Unknown,

    /// <summary>At least one queue has it on disk.</summary>
    Confirmed,

    /// <summary>No queue takes it (mandatory).</summary>
    Unroutable,

    /// <summary>The broker could not take it (nack: queue full, no leader).</summary>
    Refused,
}

/// <summary>A message ready for the wire.</summary>
internal sealed record WireMessage(string Exchange, string RoutingKey, bool Mandatory, BasicProperties Properties, ReadOnlyMemory<byte> Body);

/// <summary>
/// Publishes a whole batch without waiting for single confirms, then waits once for all of them. The window is the batch. Confirms are counted here and not by the
/// client library, whose tracking writes a header of its own (x-dotnet-pub-seq-no) into every message and keeps a task per message.
/// </summary>
internal sealed class ConfirmChannel : IAsyncDisposable
{
    private readonly IChannel _channel;
    private readonly Lock _gate = new();
    private ulong _published;
    private Window? _window;
    private volatile bool _broken;

    public ConfirmChannel(IChannel channel)
    {
        _channel = channel;
        channel.BasicAcksAsync += (_, ack) => Settle(ack.DeliveryTag, ack.Multiple, Outcome.Confirmed);
        channel.BasicNacksAsync += (_, nack) => Settle(nack.DeliveryTag, nack.Multiple, Outcome.Refused);
        channel.BasicReturnAsync += (_, returned) => Returned(returned);
        channel.ChannelShutdownAsync += (_, reason) => Closed(reason);
    }

    /// <summary>False after a time-out or a closed channel: late confirms would be counted for the wrong message.</summary>
    public bool IsUsable => !_broken && _channel.IsOpen;

    /// <summary>The broker itself closed this channel because of something in it (not because the broker or the connection went away).</summary>
    public bool ClosedByBroker { get; private set; }

    /// <summary>Publishes all and returns what became of each, in order, at the latest after <paramref name="timeout"/>. Not for parallel use.</summary>
    public async Task<Outcome[]> PublishAsync(IReadOnlyList<WireMessage> messages, TimeSpan timeout)
    {
        var window = new Window(_published + 1, messages);
        lock (_gate)
        {
            _window = window;
        }

        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            foreach (var message in messages)
            {
                // The order of these calls is the order of the confirms' numbers.
                await _channel.BasicPublishAsync(message.Exchange, message.RoutingKey, message.Mandatory, message.Properties, message.Body, deadline.Token);
                _published++;
            }

            if (Sabotage.ConfirmsAreOff)
            {
                return [.. messages.Select(_ => Outcome.Confirmed)];
            }

            await window.Completed.Task.WaitAsync(deadline.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or AlreadyClosedException or OperationInterruptedException or IOException or ObjectDisposedException)
        {
            // The caller sees it by the outcomes that are still unknown.
            _broken = true;
        }

        lock (_gate)
        {
            _window = null;
            return window.Outcomes;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _broken = true;
        await _channel.AbortAsync();
        await _channel.DisposeAsync();
    }

    private Task Settle(ulong tag, bool multiple, Outcome outcome)
    {
        lock (_gate)
        {
            _window?.Settle(tag, multiple, outcome);
        }

        return Task.CompletedTask;
    }

    private Task Returned(BasicReturnEventArgs returned)
    {
        lock (_gate)
        {
            _window?.Return(returned.Exchange, returned.BasicProperties.MessageId);
        }

        return Task.CompletedTask;
    }

    private Task Closed(ShutdownEventArgs reason)
    {
        lock (_gate)
        {
            _broken = true;
            ClosedByBroker = reason.Initiator == ShutdownInitiator.Peer && reason.ReplyCode is >= 400 and < 500 and not Constants.ConnectionForced;
            _window?.Completed.TrySetException(new AlreadyClosedException(reason));
        }

        return Task.CompletedTask;
    }

    private sealed class Window(ulong first, IReadOnlyList<WireMessage> messages)
    {
        private readonly bool[] _answered = new bool[messages.Count];
        private int _open = messages.Count;
        private int _lowest;

        public Outcome[] Outcomes { get; } = new Outcome[messages.Count];

        public TaskCompletionSource Completed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Settle(ulong tag, bool multiple, Outcome outcome)
        {
            if (tag < first || tag >= first + (ulong)Outcomes.Length)
            {
                return;
            }

            var last = (int)(tag - first);
            for (var i = multiple ? _lowest : last; i <= last; i++)
            {
                if (_answered[i])
                {
                    continue;
                }

                _answered[i] = true;
                _open--;

                // A returned message is confirmed as well; the return came first, and it is what counts.
                if (Outcomes[i] == Outcome.Unknown)
                {
                    Outcomes[i] = outcome;
                }
            }

            while (_lowest < _answered.Length && _answered[_lowest])
            {
                _lowest++;
            }

            if (_open == 0)
            {
                Completed.TrySetResult();
            }
        }

        public void Return(string exchange, string? messageId)
        {
            for (var i = _lowest; i < Outcomes.Length; i++)
            {
                if (Outcomes[i] == Outcome.Unknown && messages[i].Exchange == exchange && messages[i].Properties.MessageId == messageId)
                {
                    Outcomes[i] = Outcome.Unroutable;
                    return;
                }
            }
        }
    }
}
