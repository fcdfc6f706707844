using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using PatientHub.Calendar;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Tests.Texts;

public sealed partial class TextTests
{
    private static readonly TextCatalogue Ours = TextCatalogue.FromResources(typeof(TextCatalogue).Assembly);
    private static readonly PageTexts T = new(Ours);

    [Fact]
    public void Every_language_that_is_shipped_is_complete() => Ours.NotOffered.ShouldBeEmpty();

    [Fact]
    public void Every_text_that_a_page_asks_for_is_there_and_every_text_is_asked_for()
    {
        var code = string.Join('\n', Directory.EnumerateFiles(Source(), "*.cs*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".cshtml", StringComparison.Ordinal)).Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/node_modules/", StringComparison.Ordinal)).Select(File.ReadAllText));
        var texts = Ours.Languages[0].Texts.Keys;
        var rooms = texts.Select(key => key.Split('.')[0]).ToHashSet();
        var asked = Key().Matches(code).Select(match => match.Groups[1].Value).Where(key => rooms.Contains(key.Split('.')[0])).ToHashSet();
        asked.Where(key => !texts.Any(text => Answers(text, key))).ShouldBeEmpty("texts that a page asks for and no resource has");
        texts.Where(text => !asked.Any(key => Answers(text, key)) && !text.StartsWith("Dates.", StringComparison.Ordinal)).ShouldBeEmpty("texts that no page asks for");

        // A key that ends with a dot is the beginning of one that is made while the page is.
        static bool Answers(string text, string key) => text == key || (key.EndsWith('.') && text.StartsWith(key, StringComparison.Ordinal)) || (Plurals.IsForm(text, out var counted) && counted == key);
    }

    [Fact]
    public void English_dates_and_times_read_as_in_letters_and_messages()
    {
        for (var instant = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero); instant.Year == 2026; instant += TimeSpan.FromMinutes(361))
        {
            T.Date(instant).ShouldBe(LondonTime.FormatDate(instant));
            T.Time(instant).ShouldBe(LondonTime.FormatTime(instant));
            T.DateAtTime(instant).ShouldBe(LondonTime.FormatDateAtTime(instant));
            T.TimeOnDate(instant).ShouldBe(LondonTime.FormatTimeOnDate(instant));
        }
        T.Time(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero)).ShouldBe("midday");
        T.Time(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).ShouldBe("midnight");
    }

    [Fact]
    public void Arguments_are_encoded_in_a_page_and_plain_in_a_label()
    {
        Html(T["Shared.PatientIs", "<b>O'Neil</b>"]).ShouldBe("Patient: <strong>&lt;b&gt;O&#x27;Neil&lt;/b&gt;</strong>");
        T.Plain("SignIn.Already.Title", "<b>O'Neil</b>").ShouldBe("You are signed in as <b>O'Neil</b>");
        Html(T["Shared.Help.Phone", T.Phone("0113 518 1823")]).ShouldBe("Phone our booking service on <a href=\"tel:01135181823\" class=\"nhsuk-u-nowrap\" dir=\"ltr\">0113 518 1823</a>.");
        Should.Throw<InvalidOperationException>(() => T.Plain("Shared.PatientIs", "Amy"));
    }

    [Fact]
    public void A_text_that_is_missing_is_an_error_and_never_a_blank() => Should.Throw<KeyNotFoundException>(() => T["SignIn.Nothing"]);

    [Fact]
    public void Counted_texts_take_the_form_of_their_language()
    {
        T.Count("SignIn.Left.Minutes", 1).ToString().ShouldBe("About 1 minute left.");
        T.Count("SignIn.Left.Minutes", 2).ToString().ShouldBe("About 2 minutes left.");
        int[] numbers = [0, 1, 2, 3, 5, 6, 11, 12, 21, 22, 25, 100, 103, 111];
        string.Join(' ', numbers.Select(n => Plurals.Of("ar", n))).ShouldBe("zero one two few few few many many many many many other few many");
        string.Join(' ', numbers.Select(n => Plurals.Of("pl", n))).ShouldBe("many one few few many many many many many few many many few many");
        string.Join(' ', numbers.Select(n => Plurals.Of("cy", n))).ShouldBe("zero one two few other many other other other other other other other other");
        foreach (var language in new[] { "en", "ar", "cy", "pl", "ru", "cs", "lt", "ro", "zh", "fr", "ur" })
            numbers.Select(n => Plurals.Of(language, n)).ShouldAllBe(form => Plurals.FormsOf(language).Contains(form), language);
    }

    [Theory]
    [InlineData("SignIn.Code.Title", null, "is missing")]
    [InlineData("SignIn.Code.Title", " ", "is missing")]
    [InlineData("SignIn.Child", "Dim ond <strong>eich</strong> rhif", "other markup")]
    [InlineData("SignIn.Child", "<script>alert(1)</script>", "other markup")]
    [InlineData("Start.Lead", "{0} {1}", "an argument")]
    [InlineData("Start.Lead", "{0", "an argument")]
    [InlineData("Start.Nothing", "x", "is not a text")]
    [InlineData("Language.Direction", "left", "ltr or rtl")]
    public void A_language_that_is_not_complete_is_not_offered(string key, string? text, string fault)
    {
        var texts = PseudoLanguage.Of("cy", "ltr");
        if (text is null) texts.Remove(key);
        else texts[key] = text;
        var catalogue = new TextCatalogue(new Dictionary<string, IReadOnlyDictionary<string, string>> { ["en"] = PseudoLanguage.English, ["cy"] = texts });
        catalogue.Languages.Select(language => language.Tag).ShouldBe(["en"]);
        catalogue.NotOffered["cy"].ShouldContain(said => said.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Adding_a_language_is_adding_files()
    {
        // This assembly has two resources of its own: one in English and Welsh, and Welsh is complete.
        var catalogue = TextCatalogue.FromResources(typeof(TextTests).Assembly);
        catalogue.NotOffered.ShouldBeEmpty();
        catalogue.Languages.Select(language => $"{language.Tag} {language.Name}").ShouldBe(["en English", "cy Cymraeg"]);
        var texts = new PageTexts(catalogue);
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("cy-GB");
            texts.Plain("Sample.Hello", "Amy").ShouldBe("Helo Amy");
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static string Html(Text text)
    {
        using var writer = new StringWriter();
        text.WriteTo(writer, HtmlEncoder.Default);
        return writer.ToString();
    }

    private static string Source([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "gateway", "PatientHub.Gateway"));

    [GeneratedRegex(@"""([A-Z][A-Za-z]+\.[A-Za-z0-9.]*)[""{]")]
    private static partial Regex Key();
}
