using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Session;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Pages;

/// <summary>Keeps the language that the patient chose, in a cookie of its own, and leads back. What is not offered changes nothing.</summary>
internal sealed class LanguageModel(PageTexts texts) : HubPageModel
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    [BindProperty] public string? Tag { get; set; }

    [BindProperty] public string? Back { get; set; }

    public IActionResult OnGet() => SeeOther("/");

    public IActionResult OnPost()
    {
        if (texts.Languages.FirstOrDefault(language => language.Tag == Tag) is { } chosen)
            Response.Cookies.Append(Cookies.Language, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture("", chosen.Tag)), Cookies.Options(Life));
        return SeeOther(Url.IsLocalUrl(Back) && Back.All(char.IsAscii) && !Back.Any(char.IsControl) ? Back : "/");
    }
}
