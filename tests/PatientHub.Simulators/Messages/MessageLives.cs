namespace PatientHub.Simulators.Messages;

/// <summary>
/// Runs what happens to messages after they were accepted (sent, delivered, reported), one task per message,
/// and makes the webhook calls: at most 64 at a time, so that a campaign does not become an attack on the hub.
/// </summary>
public sealed partial class MessageLives(
    IHttpClientFactory http, MessageBook book, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<MessageLives> logger)
{
    internal const string HttpClientName = "webhooks";

    private readonly SemaphoreSlim calls = new(64);

    internal void Begin(string messageId, Func<CancellationToken, Task> life) => _ = RunAsync(messageId, life);

    internal Task PauseAsync(TimeSpan pause, CancellationToken cancellation) => Task.Delay(pause, time, cancellation);

    /// <summary>Makes one call and notes the answer on the message; false when there was none or it was not a success.</summary>
    internal async Task<bool> ReportAsync(string messageId, string state, Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        await calls.WaitAsync(cancellation);
        try
        {
            using var call = request();
            using var answer = await http.CreateClient(HttpClientName).SendAsync(call, cancellation);
            Note(new CallbackReport(state, time.GetUtcNow(), (int)answer.StatusCode, null));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            Note(new CallbackReport(state, time.GetUtcNow(), null, failure is OperationCanceledException ? "no answer in 15 s" : "no connection"));
            return false;
        }
        finally
        {
            calls.Release();
        }

        void Note(CallbackReport report) => book.Change(messageId, message => message with { Callbacks = [.. message.Callbacks, report] });
    }

    private async Task RunAsync(string messageId, Func<CancellationToken, Task> life)
    {
        try
        {
            await life(lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The process ends; so do the lives of its messages.
        }
        catch (Exception failure)
        {
            Log.LifeFailed(logger, messageId, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "What happens to message {MessageId} broke off.")]
        public static partial void LifeFailed(ILogger logger, string messageId, Exception failure);
    }
}
