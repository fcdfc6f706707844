using System.Net.Mail;
using System.Text;
using System.Text.Json;

namespace PatientHub.Simulators.SendGrid;

/// <summary>
/// Reads and checks the body of POST /v3/mail/send as SendGrid's OpenAPI document has it, with the rules that its descriptions add
/// (a subject and a content unless there is a template, plain text before HTML, 10,000 bytes of custom arguments).
/// </summary>
internal sealed class MailSendRequest
{
    private readonly List<SendGridError.Entry> faults = [];
    private readonly List<Mail> mails = [];

    internal sealed record Mail(
        string To, string From, string? FromName, string? Subject, string Text, string? Html, IReadOnlyDictionary<string, string> CustomArguments, bool TrackingOff);

    /// <summary>One per recipient.</summary>
    public IReadOnlyList<Mail> Mails => mails;

    /// <summary>What SendGrid would refuse; empty when it would take the request.</summary>
    public IReadOnlyList<SendGridError.Entry> Faults => faults;

    /// <summary>`mail_settings.sandbox_mode`: checked, then thrown away.</summary>
    public bool Sandbox { get; private set; }

    public static MailSendRequest Read(JsonElement body)
    {
        var request = new MailSendRequest();
        if (body.ValueKind != JsonValueKind.Object)
            request.Fault("", "The body must be an object.");
        else
            request.ReadBody(body);
        return request;
    }

    private void ReadBody(JsonElement body)
    {
        var from = ReadContact(body, "from", required: true);
        ReadContact(body, "reply_to", required: false);
        var subject = ReadText(body, "subject");
        var hasTemplate = ReadText(body, "template_id") is not null;
        var (text, html) = ReadContent(body, hasTemplate);
        ReadAttachments(body);
        CheckTypes(body);
        var common = ReadArguments(body, "custom_args");
        Sandbox = Setting(body, "mail_settings", "sandbox_mode") is true;
        // Both must be said: left out, the account's default decides, and that is "on".
        var trackingOff = Setting(body, "tracking_settings", "click_tracking") is false && Setting(body, "tracking_settings", "open_tracking") is false;

        if (!body.TryGetProperty("personalizations", out var personalizations) || personalizations.ValueKind != JsonValueKind.Array
            || personalizations.GetArrayLength() is 0 or > 1000)
        {
            Fault("personalizations", "The personalizations field is required and must have at least one personalization.");
            return;
        }

        var index = 0;
        foreach (var personalization in personalizations.EnumerateArray())
        {
            var path = $"personalizations.{index++}";
            if (personalization.ValueKind != JsonValueKind.Object || !personalization.TryGetProperty("to", out var recipients)
                || recipients.ValueKind != JsonValueKind.Array || recipients.GetArrayLength() == 0)
            {
                Fault(path + ".to", "The to array is required for all personalization objects, and must have at least one email object with a valid email address.");
                continue;
            }

            var ownSubject = ReadText(personalization, "subject", path) ?? subject;
            if (ownSubject is null && !hasTemplate)
                Fault("subject", "The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.");

            var arguments = new Dictionary<string, string>(common);
            foreach (var (name, value) in ReadArguments(personalization, "custom_args", path))
                arguments[name] = value;
            if (arguments.Sum(argument => Encoding.UTF8.GetByteCount(argument.Key) + Encoding.UTF8.GetByteCount(argument.Value)) > 10_000)
                Fault(path + ".custom_args", "The custom_args exceed 10000 bytes.");

            var recipientIndex = 0;
            foreach (var recipient in recipients.EnumerateArray())
            {
                var (email, _) = ReadContactObject(recipient, $"{path}.to.{recipientIndex++}");
                if (email is not null && from.Email is not null)
                    mails.Add(new Mail(email, from.Email, from.Name, ownSubject, text ?? "", html, arguments, trackingOff));
            }
        }
    }

    private (string? Text, string? Html) ReadContent(JsonElement body, bool hasTemplate)
    {
        if (!body.TryGetProperty("content", out var content))
        {
            if (!hasTemplate)
                Fault("content", "Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block.");
            return (null, null);
        }

        if (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            Fault("content", "The content parameter must be an array with at least one content block.");
            return (null, null);
        }

        string? text = null, html = null;
        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            var path = $"content.{index++}";
            var type = part.ValueKind == JsonValueKind.Object ? ReadText(part, "type", path) : null;
            var value = part.ValueKind == JsonValueKind.Object ? ReadText(part, "value", path) : null;
            if (type is null)
                Fault(path + ".type", "The content type is required.");
            else if (value is null)
                Fault(path + ".value", "The content value must be a string at least one character in length.");
            else if (type == "text/plain")
            {
                if (index != 1)
                    Fault("content", "If present, text/plain and text/html may only be provided once, and text/plain must be first.");
                text = value;
            }
            else if (type == "text/html")
                html = value;
        }

