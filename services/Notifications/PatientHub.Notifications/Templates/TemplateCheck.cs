using System.Text.RegularExpressions;
using HandlebarsDotNet;
using PatientHub.Notifications.Contracts;

namespace PatientHub.Notifications.Templates;

/// <summary>What a wording makes of one sample.</summary>
internal sealed record CheckedSample(string Title, string? Subject, string Body, string? Html, int Segments, int Characters);

/// <summary>May a wording be used? Nothing that is wrong with it goes unsaid.</summary>
internal sealed record CheckedTemplate(IReadOnlyList<string> Problems, IReadOnlyList<CheckedSample> Samples, bool IsGsm, int MostSegments)
{
    /// <summary>What the longest sample needs.</summary>
    public int Segments => Samples.Count == 0 ? 0 : Samples.Max(s => s.Segments);
}

/// <summary>
/// Checks a wording before it is saved:
/// <list type="number">
/// <item>only plain variables, <c>#if</c>, <c>#unless</c> and <c>#each items</c>, and only variables of its kind (A25: none names a clinic);</item>
/// <item>it renders each sample, and what the kind needs stands in each: link (R4), phone number (R10), date, code, UVC (R17), first name, trust (R2);</item>
/// <item>no other web address than the patient's own;</item>
/// <item>a text: how many segments the longest sample needs (160 places of the GSM alphabet, 70 outside it; 153 and 67 each in several), and not too many.</item>
/// </list>
/// </summary>
internal sealed partial class TemplateCheck(TemplateSamples samples, Wording wording)
{
    private const int LongestBody = 4000;
    private const int LongestSubject = 120;
    private static readonly string[] ItemVariables = ["when", "dateNumeric", "time24", "place", "site", "phone", "requestOpen"];

    public CheckedTemplate Check(TemplateKind kind, Channel channel, string language, string? subject, string body)
    {
        List<string> problems = [.. Form(kind, channel, subject, body)];
        if (problems.Count > 0) return new CheckedTemplate(problems, [], true, 0);
        CompiledTemplate compiled;
        try
        {
            compiled = MessageTemplates.Compile(0, subject, body);
        }
        catch (Exception unreadable) when (unreadable is HandlebarsException or ArgumentException or InvalidOperationException)
        {
            return new CheckedTemplate(["It cannot be read: check that every #if, #unless and #each is closed."], [], true, 0);
        }

        var made = new List<CheckedSample>();
        foreach (var sample in samples.Of(kind))
        {
            try
            {
                var (renderedSubject, rendered) = Wording.Rendered(compiled, channel, sample.Values);
                problems.AddRange(Missing(kind, channel, renderedSubject, rendered, sample).Select(what => $"{what} (sample \"{sample.Title}\")"));
                made.Add(new CheckedSample(sample.Title, renderedSubject, rendered, channel == Channel.Email ? wording.Html(renderedSubject!, rendered, language) : null,
                    channel == Channel.Sms ? TextAlphabet.Parts(rendered) : 0, rendered.Length));
            }
            catch (HandlebarsException)
            {
                problems.Add($"It does not render (sample \"{sample.Title}\").");
            }
        }

        var gsm = channel == Channel.Email || made.All(s => TextAlphabet.IsGsm(s.Body));
        var most = kind.IsList || !gsm ? TextAlphabet.MostParts : 3;
        var verdict = new CheckedTemplate(problems, made, gsm, most);
        if (channel == Channel.Sms && verdict.Segments > most) problems.Add($"The longest sample needs {verdict.Segments} segments; at most {most} are allowed{(gsm ? "" : " (it has characters outside the GSM alphabet: 70 to a segment)")}.");
        return verdict;
    }

