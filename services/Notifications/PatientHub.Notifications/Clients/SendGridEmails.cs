using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using PatientHub.ServiceDefaults;
using SendGrid;
using SendGrid.Helpers.Mail;

namespace PatientHub.Notifications.Clients;

/// <summary>SendGrid's v3 mail with its official package. Tracking is off: a rewritten link would lead through a stranger's host.</summary>
internal sealed class SendGridEmails(HttpClient http, IOptions<SendGridOptions> options, IOptions<TrustOptions> trust) : IEmailProvider
{
    /// <summary>Custom argument with our attempt's id; it comes back at the top level of every event.</summary>
    public const string AttemptArgument = "attempt_id";

    private readonly SendGridClient _client = new(http, new SendGridClientOptions { ApiKey = options.Value.ApiKey, Host = options.Value.BaseUrl.ToString().TrimEnd('/') });

    public async Task<SendResult> SendAsync(Guid attemptId, string to, string subject, string text, string html, CancellationToken ct)
    {
        var mail = new SendGridMessage
        {
            From = new EmailAddress(options.Value.From is { Length: > 0 } from ? from : trust.Value.EmailFrom, trust.Value.Name),
            Subject = subject,
            PlainTextContent = text,
            HtmlContent = html,
        };
        mail.AddTo(to);
        mail.AddCustomArg(AttemptArgument, attemptId.ToString());
        mail.SetClickTracking(enable: false, enableText: false);
        mail.SetOpenTracking(enable: false);
        mail.SetGoogleAnalytics(enable: false);
        mail.SetSubscriptionTracking(enable: false);

        Response response;
        try
        {
            response = await _client.SendEmailAsync(mail, ct);
        }
        catch (Exception fault) when (ProviderFaults.IsOutage(fault, ct))
        {
            return new SendResult(ProviderFaults.SurelyNotSent(fault) ? SendOutcome.NotAccepted : SendOutcome.Unclear, ErrorCode: "no-answer");
        }

        var code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        return response.StatusCode switch
        {
            HttpStatusCode.Accepted or HttpStatusCode.OK => new SendResult(SendOutcome.Accepted, response.Headers.TryGetValues("X-Message-Id", out var ids) ? ids.FirstOrDefault() : null),
            HttpStatusCode.TooManyRequests => new SendResult(SendOutcome.NotAccepted, ErrorCode: code, RetryAfter: response.Headers.RetryAfter?.Delta),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound => new SendResult(SendOutcome.NotAccepted, ErrorCode: code),
            >= HttpStatusCode.InternalServerError => new SendResult(SendOutcome.Unclear, ErrorCode: code),
            // The one thing in our request that varies is the address.
            HttpStatusCode.BadRequest => new SendResult(SendOutcome.RefusedForGood, ErrorCode: code, ContactFailed: true),
            _ => new SendResult(SendOutcome.RefusedForGood, ErrorCode: code),
        };
    }
}
