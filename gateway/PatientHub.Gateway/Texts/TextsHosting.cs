using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Texts;

/// <summary>Texts and the choice of their language: the patient's own (a cookie, set by a POST), else what the browser prefers (<c>Accept-Language</c>), else English.</summary>
internal static partial class TextsHosting
{
    public static void AddTexts(this IServiceCollection services)
    {
        services.AddSingleton(_ => TextCatalogue.FromResources(typeof(TextCatalogue).Assembly));
        services.AddSingleton<PageTexts>();
        services.AddOptions<RequestLocalizationOptions>().Configure<TextCatalogue>((options, catalogue) =>
        {
            // Only texts change with the language: numbers and instants are read and written as before.
            options.DefaultRequestCulture = new RequestCulture(CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo(catalogue.Languages[0].Tag));
            options.SupportedCultures = [CultureInfo.InvariantCulture];
            options.SupportedUICultures = [.. catalogue.Languages.Select(language => CultureInfo.GetCultureInfo(language.Tag))];
            options.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = Cookies.Language }, new AcceptLanguageHeaderRequestCultureProvider { MaximumAcceptLanguageHeaderValuesToTry = 5 }];
        });
    }

    /// <summary>Early, so that error pages have the language too. With English alone there is nothing to choose.</summary>
    public static void UseTexts(this WebApplication app)
    {
        var catalogue = app.Services.GetRequiredService<TextCatalogue>();
        foreach (var (language, faults) in catalogue.NotOffered)
            Log.NotOffered(app.Logger, language, faults.Count, faults[0]);
        if (catalogue.Languages.Count > 1)
            app.UseRequestLocalization(app.Services.GetRequiredService<IOptions<RequestLocalizationOptions>>().Value);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The language {Language} is not offered: {Count} of its texts are missing or wrong, the first: {Fault}")]
        public static partial void NotOffered(ILogger logger, string language, int count, string fault);
    }
}