    private static IEnumerable<string> Form(TemplateKind kind, Channel channel, string? subject, string body)
    {
        if (string.IsNullOrWhiteSpace(body) || body.Length > LongestBody) yield return $"The body has 1 to {LongestBody} characters.";
        if (channel == Channel.Sms && subject is not null) yield return "A text has no subject.";
        if (channel == Channel.Email && (string.IsNullOrWhiteSpace(subject) || subject.Length > LongestSubject || subject.Contains('\n', StringComparison.Ordinal))) yield return $"The subject is one line of 1 to {LongestSubject} characters.";
        if ((subject + body).Any(c => char.IsControl(c) && c is not '\n' and not '\r' and not '\t')) yield return "It has control characters.";
        if ((subject + body).Contains("{{{", StringComparison.Ordinal)) yield return "Three braces are not allowed.";
        foreach (var token in Tokens().Matches($"{subject}\n{body}").Select(match => match.Groups[1].Value.Trim()))
        {
            if (token is "else" or "/if" or "/unless" or "/each") continue;
            var variable = Block().Match(token) is { Success: true } block ? block.Groups[2].Value : token;
            if (token.StartsWith("#each", StringComparison.Ordinal) && variable != "items") yield return $"#each is for items only, not for \"{Shown(variable)}\".";
            else if (!kind.Variables.Contains(variable) && !ItemVariables.Contains(variable)) yield return $"There is no \"{Shown(token)}\" in {kind.Name}.";
        }
    }

    private static IEnumerable<string> Missing(TemplateKind kind, Channel channel, string? subject, string body, TemplateSample sample)
    {
        var values = sample.Values;
        if (kind.Needs.HasFlag(Needs.Link) && !Has("link")) yield return "The link is missing";
        if (kind.Needs.HasFlag(Needs.Uvc) && values.GetValueOrDefault("uvc") is not null && !Has("uvc")) yield return "The User Verification Code is missing";
        if (kind.Needs.HasFlag(Needs.Name) && !Has("firstName")) yield return "The first name is missing";
        if (kind.Needs.HasFlag(Needs.Trust) && !Has("trust") && !Has("trustName")) yield return "The trust's name is missing";
        if (kind.Needs.HasFlag(Needs.Code) && !Has("code")) yield return "The code is missing";
        if (kind.Needs.HasFlag(Needs.Code) && channel == Channel.Sms && !body.EndsWith($"\n@{values["host"]} #{values["code"]}", StringComparison.Ordinal)) yield return "The last line is not \"@{{host}} #{{code}}\"";
        Dictionary<string, object?>[] items = kind.IsList && values.GetValueOrDefault("items") is Dictionary<string, object?>[] list ? list : [];
        if (kind.Needs.HasFlag(Needs.Phone) && !(Has("phone") || (items.Length > 0 && items.All(item => Says(item.GetValueOrDefault("phone")))))) yield return "The phone number is missing";
        if (kind.Needs.HasFlag(Needs.When) && !(items.Length > 0 ? items.All(Dated) : Dated(values))) yield return "The date and the time are missing";
        if (body.Contains("{{", StringComparison.Ordinal) || subject?.Contains("{{", StringComparison.Ordinal) == true) yield return "A variable is not closed";
        if (Addresses().IsMatch(values.GetValueOrDefault("link") is string link ? body.Replace(link, "", StringComparison.Ordinal) : body)) yield return "It has a web address that is not the patient's link";

        bool Has(string name) => Says(values.GetValueOrDefault(name));
        bool Says(object? value) => value is string { Length: > 0 } text && body.Contains(channel == Channel.Sms ? TextAlphabet.Simplify(text) : text, StringComparison.Ordinal);
        bool Dated(Dictionary<string, object?> of) => Says(of["when"]) || (Says(of["dateNumeric"]) && Says(of["time24"]));
    }

    private static string Shown(string token) => token.Length <= 40 ? token : token[..40] + "…";

    [GeneratedRegex(@"\{\{(.*?)\}\}", RegexOptions.Singleline)]
    private static partial Regex Tokens();

    [GeneratedRegex(@"^#(if|unless|each) +(\w+)$")]
    private static partial Regex Block();

    [GeneratedRegex(@"https?://|www\.", RegexOptions.IgnoreCase)]
    private static partial Regex Addresses();
}