        return (text, html);
    }

    private void ReadAttachments(JsonElement body)
    {
        if (!body.TryGetProperty("attachments", out var attachments))
            return;
        if (attachments.ValueKind != JsonValueKind.Array)
        {
            Fault("attachments", "The attachments parameter must be an array.");
            return;
        }

        var index = 0;
        foreach (var attachment in attachments.EnumerateArray())
        {
            var path = $"attachments.{index++}";
            if (attachment.ValueKind != JsonValueKind.Object || ReadText(attachment, "content", path) is not { } content)
                Fault(path + ".content", "The attachment content is required.");
            else if (!Convert.TryFromBase64String(content, new byte[content.Length], out _))
                Fault(path + ".content", "The attachment content must be base64 encoded.");
            if (attachment.ValueKind != JsonValueKind.Object || ReadText(attachment, "filename", path) is null)
                Fault(path + ".filename", "The attachment filename is required.");
            if (attachment.ValueKind == JsonValueKind.Object && ReadText(attachment, "disposition", path) is { } disposition and not ("inline" or "attachment"))
                Fault(path + ".disposition", $"The disposition must be inline or attachment, not {disposition.Length} other characters.");
        }
    }

    private void CheckTypes(JsonElement body)
    {
        if (body.TryGetProperty("categories", out var categories))
        {
            var texts = categories.ValueKind == JsonValueKind.Array ? categories.EnumerateArray().ToList() : null;
            if (texts is null || texts.Any(category => category.ValueKind != JsonValueKind.String || category.GetString()!.Length > 255))
                Fault("categories", "The categories must be strings of at most 255 characters.");
            else if (texts.Count > 10 || texts.Select(category => category.GetString()).Distinct().Count() != texts.Count)
                Fault("categories", "At most 10 categories, each once.");
        }

        foreach (var name in (string[])["headers", "mail_settings", "tracking_settings", "asm"])
        {
            if (body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Object)
                Fault(name, $"The {name} parameter must be an object.");
        }

        if (body.TryGetProperty("send_at", out var sendAt) && (sendAt.ValueKind != JsonValueKind.Number || !sendAt.TryGetInt64(out _)))
            Fault("send_at", "The send_at parameter must be an integer.");
    }

    private (string? Email, string? Name) ReadContact(JsonElement parent, string name, bool required)
    {
        if (parent.TryGetProperty(name, out var contact))
            return ReadContactObject(contact, name);
        if (required)
            Fault(name + ".email", $"The {name} object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter.");
        return (null, null);
    }

    private (string? Email, string? Name) ReadContactObject(JsonElement contact, string path)
    {
        var email = contact.ValueKind == JsonValueKind.Object ? ReadText(contact, "email", path) : null;
        if (email is null || !MailAddress.TryCreate(email, out var parsed) || parsed.Address != email || !parsed.Host.Contains('.'))
        {
            Fault(path + ".email", "Does not contain a valid address.");
            return (null, null);
        }

        return (email, ReadText(contact, "name", path));
    }

    private Dictionary<string, string> ReadArguments(JsonElement parent, string name, string path = "")
    {
        var arguments = new Dictionary<string, string>();
        if (!parent.TryGetProperty(name, out var value))
            return arguments;
        // The document gives "string" for the top-level one; the service and its libraries take an object in both places.
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fault(Path(path, name), "The custom_args must be an object.");
            return arguments;
        }

        foreach (var argument in value.EnumerateObject())
        {
            if (argument.Value.ValueKind == JsonValueKind.String)
                arguments[argument.Name] = argument.Value.GetString()!;
            else
                Fault(Path(path, $"{name}.{argument.Name}"), "The custom_args must have string values.");
        }

        return arguments;
    }

    private string? ReadText(JsonElement parent, string name, string path = "")
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.String)
        {
            Fault(Path(path, name), $"The {name} must be a string.");
            return null;
        }

        if (value.GetString() is { Length: > 0 } text)
            return text;
        if (name != "name")
            Fault(Path(path, name), $"The {name} must be at least one character in length.");
        return null;
    }

    private static bool? Setting(JsonElement body, string group, string name) =>
        body.TryGetProperty(group, out var settings) && settings.ValueKind == JsonValueKind.Object
        && settings.TryGetProperty(name, out var setting) && setting.ValueKind == JsonValueKind.Object
        && setting.TryGetProperty("enable", out var enable) && enable.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? enable.GetBoolean()
            : null;

    private static string Path(string path, string name) => path.Length > 0 ? $"{path}.{name}" : name;

    private void Fault(string field, string message) => faults.Add(new SendGridError.Entry(message, field));
}
