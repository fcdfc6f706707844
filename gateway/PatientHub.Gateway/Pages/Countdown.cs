using System.Text.Json;
using Microsoft.AspNetCore.Html;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Pages;

/// <summary>The words of a quiet countdown for <c>hub.js</c>: seconds left at most, and what is said then. The script itself has no words.</summary>
internal static class Countdown
{
    private const int Half = 30;

    public static string Steps(PageTexts texts, int seconds)
    {
        List<object[]> steps = [[Half, texts.Plain("SignIn.Left.Half")], [60, Minutes(1)], [90, texts.Plain("SignIn.Left.OneAndHalf")], [120, Minutes(2)], [150, texts.Plain("SignIn.Left.TwoAndHalf")]];
        for (var minute = 3; (minute - 1) * 60 < seconds; minute++)
            steps.Add([minute * 60, Minutes(minute)]);
        return JsonSerializer.Serialize(steps);

        string Minutes(int minutes) => texts.Count("SignIn.Left.Minutes", minutes).ToString();
    }

    /// <summary>The part of the session warning that the script keeps true.</summary>
    public static IHtmlContent SessionLeft(PageTexts texts)
    {
        var span = new Microsoft.AspNetCore.Mvc.Rendering.TagBuilder("span");
        span.Attributes["data-session-left"] = JsonSerializer.Serialize<object[][]>([[60, texts.Plain("Shared.Session.Left.One")], [120, texts.Plain("Shared.Session.Left.Two")]]);
        span.InnerHtml.Append(texts.Plain("Shared.Session.Left.Two"));
        return span;
    }
}
