using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PatientHub.Simulators.Behaviour;
using PatientHub.Simulators.Messages;

namespace PatientHub.Simulators.Twilio;

/// <summary>Twilio's Messages resource (API 2010-04-01), under `/twilio` and at the root: create, fetch, list, redact, delete.</summary>
internal static class TwilioApi
{
    // The AppHost can only hand out the process's own address: there Twilio:BaseUrl has no path, as the real one has none.
    public static void MapTwilio(this IEndpointRouteBuilder app)
    {
        MapMessages(app.MapGroup("/twilio"));
        MapMessages(app);
    }

    private static void MapMessages(IEndpointRouteBuilder app)
    {
        var account = app.MapGroup("/2010-04-01/Accounts/{accountSid}").AddEndpointFilter(AuthenticateAsync);
        account.MapPost("/Messages.json", CreateAsync).DisableAntiforgery();
        account.MapGet("/Messages.json", List);
        account.MapGet("/Messages/{sid}.json", (string accountSid, string sid, MessageBook book) =>
            Existing(book, sid) is { } text ? Results.Json(TwilioMessage.Of(text, accountSid)) : TwilioError.NotFound.AsResult());
        account.MapPost("/Messages/{sid}.json", UpdateAsync).DisableAntiforgery();
        account.MapDelete("/Messages/{sid}.json", (string accountSid, string sid, MessageBook book) =>
        {
            if (Existing(book, sid) is null)
                return TwilioError.NotFound.AsResult();
            book.Change(sid, text => text with { Deleted = true });
            return Results.NoContent();
        });
    }

    private static async Task<IResult> CreateAsync(
        string accountSid, HttpContext context, MessageBook book, BehaviourBook behaviours, TwilioCallbacks callbacks, TwilioPermits permits, SimulatorsOptions options, TimeProvider time)
    {
        if (!context.Request.HasFormContentType)
            return TwilioError.Of(415, 20415, "Unsupported media type").AsResult();
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (TwilioRequest.FirstFault(form) is { } fault)
            return fault.AsResult();

        if (!permits.Take())
        {
            context.Response.Headers.RetryAfter = "1";
            return TwilioError.TooManyRequests.AsResult();
        }

        var to = form["To"].ToString();
        var script = behaviours.Take(Channel.Text, to);
        if (script.Slowness > TimeSpan.Zero)
            await Task.Delay(script.Slowness, time, context.RequestAborted);
        if (await RefusalAsync(script, context, options, time) is { } refusal)
            return refusal;

        var now = time.GetUtcNow();
        var message = new ReceivedMessage
        {
            Id = "SM" + RandomNumberGenerator.GetHexString(32, lowercase: true),
            Channel = Channel.Text,
            To = to,
            From = form["From"].ToString(),
            Body = form["Body"].ToString(),
            CreatedAt = now,
            UpdatedAt = now,
            Status = "queued",
            StatusCallback = form["StatusCallback"].ToString() is { Length: > 0 } callback ? callback : null,
            MessagingServiceSid = form["MessagingServiceSid"].ToString() is { Length: > 0 } service ? service : null,
        };
        book.Add(message);
        callbacks.Begin(message.Id, accountSid, script.Behaves);

        switch (script.Behaves)
        {
            case Behaves.AcceptsThenTimesOut:
                return await BadAnswers.HangAsync(context, options, time);
            case Behaves.AcceptsThenServerError:
                return TwilioError.Internal.AsResult();
            case Behaves.AcceptsThenResets:
                return BadAnswers.Reset(context);
            case Behaves.Drips:
                return await BadAnswers.DripAsync(context, StatusCodes.Status201Created, JsonSerializer.Serialize(TwilioMessage.Of(message, accountSid)), options, time);
            case Behaves.Garbage:
                return BadAnswers.Garbage(StatusCodes.Status201Created);
            default:
                return Results.Json(TwilioMessage.Of(message, accountSid), statusCode: StatusCodes.Status201Created);
        }
    }

    private static async Task<IResult?> RefusalAsync(Script script, HttpContext context, SimulatorsOptions options, TimeProvider time)
    {
        switch (script.Behaves)
        {
            case Behaves.InvalidAddress:
                return TwilioError.Of(400, 21211, "Invalid 'To' Phone Number").AsResult();
            case Behaves.Stopped:
                return TwilioError.Of(400, 21610, "Attempt to send to unsubscribed recipient").AsResult();
            case Behaves.NotMobile:
                return TwilioError.Of(400, 21614, "'To' number is not a valid mobile number").AsResult();
            case Behaves.TooManyRequests:
                context.Response.Headers.RetryAfter = script.RetryAfter.ToString(CultureInfo.InvariantCulture);
                return TwilioError.TooManyRequests.AsResult();
            case Behaves.ServerError:
                return TwilioError.Internal.AsResult();
            case Behaves.TimesOut:
                return await BadAnswers.HangAsync(context, options, time);
            case Behaves.Resets:
                return BadAnswers.Reset(context);
            default:
                return null;
        }
    }

