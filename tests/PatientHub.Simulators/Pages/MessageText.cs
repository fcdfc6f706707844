using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Html;
using PatientHub.Simulators.Messages;

namespace PatientHub.Simulators.Pages;

/// <summary>A message's text as a phone shows it: addresses can be tapped, the code stands out, everything else is only text.</summary>
public static partial class MessageText
{
    /// <summary>The text as HTML.</summary>
    public static IHtmlContent Html(string text)
    {
        var html = new HtmlContentBuilder();
        var done = 0;
        foreach (Match match in Remarkable().Matches(text))
        {
            html.Append(text[done..match.Index]);
            done = match.Index + match.Length;
            if (!match.Value.StartsWith("http", StringComparison.Ordinal))
            {
                html.AppendHtml("<strong class=\"code\">").Append(match.Value).AppendHtml("</strong>");
                continue;
            }

            var address = match.Value.TrimEnd('.', ',', ';', ')');
            var encoded = HtmlEncoder.Default.Encode(address);
            html.AppendHtml($"<a href=\"{encoded}\" target=\"_blank\" rel=\"noopener noreferrer\">{encoded}</a>").Append(match.Value[address.Length..]);
        }

        return html.Append(text[done..]);
    }

    // As ReceivedMessage.Link and SixDigits, in one pass so that digits inside an address stay there.
    [GeneratedRegex(@"https?://[^\s<>""]+|(?<![\d+#])\d{6}(?!\d)")]
    private static partial Regex Remarkable();
}
