using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using PatientHub.Calendar;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Domain;
using PatientHub.ServiceDefaults;

namespace PatientHub.Letters.Features;

/// <summary>
/// The letter around its text, as one HTML document for Chromium: for reading (no address: the patient's name is not ours) and for the envelope. Positions are
/// millimetres from the page's top left corner; in the first page's address window stands the address and nothing else.
/// </summary>
public sealed class LetterPage(IOptions<TrustOptions> trust, IOptions<PrintLayoutOptions> layout)
{
    private static readonly string Fonts = "\"Noto Sans\", \"Liberation Sans\", Arial, sans-serif";

    /// <summary>A15: the sentence that stands above the text of a letter that replaces one the patient has.</summary>
    public static string WithReplacement(string html, DateOnly? replaces) => replaces is { } date
        ? $"<p><strong>This letter replaces our letter of {LondonTime.FormatDate(date)}. Please use this one, and delete the old entry from your diary or calendar.</strong></p>\n{html}"
        : html;

    /// <summary>The sentence above an earlier version: whoever reads it must not take its time for the true one.</summary>
    public static string AsReplaced(string html, DateOnly replacedBy) =>
        $"<p><strong>We have replaced this letter by our letter of {LondonTime.FormatDate(replacedBy)}. Do not use this one.</strong></p>\n{html}";

    /// <summary>The PDF that patients download from the hub; in large print when they ask for it.</summary>
    public string ForReading(Guid letterId, string title, DateOnly date, string html, bool large) => Document(
        title, letterId, Points(large), bodyTop: layout.Value.TopMargin,
        $"<p class=\"from\"><strong>{Text(trust.Value.Name)}</strong></p><p>{LondonTime.FormatDate(date)}</p><h1>{Text(title)}</h1>{html}");

    /// <summary>An enclosure that we hold as text, to keep or for the envelope.</summary>
    public string ForEnclosure(Guid letterId, string title, string html, bool large) => Document(
        title, letterId, Points(large), bodyTop: layout.Value.TopMargin, $"<p class=\"from\"><strong>{Text(trust.Value.Name)}</strong></p><h1>{Text(title)}</h1>{html}");

    /// <summary>The letter for the envelope; with an empty page at its end when it is to fill whole sheets.</summary>
    public string ForEnvelope(Letter letter, LetterVersion version, string html, DateOnly? replaces, PrintLetter print, IReadOnlyList<string> enclosed, bool back)
    {
        var text = new StringBuilder();
        text.Append(Head(print, version.Phone));
        text.Append(CultureInfo.InvariantCulture, $"<p>{Salutation(print)}</p><h1>{Text(letter.Title)}</h1>");
        text.Append(WithReplacement(html, replaces));
        text.Append(Closing(print, enclosed));
        if (back) text.Append("<p class=\"back\">This page is left blank.</p>");
        return Document(letter.Title, letter.LetterId, Points(print.LargePrint), layout.Value.BodyTop, text.ToString());
    }

    /// <summary>The sheet in front of a PDF of the PAS: it carries the address, the PDF follows as it is.</summary>
    public string AddressSheet(Letter letter, LetterVersion version, DateOnly? replaces, PrintLetter print, IReadOnlyList<string> enclosed)
    {
        var text = new StringBuilder();
        text.Append(Head(print, version.Phone));
        text.Append(CultureInfo.InvariantCulture, $"<p>{Salutation(print)}</p>");
        text.Append(WithReplacement("<p>Your letter from the hospital is on the next page.</p>", replaces));
        text.Append(CultureInfo.InvariantCulture, $"<p>If you have questions about it, phone the number in the letter, or our booking service on {Text(version.Phone)}.</p>");
        text.Append(Closing(print, enclosed));
        return Document(letter.Title, letter.LetterId, Points(print.LargePrint), layout.Value.BodyTop, text.ToString());
    }

    // A31: the envelope is addressed to the parent, so the letter speaks to the parent, too.
    private static string Salutation(PrintLetter print) => print.ToParent ? $"Dear parent or guardian of {Text(print.FullName)}" : $"Dear {Text(print.FullName)}";

    private int Points(bool large) => large ? layout.Value.LargePrintPoints : layout.Value.BodyPoints;