    private static IResult List(string accountSid, HttpRequest request, MessageBook book)
    {
        var query = request.Query;
        string? Value(string name) => query[name].ToString() is { Length: > 0 } value ? value : null;

        var pageSize = int.TryParse(Value("PageSize"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? Math.Clamp(size, 1, 1000) : 50;
        var page = int.TryParse(Value("Page"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

        var messages = (Value("To") is { } to ? book.To(to) : book.All()).Where(message => message is { Channel: Channel.Text, Deleted: false });
        if (Value("From") is { } from)
            messages = messages.Where(message => message.From == from);

        // DateSent is a day in GMT; `DateSent>=2026-05-01` arrives as the parameter `DateSent>`, `DateSent<=...` as `DateSent<`, both inclusive.
        // A text that is still queued counts with the instant it was accepted: whoever asks "did you take it?" must find it.
        foreach (var (name, keep) in DateFilters)
        {
            if (Value(name) is not { } text)
                continue;
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var bound))
                return TwilioError.Of(400, 20001, $"Invalid parameter: {name}").AsResult();
            var hasTime = text.Length > 10;
            messages = messages.Where(message => keep(message.SentAt ?? message.CreatedAt, bound, hasTime));
        }

        var found = messages.ToList();
        var shown = found.Skip(page * pageSize).Take(pageSize).ToList();
        var path = $"/2010-04-01/Accounts/{accountSid}/Messages.json";
        string PageUri(int index) => path + QueryString.Create(
            query.Where(field => field.Key is not ("Page" or "PageSize")).SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value)))
                .Append(KeyValuePair.Create("PageSize", (string?)pageSize.ToString(CultureInfo.InvariantCulture)))
                .Append(KeyValuePair.Create("Page", (string?)index.ToString(CultureInfo.InvariantCulture))));

        return Results.Json(new Dictionary<string, object?>
        {
            ["end"] = page * pageSize + Math.Max(0, shown.Count - 1),
            ["first_page_uri"] = PageUri(0),
            ["next_page_uri"] = found.Count > (page + 1) * pageSize ? PageUri(page + 1) : null,
            ["page"] = page,
            ["page_size"] = pageSize,
            ["previous_page_uri"] = page > 0 ? PageUri(page - 1) : null,
            ["start"] = page * pageSize,
            ["uri"] = PageUri(page),
            ["messages"] = shown.Select(message => TwilioMessage.Of(message, accountSid)),
        });
    }

    private static readonly (string Name, Func<DateTimeOffset, DateTimeOffset, bool, bool> Keep)[] DateFilters =
    [
        ("DateSent", (sent, bound, hasTime) => hasTime ? sent == bound : sent.UtcDateTime.Date == bound.UtcDateTime.Date),
        ("DateSent>", (sent, bound, _) => sent >= bound),
        ("DateSent<", (sent, bound, hasTime) => hasTime ? sent <= bound : sent.UtcDateTime.Date <= bound.UtcDateTime.Date),
    ];

    private static async Task<IResult> UpdateAsync(string accountSid, string sid, HttpRequest request, MessageBook book, TimeProvider time)
    {
        if (Existing(book, sid) is null)
            return TwilioError.NotFound.AsResult();
        if (!request.HasFormContentType)
            return TwilioError.Of(415, 20415, "Unsupported media type").AsResult();
        var form = await request.ReadFormAsync();
        if (form.TryGetValue("Status", out _))
            return TwilioError.Of(400, 30409, "Only a scheduled message can be canceled").AsResult();
        if (!form.TryGetValue("Body", out var body) || body.ToString().Length > 0)
            return TwilioError.Of(400, 20001, "A body can only be redacted: Body must be empty").AsResult();

        var redacted = book.Change(sid, text => text with { Redacted = true, UpdatedAt = time.GetUtcNow() });
        return Results.Json(TwilioMessage.Of(redacted, accountSid));
    }

    private static ReceivedMessage? Existing(MessageBook book, string sid) =>
        book.Find(sid) is { Channel: Channel.Text, Deleted: false } text ? text : null;

    private static async ValueTask<object?> AuthenticateAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var options = context.RequestServices.GetRequiredService<SimulatorsOptions>();
        var accountSid = context.GetRouteValue("accountSid")?.ToString() ?? "";
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{accountSid}:{options.TwilioAuthToken}"));
        var wellFormed = accountSid.Length == 34 && accountSid.StartsWith("AC", StringComparison.Ordinal) && accountSid.Skip(2).All(char.IsAsciiHexDigit);
        if (!wellFormed || (options.TwilioAccountSid is { } known && known != accountSid) || context.Request.Headers.Authorization.ToString() != expected)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Twilio API\"";
            return TwilioError.Authenticate.AsResult();
        }

        return await next(invocation);
    }
}
