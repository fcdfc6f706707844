using System.Net;
using System.Net.Http.Json;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Tests.Support;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;

namespace PatientHub.Letters.Tests;

/// <summary>The letter for the envelope, made by a real Chromium and read back by PdfPig.</summary>
public sealed class PrintTests(RunningLetters letters)
{
    private const double PointsPerMillimetre = 72 / 25.4;
    private static readonly string[] Address = ["Parent or guardian of", "Zebedee Quillfeather", "Flat 12", "The Old Maltings", "99 Roundhay Road", "LEEDS", "LS8 5AJ"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Address_stands_alone_in_the_window_and_every_page_names_the_letter()
    {
        var ready = await BookAsync();
        using var response = await PrintAsync(letters, ready.LetterId, Order(Address));
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await DescribeAsync(response));
        response.Headers.GetValues("Letter-Version").Single().ShouldBe("1");
        var bytes = await response.Content.ReadAsByteArrayAsync(Ct);
        Save("letter-standard.pdf", bytes);

        using var pdf = PdfDocument.Open(bytes);
        response.Headers.GetValues("Page-Count").Single().ShouldBe(pdf.NumberOfPages.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var page = pdf.GetPage(1);
        page.Width.ShouldBe(595.3, 0.6);
        page.Height.ShouldBe(841.9, 0.6);

        // Every letter of the address inside the window, the first at its edge, nothing else in it.
        var inWindow = page.GetWords().Where(w => Millimetres(w, page) is var b && b.Left < 120 && b.Right > 24.6 - 4 && b.Top < 66.3 + 4 && b.Bottom > 39.5 - 4).ToList();
        string.Join(' ', inWindow.Select(w => w.Text)).ShouldBe(string.Join(' ', Address));
        var boxes = inWindow.ConvertAll(w => Millimetres(w, page));
        boxes.Min(b => b.Left).ShouldBe(24.6, 1);
        boxes.Min(b => b.Top).ShouldBeInRange(39.5, 42);
        boxes.Max(b => b.Bottom).ShouldBeLessThan(66.3);
        boxes.Max(b => b.Right).ShouldBeLessThan(120);

        foreach (var each in pdf.GetPages())
        {
            var text = string.Join(' ', each.GetWords().Select(w => w.Text));
            text.ShouldContain(ready.LetterId.ToString());
            text.ShouldContain($"Page {each.Number} of {pdf.NumberOfPages}");
            each.Letters.ShouldAllBe(l => l.FontName!.Contains('+', StringComparison.Ordinal), "a font is not embedded");
        }

        var all = AllText(pdf);
        all.ShouldContain("Dear Zebedee Quillfeather");
        all.ShouldContain("Wednesday 2 December 2026");
        all.ShouldContain("0113 496 0000");
        all.ShouldContain("999 123 4567");
        all.ShouldNotContain("User Verification Code");
    }

    [Fact]
    public async Task Body_is_12_point_and_large_print_16()
    {
        var ready = await BookAsync();
        (await BodySizeAsync(ready, large: false)).ShouldBe(12, 0.2);
        (await BodySizeAsync(ready, large: true)).ShouldBe(16, 0.2);
    }

    [Fact]
    public async Task Verification_code_stands_at_the_end_when_there_is_one()   // R17
    {
        var ready = await BookAsync();
        using var response = await PrintAsync(letters, ready.LetterId, Order() with { Uvc = "7KQ2MX" });
        using var pdf = PdfDocument.Open(await response.Content.ReadAsByteArrayAsync(Ct));
        AllText(pdf).ShouldContain("7KQ2MX");
    }

    [Fact]
    public async Task Markup_in_a_name_is_text()   // 118, 119
    {
        var ready = await BookAsync();
        using var response = await PrintAsync(letters, ready.LetterId, Order(["<b>Bobby</b> & <script>Tables", "1 High Street", "LEEDS", "LS1 1AA"]) with { FullName = "</p><style>body{display:none}</style>Bobby" });
        using var pdf = PdfDocument.Open(await response.Content.ReadAsByteArrayAsync(Ct));
        AllText(pdf).ShouldContain("<b>Bobby</b> & <script>Tables");
        AllText(pdf).ShouldContain("Your outpatient appointment");
    }

    [Fact]
    public async Task Unknown_letter_is_404_and_a_short_address_422()
    {
        var ready = await BookAsync();
        using var unknown = await PrintAsync(letters, Guid.CreateVersion7(), Order());
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var shortAddress = await PrintAsync(letters, ready.LetterId, Order(["Zebedee", "LS1 1AA"]));
        shortAddress.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]   // A29: what the postman could not read is refused, and so becomes a person's task
    [InlineData("Zebedee Montgomery Featherstone-Cholmondeley", true)]
    [InlineData("Zebedee Bartholomew Montgomery Featherstonehaugh-Cholmondeley-Marjoribanks", false)]
    [InlineData("Zoë Ó Conaill-Łukasiewicz’s Müller", true)]
    [InlineData("fficial ﬃ Office-Suffolk", true)]
    public async Task Address_that_does_not_fit_the_window_is_refused(string name, bool fits)
    {
        var ready = await BookAsync();
        foreach (var lines in (string[][])[[name, "1 High Street", "LEEDS", "LS1 1AA"], [name, "Flat 1", "The House", "1 High Street", "Headingley", "LEEDS", "LS1 1AA"]])
        {
            using var response = await PrintAsync(letters, ready.LetterId, Order(lines));
            response.StatusCode.ShouldBe(fits ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity, await DescribeAsync(response));
        }
    }

    [Fact]
    public async Task Patient_downloads_a_pdf_and_that_opens_the_letter()   // A3
    {
        var ready = await BookAsync();
        using var client = letters.ClientOf(ready.PatientId);
        using var response = await client.GetAsync($"/api/me/letters/{ready.LetterId}/pdf", Ct);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await DescribeAsync(response));
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
        var bytes = await response.Content.ReadAsByteArrayAsync(Ct);
        Save("letter-reading.pdf", bytes);
        using var pdf = PdfDocument.Open(bytes);
        AllText(pdf).ShouldContain("Your outpatient appointment");
        await letters.EventAsync<LetterOpened>(e => e.LetterId == ready.LetterId, "the download never counted as opened");
    }

