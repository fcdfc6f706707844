using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Tests.Support;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace PatientHub.Letters.Tests;

/// <summary>Leaflets, forms and directions that go with letters, and the versions a letter had before (R10, A15).</summary>
public sealed class EnclosureTests(RunningLetters letters)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Further_attachments_are_shown_with_the_letter_and_lie_in_the_envelope()   // R10
    {
        var (id, patient) = New();
        (await PutAsync(id, patient, Html("Clinic letter", "<p>Come on Monday.</p>"), Pdf("Your operation", "Do not eat before."), Html("How to find us", "<p>Take the red lift.</p>"))).ShouldBe(HttpStatusCode.Created);
        using var client = letters.ClientOf(PatientOf(patient));
        var content = await LetterAsync(client, id);
        content.Letter.Title.ShouldBe("Clinic letter");
        content.Enclosures.Select(e => (e.Number, e.Title, e.HasHtml)).ShouldBe([(1, "Your operation", false), (2, "How to find us", true)]);

        (await client.GetFromJsonAsync<EnclosureContent>($"/api/me/letters/{LetterOf(id)}/enclosures/2", RunningLetters.Json, Ct))!.Html!.ShouldContain("red lift");
        using (var leaflet = PdfDocument.Open(await client.GetByteArrayAsync($"/api/me/letters/{LetterOf(id)}/enclosures/1/pdf", Ct))) PrintTests.AllText(leaflet).ShouldContain("Do not eat");
        using (var rendered = PdfDocument.Open(await client.GetByteArrayAsync($"/api/me/letters/{LetterOf(id)}/enclosures/2/pdf", Ct))) PrintTests.AllText(rendered).ShouldContain("red lift");

        using var response = await PrintTests.PrintAsync(letters, LetterOf(id), PrintTests.Order());
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var printed = PdfDocument.Open(await response.Content.ReadAsByteArrayAsync(Ct));
        printed.NumberOfPages.ShouldBe(6);   // the letter, its empty back, the leaflet, its empty back, the directions, theirs
        printed.GetPage(1).Text.ShouldContain("With this letter");
        printed.GetPage(3).Text.ShouldContain("Do not eat before.");
        PrintTests.AllText(printed).ShouldContain("Take the red lift.");
        foreach (var page in printed.GetPages()) page.Text.ShouldContain(LetterOf(id).ToString());
    }

    [Fact]
    public async Task Someone_elses_enclosure_or_earlier_version_is_404_like_a_missing_one()   // 105
    {
        var (id, patient) = New();
        await PutAsync(id, patient, Html("Clinic letter", "<p>First</p>"), Pdf("Leaflet", "Text"));
        await PutAsync(id, patient, Html("Clinic letter", "<p>Second</p>"), Pdf("Leaflet", "Text"));
        using var stranger = letters.ClientOf(Guid.CreateVersion7());
        using var owner = letters.ClientOf(PatientOf(patient));
        foreach (var path in (string[])["enclosures/1", "enclosures/1/pdf", "versions/1", "versions/1/pdf"])
        {
            using var mine = await owner.GetAsync($"/api/me/letters/{LetterOf(id)}/{path}", Ct);
            mine.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            using var theirs = await stranger.GetAsync($"/api/me/letters/{LetterOf(id)}/{path}", Ct);
            theirs.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }

        foreach (var path in (string[])["enclosures/0", "enclosures/2", "enclosures/99999999999", "versions/2", "versions/0", "versions/-1"])
        {
            using var missing = await owner.GetAsync($"/api/me/letters/{LetterOf(id)}/{path}", Ct);
            missing.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public async Task Earlier_version_stays_readable_and_one_that_was_taken_back_does_not()   // A15, A34
    {
        var (id, patient) = New();
        await PutAsync(id, patient, Html("First title", "<p>The first text</p>"));
        await PutAsync(id, patient, Html("Second title", "<p>The second text</p>"));
        using var client = letters.ClientOf(PatientOf(patient));
        (await LetterAsync(client, id)).Earlier.ShouldHaveSingleItem().LetterVersion.ShouldBe(1);
        var earlier = (await client.GetFromJsonAsync<EarlierLetter>($"/api/me/letters/{LetterOf(id)}/versions/1", RunningLetters.Json, Ct))!;
        (earlier.Title, earlier.Current.LetterVersion).ShouldBe(("First title", 2));
        earlier.Html!.ShouldContain("The first text");
        using (var pdf = PdfDocument.Open(await client.GetByteArrayAsync($"/api/me/letters/{LetterOf(id)}/versions/1/pdf", Ct))) PrintTests.AllText(pdf).ShouldContain("Do not use this one.");

        await PutAsync(id, patient, [], status: "entered-in-error");
        using (var gone = await client.GetAsync($"/api/me/letters/{LetterOf(id)}/versions/1", Ct)) gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await PutAsync(id, patient, Html("Third title", "<p>The third text</p>"));
        (await LetterAsync(client, id)).Earlier.Select(e => e.LetterVersion).ShouldBe([1]);   // the second was the one in error
        using var inError = await client.GetAsync($"/api/me/letters/{LetterOf(id)}/versions/2", Ct);
        inError.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Clinics_enclosures_go_with_its_letters_from_then_on()   // R10
    {
        var clinic = $"c{Guid.CreateVersion7():n}";
        (await SetAsync(clinic, "a-directions", "How to find us", "text/html", Encoding.UTF8.GetBytes("<p>Lift B<script>x()</script></p>"))).ShouldBe(HttpStatusCode.NoContent);
        var first = await BookAsync(clinic);
        (await SetAsync(clinic, "a-directions", "How to find us now", "text/html", "<p>Lift C</p>"u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);
        (await SetAsync(clinic, "b-form", "Form", "application/pdf", PdfBytes("Fill this in"))).ShouldBe(HttpStatusCode.NoContent);
        var second = await BookAsync(clinic);

        using var before = letters.ClientOf(first.PatientId);
        (await before.GetFromJsonAsync<LetterContent>($"/api/me/letters/{first.LetterId}", RunningLetters.Json, Ct))!.Enclosures.Select(e => e.Title).ShouldBe(["How to find us"]);
        (await before.GetFromJsonAsync<EnclosureContent>($"/api/me/letters/{first.LetterId}/enclosures/1", RunningLetters.Json, Ct))!.Html.ShouldBe("<p>Lift B</p>");
        using var after = letters.ClientOf(second.PatientId);
        (await after.GetFromJsonAsync<LetterContent>($"/api/me/letters/{second.LetterId}", RunningLetters.Json, Ct))!.Enclosures.Select(e => e.Title).ShouldBe(["How to find us now", "Form"]);

        // A patient in large print gets no small form: a person's task (R10).
        using var large = await PrintTests.PrintAsync(letters, second.LetterId, PrintTests.Order() with { LargePrint = true });
        large.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var largeText = await PrintTests.PrintAsync(letters, first.LetterId, PrintTests.Order() with { LargePrint = true });
        largeText.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var administrator = letters.Machine("trust.admin", "trust");
        (await administrator.DeleteAsync($"/api/clinics/{clinic}/enclosures/b-form", Ct)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await administrator.GetFromJsonAsync<List<ClinicEnclosureLine>>($"/api/clinics/{clinic}/enclosures", RunningLetters.Json, Ct))!.Select(e => e.Key).ShouldBe(["a-directions"]);
    }

    [Theory]
    [InlineData("Bad Key", "Title", "text/html", "<p>x</p>")]
    [InlineData("key", " ", "text/html", "<p>x</p>")]
    [InlineData("key", "Title", "text/html", "<script>x</script>")]
    [InlineData("key", "Title", "application/msword", "x")]
    [InlineData("key", "Title", "application/pdf", "not a pdf")]
    public async Task Unusable_enclosure_of_a_clinic_is_refused(string key, string title, string type, string data) =>
        (await SetAsync("c1", Uri.EscapeDataString(key), title, type, Encoding.UTF8.GetBytes(data))).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Only_the_trust_administrator_sets_enclosures()
    {
        using var pas = letters.Machine("fhir.write");
        using var response = await pas.PutAsJsonAsync("/api/clinics/c1/enclosures/key", new ClinicEnclosureFile { Title = "T", ContentType = "text/html", Data = "<p>x</p>"u8.ToArray() }, Ct);
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Damaged_enclosure_does_not_hold_the_letter_back_and_is_alarmed()   // 123, A29
    {
        var (id, patient) = New();
        (await PutAsync(id, patient, Html("Clinic letter", "<p>Come.</p>"), ("Leaflet", "application/pdf", "%PDF-1.7\nrubbish"u8.ToArray()))).ShouldBe(HttpStatusCode.Created);
        using var client = letters.ClientOf(PatientOf(patient));
        (await LetterAsync(client, id)).Enclosures.ShouldBeEmpty();
        var task = await letters.EventAsync<RaiseTask>(e => e.LetterId == LetterOf(id), "nobody was told");
        (task.Code, task.Alarmed).ShouldBe((TaskCodes.Undeliverable, true));
    }

    [Fact]
    public async Task Damaged_letter_is_not_shown_and_is_alarmed_once()   // 123, A29
    {
        var (id, patient) = New();
        for (var time = 0; time < 2; time++)
            (await PutAsync(id, patient, ("Letter", "application/pdf", "%PDF-1.7\nrubbish"u8.ToArray()))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        var task = await letters.EventAsync<RaiseTask>(e => e.LetterId == LetterOf(id), "nobody was told");
        (task.Code, task.Alarmed, task.PatientId).ShouldBe((TaskCodes.Undeliverable, true, (Guid?)PatientOf(patient)));
        letters.Published.OfType<RaiseTask>().Where(e => e.LetterId == LetterOf(id)).Select(e => e.TaskId).Distinct().Count().ShouldBe(1);
        (await letters.LettersOfAsync(PatientOf(patient))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Letter_in_error_is_hidden_although_its_file_is_damaged()   // A34
    {
        var (id, patient) = New();
        await PutAsync(id, patient, Html("Letter", "<p>Wrong</p>"));
        (await PutAsync(id, patient, [("Letter", "application/pdf", "rubbish"u8.ToArray())], status: "entered-in-error")).ShouldBe(HttpStatusCode.OK);
        (await letters.LettersOfAsync(PatientOf(patient))).ShouldBeEmpty();
    }

    [Theory]   // 123: nothing that a reader would run
    [InlineData("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")]
    [InlineData("/OpenAction << /S /Launch /F (cmd.exe) >>")]
    [InlineData("/AA << /WC << /S /JavaScript /JS (x\\(\\)) >> >>")]
    [InlineData("/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (x\\(\\)) >>] >> >>")]
    public async Task Pdf_that_does_something_is_refused(string catalog)
    {
        var (id, patient) = New();
        (await PutAsync(id, patient, ("Letter", "application/pdf", RawPdf("")))).ShouldBe(HttpStatusCode.Created);
        (id, patient) = New();
        (await PutAsync(id, patient, ("Letter", "application/pdf", RawPdf(catalog)))).ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Letter_in_two_formats_has_no_enclosure()   // FHIR: several contents are one document in several formats
    {
        var (id, patient) = New();
        await PutAsync(id, patient, Html("Clinic letter", "<p>Come.</p>"), Pdf("Clinic letter", "Come."));
        using var client = letters.ClientOf(PatientOf(patient));
        var content = await LetterAsync(client, id);
        (content.Letter.HasHtml, content.Enclosures.Count).ShouldBe((true, 0));
    }

    [Fact]
    public async Task Markup_in_an_enclosures_title_is_text()   // 118, 119
    {
        var (id, patient) = New();
        await PutAsync(id, patient, Html("Clinic letter", "<p>Come.</p>"), Html("<script>alert(1)</script>\r\nSet-Cookie: x", "<p>Text</p>"));
        using var client = letters.ClientOf(PatientOf(patient));
        (await LetterAsync(client, id)).Enclosures.Single().Title.ShouldBe("<script>alert(1)</script>Set-Cookie: x");
        using var response = await PrintTests.PrintAsync(letters, LetterOf(id), PrintTests.Order());
        using var printed = PdfDocument.Open(await response.Content.ReadAsByteArrayAsync(Ct));
        PrintTests.AllText(printed).ShouldContain("<script>alert(1)</script>");
        using var file = await client.GetAsync($"/api/me/letters/{LetterOf(id)}/enclosures/1/pdf", Ct);
        file.Content.Headers.ContentDisposition!.FileName.ShouldBe("enclosure-1.pdf");
    }

    [Fact]
    public async Task Too_thick_for_one_envelope_is_a_persons_task()   // A29
    {
        var (id, patient) = New();
        await PutAsync(id, patient, Html("Clinic letter", "<p>Come.</p>"), Pdf("One", "x", pages: 20), Pdf("Two", "y", pages: 19));
        using var response = await PrintTests.PrintAsync(letters, LetterOf(id), PrintTests.Order());
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadAsStringAsync(Ct)).ShouldContain("too-thick");
    }

    [Fact]
    public async Task Letter_to_a_parent_speaks_to_the_parent()   // A31
    {
        var (id, patient) = New();
        await PutAsync(id, patient, Html("Clinic letter", "<p>Come.</p>"));
        using var response = await PrintTests.PrintAsync(letters, LetterOf(id), PrintTests.Order(["Parent or guardian of", "Amy Carter", "1 High Street", "LEEDS", "LS1 1AA"]) with { FullName = "Amy Carter", ToParent = true });
        using var printed = PdfDocument.Open(await response.Content.ReadAsByteArrayAsync(Ct));
        PrintTests.AllText(printed).ShouldContain("Dear parent or guardian of Amy Carter");
        PrintTests.AllText(printed).ShouldNotContain("Dear Amy");
    }

    [Fact]
    public async Task Patient_downloads_large_print()   // issue 4
    {
        var (id, patient) = New();
        await PutAsync(id, patient, Html("Clinic letter", "<p>Come to see us.</p>"));
        using var client = letters.ClientOf(PatientOf(patient));
        (await SizeAsync(client, id, "")).ShouldBe(12, 0.2);
        (await SizeAsync(client, id, "?large=true")).ShouldBe(16, 0.2);
    }

    private async Task<double> SizeAsync(HttpClient client, string id, string query)
    {
        using var pdf = PdfDocument.Open(await client.GetByteArrayAsync($"/api/me/letters/{LetterOf(id)}/pdf{query}", Ct));
        return pdf.GetPage(1).GetWords().First(w => w.Text == "Come").Letters[0].PointSize;
    }

    private async Task<LetterReady> BookAsync(string clinic)
    {
        var state = Some.Appointment() with { ClinicId = letters.Ids.Clinic("pas", clinic) };
        letters.Appointments.Set(state);
        await letters.PublishAsync(Some.Booked(state));
        return await letters.EventAsync<LetterReady>(e => e.AppointmentId == state.AppointmentId, "LetterReady never came");
    }

    private static Task<LetterContent> Load(HttpClient client, Guid letter) => client.GetFromJsonAsync<LetterContent>($"/api/me/letters/{letter}", RunningLetters.Json, Ct)!;

    private Task<LetterContent> LetterAsync(HttpClient client, string id) => Load(client, LetterOf(id));

    private Guid LetterOf(string id) => letters.Ids.Letter("pas", id);

    private Guid PatientOf(string patient) => letters.Ids.Patient("pas", patient);

    private static (string Id, string Patient) New() => ($"d{Guid.CreateVersion7():n}", $"p{Guid.CreateVersion7():n}");

    private async Task<HttpStatusCode> SetAsync(string clinic, string key, string title, string type, byte[] data)
    {
        using var administrator = letters.Machine("trust.admin", "trust");
        using var response = await administrator.PutAsJsonAsync($"/api/clinics/{clinic}/enclosures/{key}", new ClinicEnclosureFile { Title = title, ContentType = type, Data = data }, Ct);
        return response.StatusCode;
    }

    private Task<HttpStatusCode> PutAsync(string id, string patient, params (string Title, string Type, byte[] Data)[] attachments) => PutAsync(id, patient, attachments, "current");

    private async Task<HttpStatusCode> PutAsync(string id, string patient, (string Title, string Type, byte[] Data)[] attachments, string status)
    {
        var resource = new
        {
            resourceType = "DocumentReference",
            id,
            status,
            date = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture),
            subject = new { reference = $"Patient/{patient}" },
            content = (attachments.Length == 0 ? [("Letter", "text/html", "<p>x</p>"u8.ToArray())] : attachments)
                .Select(a => new { attachment = new { contentType = a.Type, data = Convert.ToBase64String(a.Data), title = a.Title } }),
        };
        using var pas = letters.Machine("fhir.write");
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(resource));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/fhir+json");
        using var response = await pas.PutAsync($"/fhir/DocumentReference/{id}", content, Ct);
        return response.StatusCode;
    }

    private static (string, string, byte[]) Html(string title, string html) => (title, "text/html", Encoding.UTF8.GetBytes(html));

    private static (string, string, byte[]) Pdf(string title, string text, int pages = 1) => (title, "application/pdf", PdfBytes(text, pages));

    private static byte[] PdfBytes(string text, int pages = 1)
    {
        using var builder = new PdfDocumentBuilder();
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        for (var i = 0; i < pages; i++) builder.AddPage(PageSize.A4).AddText(text, 12, new PdfPoint(60, 700), font);
        return builder.Build();
    }

    /// <summary>A whole PDF of one empty page, with something more in its catalogue.</summary>
    private static byte[] RawPdf(string catalog)
    {
        var text = new StringBuilder("%PDF-1.7\n");
        var offsets = new List<int>();
        foreach (var body in (string[])[$"<< /Type /Catalog /Pages 2 0 R {catalog} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>"])
        {
            offsets.Add(text.Length);
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{offsets.Count} 0 obj\n{body}\nendobj\n");
        }

        var xref = text.Length;
        text.Append("xref\n0 4\n0000000000 65535 f \n");
        foreach (var offset in offsets) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{offset:0000000000} 00000 n \n");
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
