using Npgsql;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Templates;

namespace PatientHub.Notifications.Workers;

/// <summary>
/// Sends a sign-in code (or a User Verification Code asked for again), once.
/// <list type="number">
/// <item>A late command is dropped: nothing is sent after the code's death (R15).</item>
/// <item>Collect code and destination from Identity. It gives them once, which makes a repeated command harmless: it finds nothing.</item>
/// <item>Send at once, in the codes' own lane. Surely not taken: again, as long as <see cref="CodePatience"/> lasts. Unclear: never again by text.</item>
/// <item>The text provider is down: that counts as no mobile (R14), so the same code goes by email when Identity has named an address.</item>
/// <item>No copy of the code is kept here; the provider's is removed afterwards (<see cref="Redactions"/>).</item>
/// </list>
/// Nothing may throw after step 2: a redelivery would find the code collected.
/// </summary>
internal sealed partial class SignInCodes(
    IdentityCodes identity, NpgsqlDataSource database, DatabaseClock clock, TimeProvider time, Wording wording, ProviderLanes lanes, ITextProvider texts, IEmailProvider emails,
    IServiceScopeFactory scopes, NotificationMetrics metrics, ILogger<SignInCodes> log)
{
    private static readonly TimeSpan RedactAfterDeath = TimeSpan.FromMinutes(2);

    public async Task SendAsync(SendSignInCode command, CancellationToken ct)
    {
        // Step 1
        if (time.GetUtcNow() >= command.ExpiresAt)
        {
            Log.Late(log, command.CodeId);
            metrics.Code("late");
            return;
        }

        // Step 2
        if (await identity.CollectAsync(command.CodeId, ct) is not { } collected)
        {
            Log.Gone(log, command.CodeId);
            metrics.Code("gone");
            return;
        }

        // Steps 3 and 4
        var byText = collected.Channel == "sms";
        var result = await SendAsync(command.CodeId, collected, byText ? Channel.Sms : Channel.Email, collected.Destination, ct);
        if (result.Outcome != SendOutcome.Accepted && byText && collected.FallbackEmail is { } address)
        {
            result = await SendAsync(command.CodeId, collected, Channel.Email, address, ct);
        }

        metrics.Code(result.Outcome.ToString());
        if (result.Outcome != SendOutcome.Accepted) Log.NotSent(log, command.CodeId, result.Outcome, result.ErrorCode ?? "none");
    }

    private async Task<SendResult> SendAsync(Guid codeId, CollectedCode collected, Channel channel, string destination, CancellationToken ct)
    {
        var attemptId = Guid.CreateVersion7();
        var worded = wording.OfCode(collected, channel);
        await IntendAsync(attemptId, codeId, collected, channel, ct);
        var result = SendResult.Stale;
        var patience = new CodePatience(collected.ExpiresAt, time.GetUtcNow());
        while (time.GetUtcNow() < collected.ExpiresAt)
        {
            result = channel == Channel.Sms
                ? await lanes.CodeTexts.RunAsync(inLane => texts.SendAsync(attemptId, destination, worded.Body, TextPurpose.Code, inLane), ct)
                : await lanes.CodeEmails.RunAsync(inLane => emails.SendAsync(attemptId, destination, worded.Subject!, worded.Body, worded.Html!, inLane), ct);
            if (patience.PauseAfter(result, time.GetUtcNow()) is not { } pause) break;
            await Task.Delay(pause, time, ct);
        }

        // In a scope, and so a transaction, of its own: what is sent is sent, whatever becomes of the consumer's.
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AttemptBook>().RecordAsync([AttemptOutcome.Of(attemptId, result)], ct);
        return result;
    }

    // On a connection of its own: the row must be committed before the request leaves, and the consumer's transaction is still open.
    private async Task IntendAsync(Guid attemptId, Guid codeId, CollectedCode collected, Channel channel, CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        await using var insert = database.CreateCommand("""
            insert into attempt (id, code_id, channel, state, created_at, redact_at) values (@id, @code, @channel, 'Intent', @now, @redact)
            """);
        insert.Parameters.AddWithValue("id", attemptId);
        insert.Parameters.AddWithValue("code", codeId);
        insert.Parameters.AddWithValue("channel", channel.ToString());
        insert.Parameters.AddWithValue("now", now);
        insert.Parameters.AddWithValue("redact", channel == Channel.Sms ? collected.ExpiresAt.ToUniversalTime() + RedactAfterDeath : DBNull.Value);
        await insert.ExecuteNonQueryAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Code {CodeId}: the command came after its death and was dropped")]
        public static partial void Late(ILogger logger, Guid codeId);

        [LoggerMessage(LogLevel.Information, "Code {CodeId}: collected already or dead")]
        public static partial void Gone(ILogger logger, Guid codeId);

        [LoggerMessage(LogLevel.Warning, "Code {CodeId} was not taken by a provider: {Outcome}, {ErrorCode}")]
        public static partial void NotSent(ILogger logger, Guid codeId, SendOutcome outcome, string errorCode);
    }
}