    public static PrintLetter Order(IReadOnlyList<string>? lines = null) => new()
    {
        AddressLines = lines ?? ["Zebedee Quillfeather", "1 High Street", "LEEDS", "LS1 1AA"],
        FullName = "Zebedee Quillfeather",
        NhsNumber = "999 123 4567",
        LargePrint = false,
        DispatchDate = new DateOnly(2026, 12, 2),
    };

    public static async Task<HttpResponseMessage> PrintAsync(RunningLetters letters, Guid letterId, PrintLetter order)
    {
        using var postal = letters.Machine("print", "postal");
        return await postal.PostAsJsonAsync($"/internal/letters/{letterId}/print", order, Ct);
    }

    public static string AllText(PdfDocument pdf) => string.Join(' ', pdf.GetPages().SelectMany(p => p.GetWords()).Select(w => w.Text));

    private async Task<double> BodySizeAsync(LetterReady ready, bool large)
    {
        using var response = await PrintAsync(letters, ready.LetterId, Order() with { LargePrint = large });
        var bytes = await response.Content.ReadAsByteArrayAsync(Ct);
        if (large) Save("letter-large.pdf", bytes);
        using var pdf = PdfDocument.Open(bytes);
        var dear = pdf.GetPage(1).GetWords().Single(w => w.Text == "Dear");
        if (large)
        {
            // Nothing for the reader is smaller; the address is the postman's, the id the print house's.
            pdf.GetPages().SelectMany(p => p.GetWords().Select(w => (Page: p, Word: w)))
                .Where(x => Millimetres(x.Word, x.Page) is var b && !(x.Page.Number == 1 && b.Top < 70 && b.Left < 120) && x.Word.Text != ready.LetterId.ToString())
                .ShouldAllBe(x => x.Word.Letters[0].PointSize > 15.5);
        }

        return dear.Letters[0].PointSize;
    }

    private async Task<LetterReady> BookAsync()
    {
        var state = Some.Appointment();
        letters.Appointments.Set(state);
        await letters.PublishAsync(Some.Booked(state));
        return await letters.EventAsync<LetterReady>(e => e.AppointmentId == state.AppointmentId, "the letter never came");
    }

    private static (double Left, double Right, double Top, double Bottom) Millimetres(Word word, Page page)
    {
        var box = word.BoundingBox;
        return (box.Left / PointsPerMillimetre, box.Right / PointsPerMillimetre, (page.Height - box.Top) / PointsPerMillimetre, (page.Height - box.Bottom) / PointsPerMillimetre);
    }

    private static async Task<string> DescribeAsync(HttpResponseMessage response) => response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(Ct);

    /// <summary>For a look with the eye: PATIENTHUB_KEEP_PDFS names a folder.</summary>
    private static void Save(string name, byte[] pdf)
    {
        if (Environment.GetEnvironmentVariable("PATIENTHUB_KEEP_PDFS") is { Length: > 0 } folder) File.WriteAllBytes(Path.Combine(folder, name), pdf);
    }
}
