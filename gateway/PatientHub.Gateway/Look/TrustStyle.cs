using System.Text;

namespace PatientHub.Gateway.Look;

/// <summary>The trust's colours as a style sheet of their own, after the hub's. Empty when it has none.</summary>
internal static class TrustStyle
{
    public static string Of(TrustPageOptions trust)
    {
        var css = new StringBuilder();
        if (Parse(trust.HeaderColour) is { } header)
        {
            css.Append($".nhsuk-header,.nhsuk-header__navigation{{background-color:{header}}}");
            css.Append($".nhsuk-header__account{{background-color:{header.Shade(0.2)};border-color:{header.Shade(0.2)}}}");
        }
        if (Parse(trust.LinkColour) is { } link)
            css.Append($"main a:not([class]):link:not(:focus),a.nhsuk-back-link:link:not(:focus),a.nhsuk-card__link:link:not(:focus),.nhsuk-footer a:link:not(:focus),a.nhsuk-u-nowrap:link:not(:focus),.hub-language:not(:focus){{color:{link}}}");
        if (Parse(trust.ButtonColour) is { } button)
        {
            const string Main = ".nhsuk-button:not([class*=\"nhsuk-button--\"])";
            css.Append($"{Main}:not(:focus){{background-color:{button};box-shadow:0 4px 0 {button.Shade(0.5)}}}{Main}:hover:not(:focus){{background-color:{button.Shade(0.2)}}}{Main}:active{{background-color:{button.Shade(0.5)}}}");
        }
        return css.ToString();
    }

    private static Colour? Parse(string? text) => text is null ? null : Colour.Parse(text);
}