    private string Head(PrintLetter print, string phone)
    {
        var head = new StringBuilder($"<div class=\"address{(print.AddressLines.Count > 5 || print.AddressLines.Any(line => line.Length > 36) ? " dense" : "")}\">");
        foreach (var line in print.AddressLines) head.Append(CultureInfo.InvariantCulture, $"<div>{Text(line)}</div>");
        head.Append("</div><div class=\"sender\">");
        head.Append(CultureInfo.InvariantCulture, $"<div><strong>{Text(trust.Value.Name)}</strong></div>");
        foreach (var line in trust.Value.PostalAddress.Split('|')) head.Append(CultureInfo.InvariantCulture, $"<div>{Text(line)}</div>");
        head.Append(CultureInfo.InvariantCulture, $"<div class=\"gap\">Phone: {Text(phone)}</div>");
        // In large print date and number would run out of the sender's block into the letter: there they stand above the text.
        if (print.LargePrint) head.Append("</div>");
        head.Append(CultureInfo.InvariantCulture, $"<div class=\"gap\">{LondonTime.FormatDate(print.DispatchDate)}</div>");
        if (print.NhsNumber is { } number) head.Append(CultureInfo.InvariantCulture, $"<div>NHS number: <span class=\"nowrap\">{Text(number)}</span></div>");
        return head.Append(print.LargePrint ? "<div class=\"gap\"></div>" : "</div>").ToString();
    }

    private static string Closing(PrintLetter print, IReadOnlyList<string> enclosed)
    {
        var text = new StringBuilder();
        if (print.Uvc is { } uvc)
            text.Append(CultureInfo.InvariantCulture,
                $"<p class=\"uvc\">Your User Verification Code for the patient hub is <strong class=\"nowrap\">{Text(uvc)}</strong>. Keep it safe: you may be asked for it when you sign in.</p>");
        if (enclosed.Count > 0) text.Append("<h2>With this letter</h2><ul>").AppendJoin("", enclosed.Select(title => $"<li>{Text(title)}</li>")).Append("</ul>");
        return text.ToString();
    }

    private string Document(string title, Guid letterId, int points, double bodyTop, string body)
    {
        var o = layout.Value;
        var height = o.WindowBottom - o.WindowTop;
        // Up to five lines in 11 point; seven must fit into the window, too: 3.75 mm is 10 point with its leading.
        return string.Create(CultureInfo.InvariantCulture, $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>{{Text(title)}}</title>
            <style>
            @page {
              size: A4 portrait;
              margin: {{o.TopMargin}}mm {{o.SideMargin}}mm {{o.BottomMargin}}mm {{o.SideMargin}}mm;
              @bottom-left { content: "{{letterId}}"; font: 6pt {{Fonts}}; font-variant-ligatures: none; color: #000; vertical-align: middle; }
              @bottom-right { content: "Page " counter(page) " of " counter(pages); font: {{points}}pt {{Fonts}}; color: #000; vertical-align: middle; }
            }
            * { box-sizing: border-box; }
            html, body { margin: 0; padding: 0; background: #fff; color: #000; font-variant-ligatures: none; }
            body { font: {{points}}pt/1.35 {{Fonts}}; padding-top: {{bodyTop - o.TopMargin}}mm; position: relative; overflow-wrap: break-word; }
            .address { position: absolute; left: {{o.WindowLeft - o.SideMargin}}mm; top: {{o.WindowTop - o.TopMargin}}mm; width: {{o.WindowRight - o.WindowLeft}}mm; height: {{height}}mm;
              font-size: 11pt; line-height: {{height / 5.4}}mm; white-space: nowrap; }
            .dense { font-size: 10pt; line-height: {{height / 7.15}}mm; }
            .sender { position: absolute; left: {{125 - o.SideMargin}}mm; top: 0; width: 70mm; max-height: {{o.BodyTop - o.TopMargin}}mm; font-size: {{(points > 12 ? points : 10)}}pt; line-height: 1.25; }
            .gap { margin-top: 2mm; }
            .back { break-before: page; padding-top: 100mm; text-align: center; }
            .nowrap { white-space: nowrap; }
            h1 { font-size: 1.3em; margin: 0 0 .6em; break-after: avoid; }
            h2 { font-size: 1.1em; margin: 1em 0 .3em; break-after: avoid; }
            p, ul, ol, table { margin: 0 0 .7em; orphans: 3; widows: 3; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; vertical-align: top; padding: .25em .8em .25em 0; border-bottom: .3mm solid #000; }
            th { width: 22%; }
            tr, li { break-inside: avoid; }
            a { color: #000; }
            </style>
            </head>
            <body>
            {{body}}
            </body>
            </html>
            """);
    }

    private static string Text(string text) => SafeHtml.Encode(text);
}
