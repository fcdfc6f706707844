using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PatientHub.Appointments.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Tests.Support;
using PatientHub.Testing;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace PatientHub.Letters.Tests;

/// <summary>Letters of the PAS: <c>PUT /fhir/DocumentReference/{id}</c>.</summary>
public sealed class DocumentTests(RunningLetters letters)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Uk_core_example_with_an_address_is_taken_with_a_warning_and_nothing_is_fetched()
    {
        const string id = "UKCore-DocumentReference-CarePlanReportPDF-Example";
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        // As it is, but for the host: here we would see somebody fetch it.
        var example = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", id + ".xml"), Ct))
            .Replace("https://health.trust.uk/", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/", StringComparison.Ordinal);
        using var content = new StringContent(example, Encoding.UTF8, "application/fhir+xml");
        using var pas = letters.Machine("fhir.write");
        using var response = await pas.PutAsync($"/fhir/DocumentReference/{id}", content, Ct);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var outcome = await response.Content.ReadAsStringAsync(Ct);
        outcome.ShouldContain("DocumentReference.content[0].attachment.url");
        outcome.ShouldContain("warning");
        listener.Pending().ShouldBeFalse();
        var letterId = letters.Ids.Letter("pas", id);
        (await letters.ScalarAsync<long>($"select count(*) from feed_issue where letter_id = '{letterId}'")).ShouldBe(1);
        (await letters.LettersOfAsync(letters.Ids.Patient("pas", "UKCore-Patient-RichardSmith-Example"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Html_letter_is_shown_without_anything_dangerous_and_has_the_ladder()   // R10, 119
    {
        var document = Document.Html("""
            <html><head><title>T</title><script>alert(1)</script></head><body onload="x()"><h1>Your results</h1>
            <p style="background:url(http://evil.example/)">All is well.<img src="http://evil.example/x.png"></p>
            <a href="javascript:alert(1)">bad</a><a href="https://www.nhs.uk">good</a><iframe src="http://evil.example"></iframe></body></html>
            """);
        (await PutAsync(document)).Status.ShouldBe(HttpStatusCode.Created);

        var ready = await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(document), "LetterReady never came");
        (ready.Ladder, ready.AppointmentId, ready.LetterVersion).ShouldBe((true, (Guid?)null, 1));
        var mine = (await letters.LettersOfAsync(PatientId(document))).ShouldHaveSingleItem();
        mine.Title.ShouldBe("Clinic letter");
        var html = (await OpenAsync(document)).Html.ShouldNotBeNull();
        html.ShouldContain("All is well.");
        html.ShouldContain("https://www.nhs.uk");
        foreach (var bad in (string[])["script", "evil", "javascript", "onload", "style", "iframe"]) html.ShouldNotContain(bad);
    }

    [Fact]
    public async Task Same_document_twice_changes_nothing_and_an_older_one_is_412()   // A34
    {
        var document = Document.Html("<p>First</p>") with { LastUpdated = DateTimeOffset.UtcNow };
        (await PutAsync(document)).Status.ShouldBe(HttpStatusCode.Created);
        (await PutAsync(document with { LastUpdated = DateTimeOffset.UtcNow.AddMinutes(1) })).Status.ShouldBe(HttpStatusCode.OK);
        (await PutAsync(document with { Data = Bytes("<p>Older</p>"), LastUpdated = DateTimeOffset.UtcNow.AddHours(-1) })).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await PutAsync(document with { Data = Bytes("<p>Second</p>"), LastUpdated = DateTimeOffset.UtcNow.AddMinutes(2) })).Status.ShouldBe(HttpStatusCode.OK);

        var ended = await letters.EventAsync<LetterSuperseded>(e => e.LetterId == LetterId(document), "the first version never ended");
        (ended.LetterVersion, ended.ReplacedByVersion).ShouldBe((1, 2));
        await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(document) && e.LetterVersion == 2, "the second version never came");
        letters.Published.OfType<LetterReady>().Count(e => e.LetterId == LetterId(document)).ShouldBe(2);
        (await OpenAsync(document)).Html!.ShouldContain("Second");
    }

    [Fact]
    public async Task Old_document_is_shown_without_a_ladder()   // design section 2, Letters
    {
        var fresh = Document.Html("<p>Fresh</p>") with { Date = DateTimeOffset.UtcNow.AddDays(-13) };
        var old = Document.Html("<p>Old</p>") with { Date = DateTimeOffset.UtcNow.AddDays(-16) };
        await PutAsync(fresh);
        await PutAsync(old);
        (await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(fresh), "LetterReady never came")).Ladder.ShouldBeTrue();
        (await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(old), "LetterReady never came")).Ladder.ShouldBeFalse();
        (await letters.LettersOfAsync(PatientId(old))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Entered_in_error_is_hidden_at_once_recalled_and_a_task()   // A34
    {
        var document = Document.Html("<p>Not for you</p>");
        await PutAsync(document);
        (await PutAsync(document with { Status = "entered-in-error", LastUpdated = DateTimeOffset.UtcNow.AddMinutes(1) })).Status.ShouldBe(HttpStatusCode.OK);

        (await letters.LettersOfAsync(PatientId(document))).ShouldBeEmpty();
        (await letters.EventAsync<LetterSuperseded>(e => e.LetterId == LetterId(document), "the letter was never recalled")).ReplacedByVersion.ShouldBeNull();
        var task = await letters.EventAsync<RaiseTask>(e => e.LetterId == LetterId(document), "no task was raised");
        (task.Code, task.Alarmed).ShouldBe((TaskCodes.PossibleDisclosure, true));
    }

    [Fact]
    public async Task Another_subject_is_refused_and_the_old_letter_hidden()   // A34
    {
        var document = Document.Html("<p>Private</p>");
        await PutAsync(document);
        var other = document with { Patient = $"p{Guid.CreateVersion7():n}", LastUpdated = DateTimeOffset.UtcNow.AddMinutes(1) };
        var answer = await PutAsync(other);

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Body.ShouldContain("DocumentReference.subject");
        (await letters.LettersOfAsync(PatientId(document))).ShouldBeEmpty();
        (await letters.LettersOfAsync(PatientId(other))).ShouldBeEmpty();
        (await letters.EventAsync<RaiseTask>(e => e.LetterId == LetterId(document), "no task was raised")).Code.ShouldBe(TaskCodes.PossibleDisclosure);
        (await letters.EventAsync<LetterSuperseded>(e => e.LetterId == LetterId(document), "the letter was never recalled")).ReplacedByVersion.ShouldBeNull();
    }

    [Fact]
    public async Task Letter_of_a_known_appointment_of_another_patient_is_refused()   // A34
    {
        var source = $"a{Guid.CreateVersion7():n}";
        var state = Some.Appointment(id: letters.Ids.Appointment("pas", source), source: LetterSource.Pas);
        await letters.PublishAsync(Some.Booked(state));
        await KnownAsync(state);
        var document = Document.Html("<p>Wrong</p>") with { Appointment = source };
        (await PutAsync(document)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await letters.LettersOfAsync(PatientId(document))).ShouldBeEmpty();
        (await letters.EventAsync<RaiseTask>(e => e.LetterId == LetterId(document), "no task was raised")).Code.ShouldBe(TaskCodes.RecordConflict);
    }

    [Theory]
    [InlineData("not a pdf at all", "not a PDF")]
    [InlineData("%PDF-1.7\nrubbish", "damaged")]
    [InlineData("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "not a PDF")]
    public async Task Corrupt_pdf_is_refused_and_the_route_lives_on(string text, string reason)   // 123
    {
        var document = Document.Pdf(Bytes(text));
        var answer = await PutAsync(document);
        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Body.ShouldContain("DocumentReference.content[0].attachment.data");
        answer.Body.ShouldContain(reason);
        (await letters.ScalarAsync<long>($"select count(*) from letter where letter_id = '{LetterId(document)}'")).ShouldBe(0);
        (await PutAsync(document with { Data = Pdf() })).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Huge_pdf_is_refused()   // 117, 123
    {
        var big = new byte[6 * 1024 * 1024];
        "%PDF-1.7"u8.CopyTo(big);
        (await PutAsync(Document.Pdf(big))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await PutAsync(Document.Pdf(new byte[9 * 1024 * 1024]))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Damaged_on_the_way_is_refused()
    {
        (await PutAsync(Document.Html("<p>Text</p>") with { Size = 3 })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await PutAsync(Document.Html("<p>Text</p>") with { Hash = new byte[20] })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await PutAsync(Document.Html("") with { Data = [0xC3, 0x28] })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await PutAsync(Document.Html("<p>a\0b</p>"))).Status.ShouldBe(HttpStatusCode.Created);   // U+0000 is harmless by the rules of HTML
        (await PutAsync(Document.Html("<script>only()</script>"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Pas_pdf_is_kept_as_it_is_and_printed_behind_an_address_sheet()   // design section 2
    {
        var pdf = Pdf(pages: 2);
        var document = Document.Pdf(pdf);
        await PutAsync(document);
        using var client = letters.ClientOf(PatientId(document));
        // The title and a link are not the letter: nothing is opened until the PDF itself was asked for (A3).
        var content = (await OpenAsync(document)).ShouldNotBeNull();
        (content.Html, content.Letter.HasHtml, content.Letter.Opened).ShouldBe(((string?)null, false, false));
        (await letters.LettersOfAsync(PatientId(document))).ShouldHaveSingleItem().Opened.ShouldBeFalse();
        (await client.GetByteArrayAsync($"/api/me/letters/{LetterId(document)}/pdf", Ct)).ShouldBe(pdf);
        await letters.EventAsync<LetterOpened>(e => e.LetterId == LetterId(document), "the download never counted as opened");

        using var response = await PrintTests.PrintAsync(letters, LetterId(document), PrintTests.Order());
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var printed = PdfDocument.Open(await response.Content.ReadAsByteArrayAsync(Ct));
        printed.NumberOfPages.ShouldBe(4);   // address sheet, its empty back, the two pages
        PrintTests.AllText(printed).ShouldContain("Zebedee Quillfeather");
        printed.GetPage(3).Text.ShouldContain("Page one of the hospital");
        foreach (var page in printed.GetPages()) page.Text.ShouldContain(LetterId(document).ToString());

        using var large = await PrintTests.PrintAsync(letters, LetterId(document), PrintTests.Order() with { LargePrint = true });
        large.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Clinic_whose_letters_come_from_the_pas_waits_for_them()   // A29
    {
        var source = $"a{Guid.CreateVersion7():n}";
        var patient = $"p{Guid.CreateVersion7():n}";
        var state = Some.Appointment(id: letters.Ids.Appointment("pas", source), patientId: letters.Ids.Patient("pas", patient), source: LetterSource.Pas);
        letters.Appointments.Set(state);
        await letters.PublishAsync(Some.Booked(state));
        await KnownAsync(state);
        (await letters.ScalarAsync<long>($"select count(*) from appointment_copy where appointment_id = '{state.AppointmentId}' and letter_due_at between now() + interval '3 hours 50 minutes' and now() + interval '4 hours'")).ShouldBe(1);

        var document = Document.Html("<p>From the hospital system</p>") with { Appointment = source, Patient = patient };
        await PutAsync(document);
        var ready = await letters.EventAsync<LetterReady>(e => e.AppointmentId == state.AppointmentId, "the letter never came");
        (ready.LetterId, ready.Revision, ready.Ladder).ShouldBe((LetterId(document), 0, true));
        (await letters.ScalarAsync<long>($"select count(*) from appointment_copy where appointment_id = '{state.AppointmentId}' and letter_due_at is null")).ShouldBe(1);
    }

    [Fact]
    public async Task No_letter_from_the_pas_in_time_makes_the_template_letter_and_alarms_and_a_late_one_replaces_it()   // A29
    {
        var source = $"a{Guid.CreateVersion7():n}";
        var patient = $"p{Guid.CreateVersion7():n}";
        var state = Some.Appointment(id: letters.Ids.Appointment("pas", source), patientId: letters.Ids.Patient("pas", patient), source: LetterSource.Pas);
        letters.Appointments.Set(state);
        await letters.PublishAsync(Some.Booked(state));
        await KnownAsync(state);
        await letters.SqlAsync($"update appointment_copy set letter_due_at = now() where appointment_id = '{state.AppointmentId}'");   // four hours later

        var standIn = await letters.EventAsync<LetterReady>(e => e.AppointmentId == state.AppointmentId, "the template letter was never made");
        var task = await letters.EventAsync<RaiseTask>(e => e.AppointmentId == state.AppointmentId, "nobody was alarmed");
        (task.Code, task.Alarmed).ShouldBe((TaskCodes.Undeliverable, true));

        var document = Document.Html("<p>Late</p>") with { Appointment = source, Patient = patient };
        await PutAsync(document);
        await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(document), "the late letter never came");
        await letters.EventAsync<LetterSuperseded>(e => e.LetterId == standIn.LetterId, "the stand-in never ended");
        (await letters.LettersOfAsync(state.PatientId)).ShouldHaveSingleItem().LetterId.ShouldBe(LetterId(document));
    }

    [Fact]
    public async Task Letter_that_comes_before_its_appointment_is_announced_with_it()   // A34
    {
        var source = $"a{Guid.CreateVersion7():n}";
        var patient = $"p{Guid.CreateVersion7():n}";
        var document = Document.Html("<p>Early</p>") with { Appointment = source, Patient = patient };
        await PutAsync(document);
        (await letters.LettersOfAsync(PatientId(document))).ShouldHaveSingleItem();   // readable at once

        var state = Some.Appointment(id: letters.Ids.Appointment("pas", source), patientId: letters.Ids.Patient("pas", patient), source: LetterSource.Pas);
        await letters.PublishAsync(Some.Booked(state));
        var ready = await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(document), "LetterReady never came");
        (ready.AppointmentId, ready.Revision, ready.LetterVersion).ShouldBe((state.AppointmentId, 0, 1));
    }

    [Fact]
    public async Task Moved_appointment_withdraws_the_letter_of_the_pas_with_the_old_time_and_keeps_one_sent_after_the_move()   // A15
    {
        var source = $"a{Guid.CreateVersion7():n}";
        var patient = $"p{Guid.CreateVersion7():n}";
        var state = Some.Appointment(id: letters.Ids.Appointment("pas", source), patientId: letters.Ids.Patient("pas", patient), source: LetterSource.Pas);
        await letters.PublishAsync(Some.Booked(state));
        await KnownAsync(state);
        var old = Document.Html("<p>Old time</p>") with { Appointment = source, Patient = patient };
        await PutAsync(old);
        await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(old), "LetterReady never came");

        var moved = state.Moved();
        var fresh = Document.Html("<p>New time</p>") with { Appointment = source, Patient = patient };
        await PutAsync(fresh);                                  // faster than the event of the move
        await letters.PublishAsync(Some.Changed(moved));

        (await letters.EventAsync<LetterSuperseded>(e => e.LetterId == LetterId(old), "the old letter never ended")).ReplacedByVersion.ShouldBeNull();
        (await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(fresh) && e.Revision == 1, "the new letter never belonged to the new revision")).AppointmentId.ShouldBe(state.AppointmentId);
        (await letters.LettersOfAsync(state.PatientId)).ShouldHaveSingleItem().LetterId.ShouldBe(LetterId(fresh));
    }

    [Fact]
    public async Task Letter_after_the_cancellation_stands_on_its_own_and_has_the_ladder()   // R10, A23
    {
        var source = $"a{Guid.CreateVersion7():n}";
        var patient = $"p{Guid.CreateVersion7():n}";
        var state = Some.Appointment(id: letters.Ids.Appointment("pas", source), patientId: letters.Ids.Patient("pas", patient), source: LetterSource.Pas);
        await letters.PublishAsync(new AppointmentCancelledByHospital
        {
            Appointment = state with { PasStatus = PasStatus.Cancelled, Version = 2, Invites = false },
            AskedByPatient = false,
            OccurredAt = DateTimeOffset.UtcNow,
        });
        await KnownAsync(state);
        var document = Document.Html("<p>We are sorry</p>") with { Appointment = source, Patient = patient };
        await PutAsync(document);
        var ready = await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(document), "LetterReady never came");
        (ready.AppointmentId, ready.Ladder).ShouldBe(((Guid?)null, true));
    }

    [Fact]
    public async Task Second_letter_of_an_appointment_has_a_ladder_of_its_own_and_stays_when_the_appointment_moves()   // R10
    {
        var source = $"a{Guid.CreateVersion7():n}";
        var patient = $"p{Guid.CreateVersion7():n}";
        var state = Some.Appointment(id: letters.Ids.Appointment("pas", source), patientId: letters.Ids.Patient("pas", patient), source: LetterSource.Pas);
        await letters.PublishAsync(Some.Booked(state));
        await KnownAsync(state);
        var letter = Document.Html("<p>Letter</p>") with { Appointment = source, Patient = patient };
        var leaflet = Document.Html("<p>Leaflet</p>") with { Appointment = source, Patient = patient };
        await PutAsync(letter);
        await PutAsync(leaflet);
        await letters.SqlAsync($"update letter set announce_due_at = now() where letter_id = '{LetterId(leaflet)}'");   // a minute later
        await letters.WatchAsync();

        (await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(letter), "LetterReady never came")).AppointmentId.ShouldBe(state.AppointmentId);
        var own = await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(leaflet), "LetterReady of the leaflet never came");
        (own.AppointmentId, own.Revision, own.Ladder).ShouldBe(((Guid?)null, (int?)null, true));
        (await letters.LettersOfAsync(state.PatientId)).ShouldAllBe(l => l.AppointmentId == state.AppointmentId);

        await letters.PublishAsync(Some.Changed(state.Moved()));
        await letters.EventAsync<LetterSuperseded>(e => e.LetterId == LetterId(letter), "the letter with the old time never ended");
        (await letters.LettersOfAsync(state.PatientId)).ShouldHaveSingleItem().LetterId.ShouldBe(LetterId(leaflet));
        letters.Published.OfType<RaiseTask>().ShouldNotContain(t => t.LetterId == LetterId(leaflet));
    }

    [Fact]
    public async Task Document_for_an_appointment_with_a_template_letter_does_not_take_that_away()
    {
        var source = $"a{Guid.CreateVersion7():n}";
        var patient = $"p{Guid.CreateVersion7():n}";
        var state = Some.Appointment(id: letters.Ids.Appointment("pas", source), patientId: letters.Ids.Patient("pas", patient));
        letters.Appointments.Set(state);
        await letters.PublishAsync(Some.Booked(state));
        await letters.EventAsync<LetterReady>(e => e.AppointmentId == state.AppointmentId, "the template letter never came");
        var document = Document.Html("<p>Directions</p>") with { Appointment = source, Patient = patient };
        await PutAsync(document);
        (await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(document), "LetterReady never came")).AppointmentId.ShouldBeNull();
        (await letters.LettersOfAsync(state.PatientId)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Document_that_replaces_another_takes_it_back()
    {
        var first = Document.Html("<p>First</p>");
        await PutAsync(first);
        var second = Document.Html("<p>Second</p>") with { Patient = first.Patient, Replaces = first.Id };
        await PutAsync(second);
        (await letters.EventAsync<LetterSuperseded>(e => e.LetterId == LetterId(first), "the replaced letter never ended")).ReplacedByVersion.ShouldBeNull();
        (await letters.LettersOfAsync(PatientId(first))).ShouldHaveSingleItem().LetterId.ShouldBe(LetterId(second));

        // Nobody takes back another patient's letter.
        var stranger = Document.Html("<p>Third</p>") with { Replaces = second.Id };
        await PutAsync(stranger);
        (await letters.LettersOfAsync(PatientId(first))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Same_new_document_sent_many_times_at_once_is_one_letter()   // 29, 111
    {
        var document = Document.Html("<p>Once</p>");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PutAsync(document)));
        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(7);
        (await letters.ScalarAsync<long>($"select count(*) from letter_version where letter_id = '{LetterId(document)}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Opening_and_replacing_at_once_end_with_the_new_version_unopened()   // A3, A15
    {
        for (var round = 0; round < 10; round++)
        {
            var document = Document.Html("<p>Old</p>");
            await PutAsync(document);
            var opening = OpenAsync(document);
            var replacing = PutAsync(document with { Data = Bytes("<p>New</p>"), LastUpdated = DateTimeOffset.UtcNow.AddMinutes(1) });
            var (content, answer) = (await opening, await replacing);
            answer.Status.ShouldBe(HttpStatusCode.OK);
            var mine = (await letters.LettersOfAsync(PatientId(document))).ShouldHaveSingleItem();
            // Whoever saw the new text has opened the new version, nobody else has.
            (mine.LetterVersion, mine.Opened).ShouldBe((2, content.Letter.LetterVersion == 2));
        }
    }

    [Fact]
    public async Task Letter_of_an_appointment_that_never_comes_goes_on_its_own_and_is_alarmed()   // A29, A34
    {
        var document = Document.Html("<p>Alone</p>") with { Appointment = $"a{Guid.CreateVersion7():n}" };
        await PutAsync(document);
        await letters.SqlAsync($"update letter set announce_due_at = now() where letter_id = '{LetterId(document)}'");   // four hours later
        await letters.WatchAsync();
        (await letters.EventAsync<LetterReady>(e => e.LetterId == LetterId(document), "LetterReady never came")).AppointmentId.ShouldBeNull();
        (await letters.EventAsync<RaiseTask>(e => e.LetterId == LetterId(document), "nobody was alarmed")).Alarmed.ShouldBeTrue();
    }

    [Fact]
    public async Task Not_fhir_is_refused_with_the_element()
    {
        using var pas = letters.Machine("fhir.write");
        using var content = new StringContent("""{"resourceType":"DocumentReference","id":"x","status":"nonsense","content":[]}""", Encoding.UTF8, "application/fhir+json");
        using var response = await pas.PutAsync("/fhir/DocumentReference/x", content, Ct);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Ct)).ShouldContain("DocumentReference.status");
        var noSubject = await PutAsync(Document.Html("<p>x</p>") with { Patient = null });
        noSubject.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        noSubject.Body.ShouldContain("DocumentReference.subject");
    }

    private async Task KnownAsync(AppointmentState state) =>
        await Eventually.True(async () => await letters.ScalarAsync<long>($"select count(*) from appointment_copy where appointment_id = '{state.AppointmentId}'") == 1, "the appointment never became known");

    private Guid LetterId(Document document) => letters.Ids.Letter("pas", document.Id);

    private Guid PatientId(Document document) => letters.Ids.Patient("pas", document.Patient!);

    private async Task<LetterContent> OpenAsync(Document document)
    {
        using var client = letters.ClientOf(PatientId(document));
        return (await client.GetFromJsonAsync<LetterContent>($"/api/me/letters/{LetterId(document)}", RunningLetters.Json, Ct))!;
    }

    private async Task<(HttpStatusCode Status, string Body)> PutAsync(Document document)
    {
        using var pas = letters.Machine("fhir.write");
        using var content = new ByteArrayContent(document.ToJson());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/fhir+json");
        using var response = await pas.PutAsync($"/fhir/DocumentReference/{document.Id}", content, Ct);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Pdf(int pages = 1)
    {
        using var builder = new PdfDocumentBuilder();
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        for (var i = 0; i < pages; i++) builder.AddPage(PageSize.A4).AddText(i == 0 ? "Page one of the hospital" : "Page two", 12, new PdfPoint(60, 700), font);
        return builder.Build();
    }
}
