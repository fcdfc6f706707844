using AngleSharp.Html.Parser;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using PatientHub.Appointments.Contracts;

namespace PatientHub.Letters.Domain;

/// <summary>
/// A clinic's letter as a Handlebars template. R10: every letter names the telephone number to call; a template that leaves it out in any of the variants a clinic can
/// have (medium, what can be done online, with and without site and preparation) is refused, and so is one that uses a name the letter does not know.
/// </summary>
public sealed class LetterTemplate
{
    /// <summary>Key of the template that ships with the service.</summary>
    public const string StandardKey = "standard";

    private static readonly IHandlebars Engine = Handlebars.Create(new HandlebarsConfiguration { ThrowOnUnresolvedBindingExpression = true });

    private readonly HandlebarsTemplate<object, object> title;
    private readonly HandlebarsTemplate<object, object> body;

    private LetterTemplate(HandlebarsTemplate<object, object> title, HandlebarsTemplate<object, object> body) => (this.title, this.body) = (title, body);

    /// <summary>Compiles and checks; null and the reason when it is refused.</summary>
    /// <param name="key">The template's key: some letters tell of no appointment (A31).</param>
    /// <param name="title">Its title.</param>
    /// <param name="body">Its body.</param>
    public static (LetterTemplate? Template, string? Refusal) Check(string key, string title, string body)
    {
        LetterTemplate template;
        try
        {
            template = new LetterTemplate(Engine.Compile(title), Engine.Compile(body));
            foreach (var (sample, phone, phoneName) in NoticeRules.IsAboutThePatient(key) ? [(TrustSample.ToModel(), TrustSample.BookingPhone, "bookingPhone")] : Samples().Select(s => (s.ToModel(), s.ClinicPhone, "clinicPhone")))
            {
                var (shownTitle, html) = template.Render(sample);
                if (string.IsNullOrWhiteSpace(shownTitle) || shownTitle.Length > 200) return (null, "The title must have 1 to 200 characters.");
                using var page = new HtmlParser().ParseDocument(html);
                if (page.Body?.TextContent.Contains(phone, StringComparison.Ordinal) != true)
                    return (null, $"The letter must name the telephone number ({{{{{phoneName}}}}}) in every case, outside of any condition (R10).");
            }
        }
        catch (Exception e) when (e is HandlebarsException or HandlebarsUndefinedBindingException or ArgumentException or InvalidOperationException or NullReferenceException)
        {
            // The engine throws all of these for templates that do not parse or use unknown names; what it says may quote the template, so it is not repeated.
            return (null, "The template does not compile, or uses a name that letters do not have.");
        }

        return (template, null);
    }

    /// <summary>The title as text and the sanitised HTML of the body.</summary>
    public (string Title, string Html) Render(LetterFacts facts) => Render(facts.ToModel());

    /// <summary>A letter that tells of no appointment.</summary>
    public (string Title, string Html) Render(TrustFacts facts) => Render(facts.ToModel());

    private (string Title, string Html) Render(Dictionary<string, object?> model)
    {
        // The title is text, not HTML: what Handlebars escaped is put back.
        return (System.Net.WebUtility.HtmlDecode(title(model)).Trim(), SafeHtml.Clean(body(model)));
    }

    private static readonly TrustFacts TrustSample = new("Sample trust", "01632 960 999", "https://hub.example");

    private static IEnumerable<LetterFacts> Samples()
    {
        var start = new DateTimeOffset(2026, 5, 20, 9, 30, 0, TimeSpan.Zero);
        foreach (var medium in Enum.GetValues<AppointmentMedium>())
            foreach (var (offersAccept, offersChanges) in ((bool, bool)[])[(true, true), (true, false), (false, false)])
                foreach (var rich in (bool[])[true, false])
                    yield return new LetterFacts
                    {
                        Start = start,
                        Medium = medium,
                        ClinicName = "Sample clinic",
                        ClinicPhone = "01632 960 123",
                        ClinicPhoneHours = rich ? "Monday to Friday, 9am to 5pm" : null,
                        SiteName = rich ? "Sample hospital" : null,
                        SiteAddress = rich ? ["1 Sample Street", "Leeds"] : [],
                        Preparation = rich ? "Bring your glasses\nBring a list of your medicines" : null,
                        OffersAccept = offersAccept,
                        OffersChanges = offersChanges,
                        ChangeUntil = offersChanges ? start.AddDays(-5) : null,
                        TrustName = "Sample trust",
                        BookingPhone = "01632 960 999",
                        HubAddress = "https://hub.example",
                    };
    }
}
