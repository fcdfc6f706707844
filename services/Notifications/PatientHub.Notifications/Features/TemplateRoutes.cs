using System.Text.RegularExpressions;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Templates;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Notifications.Features;

/// <summary>What the addresses of the wordings have in common: <c>{kind}/{channel}/{language}</c>.</summary>
internal static partial class TemplateRoutes
{
    public const string One = "/api/message-templates/{kind}/{channel}/{language}";

    public static (TemplateKind Kind, TemplateKey Key)? Read(string kind, string channel, string language)
    {
        Channel? known = channel switch { "sms" => Channel.Sms, "email" => Channel.Email, _ => null };
        var tag = language.ToLowerInvariant();
        return TemplateKinds.Find(kind) is { } found && known is { } on && found.Channels.Contains(on) && Tag().IsMatch(tag) ? (found, new TemplateKey(kind, on, tag)) : null;
    }

    public static IResult Unknown() => Problems.NotFound();

    [GeneratedRegex("^[a-z]{2,3}(-[a-z0-9]{2,8})?$")]
    private static partial Regex Tag();
}
