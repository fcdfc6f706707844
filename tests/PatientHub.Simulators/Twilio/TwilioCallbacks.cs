using System.Globalization;
using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Messages;

namespace PatientHub.Simulators.Twilio;

/// <summary>Moves accepted texts through their states and reports each to the StatusCallback, signed.</summary>
internal sealed class TwilioCallbacks(SimulatorsOptions options, MessageBook book, MessageLives lives, TimeProvider time)
{
    public void Begin(string sid, string accountSid, Behaves behaves) => lives.Begin(sid, async cancellation =>
    {
        var late = new List<Report>();
        foreach (var step in TwilioLife.Of(behaves))
        {
            await lives.PauseAsync(options.StepDelay, cancellation);
            var now = time.GetUtcNow();
            var message = book.Change(sid, text => text with
            {
                Status = step.Status,
                ErrorCode = step.ErrorCode,
                UpdatedAt = now,
                SentAt = text.SentAt ?? (step.Status == "failed" ? null : now),
                Lost = step.ErrorCode is not null,
            });
            if (message.StatusCallback is null || behaves == Behaves.NoCallbacks)
                continue;

            var report = new Report(message.StatusCallback, Form(message, accountSid, now));
            if (behaves is Behaves.OutOfOrderCallbacks or Behaves.LateCallbacks)
            {
                late.Add(report);
                continue;
            }

            await SendAsync(sid, report, cancellation);
            if (behaves == Behaves.DuplicateCallbacks)
                await SendAsync(sid, report, cancellation);
        }

        if (behaves == Behaves.LateCallbacks)
            await lives.PauseAsync(options.LateBy, cancellation);
        else
            late.Reverse();
        foreach (var report in late)
            await SendAsync(sid, report, cancellation);
    });

    private async Task SendAsync(string sid, Report report, CancellationToken cancellation)
    {
        // Twilio tries once more when it gets no answer at all; an answer, even a 500, is final.
        var answered = await lives.ReportAsync(sid, report.Form["MessageStatus"], Request, cancellation);
        if (!answered && book.Find(sid)!.Callbacks[^1].HttpStatus is null)
            await lives.ReportAsync(sid, report.Form["MessageStatus"], Request, cancellation);

        HttpRequestMessage Request() => new(HttpMethod.Post, report.Url)
        {
            Content = new FormUrlEncodedContent(report.Form),
            Headers = { { "X-Twilio-Signature", TwilioSignature.Of(options.TwilioAuthToken, report.Url, report.Form) }, { "User-Agent", "TwilioProxy/1.1" } },
        };
    }

    private static Dictionary<string, string> Form(ReceivedMessage message, string accountSid, DateTimeOffset now)
    {
        var form = new Dictionary<string, string>
        {
            ["SmsSid"] = message.Id,
            ["SmsStatus"] = message.Status,
            ["MessageStatus"] = message.Status,
            ["To"] = message.To,
            ["MessageSid"] = message.Id,
            ["AccountSid"] = accountSid,
            ["From"] = message.From,
            ["ApiVersion"] = "2010-04-01",
        };
        if (message.MessagingServiceSid is { } service)
            form["MessagingServiceSid"] = service;
        if (message.ErrorCode is { } code)
            form["ErrorCode"] = code.ToString(CultureInfo.InvariantCulture);
        if (message.Status == "delivered")
            form["RawDlrDoneDate"] = now.ToString("yyMMddHHmm", CultureInfo.InvariantCulture);
        return form;
    }

    private sealed record Report(string Url, Dictionary<string, string> Form);
}
