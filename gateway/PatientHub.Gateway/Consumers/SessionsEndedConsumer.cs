using MassTransit;
using PatientHub.Gateway.Session;
using PatientHub.Identity.Contracts;

namespace PatientHub.Gateway.Consumers;

/// <summary>Ends sessions at once when Identity says so (A24, A30, sign-out). Repeating it changes nothing, so it needs no inbox.</summary>
internal sealed partial class SessionsEndedConsumer(SessionStore sessions, ILogger<SessionsEndedConsumer> logger) : IConsumer<SessionsEnded>
{
    public async Task Consume(ConsumeContext<SessionsEnded> context)
    {
        var message = context.Message;
        var ended = await sessions.EndAllAsync(message.PatientId, message.SessionId, message.OccurredAt);
        Log.Ended(logger, ended);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "SessionsEnded: {Count} sessions ended")]
        public static partial void Ended(ILogger logger, int count);
    }
}
