using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Messages;

namespace PatientHub.Simulators.SendGrid;

/// <summary>SendGrid's `POST /v3/mail/send`, under `/sendgrid` and at the root (as Twilio's, for the same reason).</summary>
internal static class SendGridApi
{
    public static void MapSendGrid(this IEndpointRouteBuilder app)
    {
        app.MapPost("/sendgrid/v3/mail/send", SendAsync);
        app.MapPost("/v3/mail/send", SendAsync);
    }

    private static async Task<IResult> SendAsync(
        HttpContext context, MessageBook book, BehaviourBook behaviours, SendGridEvents events, SimulatorsOptions options, TimeProvider time)
    {
        if (context.Request.Headers.Authorization.ToString() != "Bearer " + options.SendGridApiKey)
            return SendGridError.Result(401, "The provided authorization grant is invalid, expired, or revoked");
        if (!context.Request.HasJsonContentType())
            return SendGridError.Result(415, "Content-Type should be application/json.");

        JsonDocument body;
        try
        {
            await using var content = context.Request.Headers.ContentEncoding == "gzip"
                ? new GZipStream(context.Request.Body, CompressionMode.Decompress)
                : context.Request.Body;
            body = await JsonDocument.ParseAsync(content, cancellationToken: context.RequestAborted);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException)
        {
            return SendGridError.Result(400, "Bad Request");
        }

        using var _ = body;
        var request = MailSendRequest.Read(body.RootElement);
        if (request.Faults.Count > 0)
            return SendGridError.Result(400, request.Faults);
        if (request.Sandbox)
            return Results.Ok();

        var script = behaviours.Take(Channel.Email, Destination.Normalise(request.Mails[0].To));
        if (script.Slowness > TimeSpan.Zero)
            await Task.Delay(script.Slowness, time, context.RequestAborted);
        switch (script.Behaves)
        {
            case Behaves.InvalidAddress:
                return SendGridError.Result(400, new SendGridError.Entry("Does not contain a valid address.", "personalizations.0.to.0.email"));
            case Behaves.TooManyRequests:
                context.Response.Headers.RetryAfter = script.RetryAfter.ToString(CultureInfo.InvariantCulture);
                return SendGridError.Result(429, "too many requests");
            case Behaves.ServerError:
                return SendGridError.Result(500, "Internal Server Error");
            case Behaves.TimesOut:
                return await BadAnswers.HangAsync(context, options, time);
            case Behaves.Resets:
                return BadAnswers.Reset(context);
        }

        var messageId = RandomNumberGenerator.GetHexString(22, lowercase: true);
        var now = time.GetUtcNow();
        foreach (var (index, mail) in request.Mails.Index())
        {
            var message = new ReceivedMessage
            {
                Id = $"{messageId}.recv.{index}",
                Channel = Channel.Email,
                To = Destination.Normalise(mail.To),
                From = mail.From,
                FromName = mail.FromName,
                Subject = mail.Subject,
                Body = mail.Text,
                Html = mail.Html,
                CreatedAt = now,
                UpdatedAt = now,
                Status = "accepted",
                References = mail.CustomArguments,
                TrackingOff = mail.TrackingOff,
            };
            book.Add(message);
            events.Begin(message, script.Behaves);
        }

        switch (script.Behaves)
        {
            case Behaves.AcceptsThenTimesOut:
                return await BadAnswers.HangAsync(context, options, time);
            case Behaves.AcceptsThenServerError:
                return SendGridError.Result(500, "Internal Server Error");
            case Behaves.AcceptsThenResets:
                return BadAnswers.Reset(context);
            case Behaves.Drips:
                context.Response.Headers["X-Message-Id"] = messageId;
                return await BadAnswers.DripAsync(context, StatusCodes.Status202Accepted, "{ }", options, time);
            case Behaves.Garbage:
                return BadAnswers.Garbage(StatusCodes.Status200OK);
            default:
                context.Response.Headers["X-Message-Id"] = messageId;
                return Results.StatusCode(StatusCodes.Status202Accepted);
        }
    }
}
