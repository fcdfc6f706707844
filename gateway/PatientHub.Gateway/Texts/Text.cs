using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace PatientHub.Gateway.Texts;

/// <summary>
/// One text of a page with its arguments. Written into a page, its own markup stays and its arguments are encoded; as a string (labels, titles, messages beside a
/// field) it is plain, and whoever shows it encodes it.
/// </summary>
public sealed class Text : IHtmlContent
{
    private readonly string _key;
    private readonly string _html;
    private readonly object?[] _arguments;

    internal Text(string key, string html, object?[] arguments) => (_key, _html, _arguments) = (key, html, arguments);

    /// <inheritdoc />
    public void WriteTo(TextWriter writer, HtmlEncoder encoder) => writer.Write(_arguments.Length == 0
        ? _html
        : string.Format(CultureInfo.InvariantCulture, _html, [.. _arguments.Select(argument => Encoded(argument, encoder))]));

    /// <summary>Without markup.</summary>
    /// <exception cref="InvalidOperationException">The text has markup: it belongs into a page, not into a label.</exception>
    public override string ToString()
    {
        if (_html.Contains('<', StringComparison.Ordinal))
            throw new InvalidOperationException($"The text {_key} has markup and was asked for as plain words.");
        var plain = WebUtility.HtmlDecode(_html);
        return _arguments.Length == 0 ? plain : string.Format(CultureInfo.InvariantCulture, plain, _arguments);
    }

    private static string Encoded(object? argument, HtmlEncoder encoder)
    {
        if (argument is not IHtmlContent html)
            return encoder.Encode(Convert.ToString(argument, CultureInfo.InvariantCulture) ?? "");
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        html.WriteTo(writer, encoder);
        return writer.ToString();
    }
}
