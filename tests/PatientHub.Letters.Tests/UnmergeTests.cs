using PatientHub.Identity.Contracts;
using PatientHub.Letters.Contracts;
using PatientHub.Letters.Tests.Support;
using PatientHub.PostalFallback.Contracts;
using PatientHub.Testing;

namespace PatientHub.Letters.Tests;

/// <summary>A merge that was taken back (A30): whose a letter without an appointment is says the record under which it was sent.</summary>
public sealed class UnmergeTests(RunningLetters letters)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Letters_sent_under_the_record_go_back_to_it_at_once_and_the_survivors_stay()
    {
        var (own, survivor) = ($"p{Guid.CreateVersion7():n}", $"p{Guid.CreateVersion7():n}");
        var (before, theirs) = (await SendAsync(own), await SendAsync(survivor));
        await MergeAsync(own, survivor, before);
        var meanwhile = await SendAsync(own, owner: survivor);
        (await OfAsync(survivor)).ShouldBe([before, theirs, meanwhile], ignoreOrder: true);

        await UnmergeAsync(own, survivor);
        (await OfAsync(own)).ShouldBe([before, meanwhile], ignoreOrder: true);
        (await OfAsync(survivor)).ShouldBe([theirs]);

        // A later document under the record's own id is its own, and the same one again is no other subject.
        var later = await SendAsync(own);
        (await OfAsync(own)).ShouldContain(later);
    }

    [Fact]
    public async Task What_its_own_patient_has_not_seen_is_announced_anew_and_what_he_has_seen_is_not()
    {
        var (own, survivor) = ($"p{Guid.CreateVersion7():n}", $"p{Guid.CreateVersion7():n}");
        var (read, posted, unread) = (await SendAsync(own), await SendAsync(own), await SendAsync(own));
        await OpenAsync(own, read);
        await letters.PublishAsync(new LetterPosted { LetterId = posted, LetterVersion = 1, PatientId = Id(own), OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await letters.ScalarAsync<long>($"select count(*) from letter_version where letter_id = '{posted}' and posted_at is not null") == 1, "the post was never recorded");
        await MergeAsync(own, survivor, unread);
        var wrongly = await SendAsync(own, owner: survivor);
        await OpenAsync(survivor, wrongly);

        await UnmergeAsync(own, survivor);
        foreach (var letter in new[] { unread, wrongly })
        {
            var anew = await letters.EventAsync<LetterReady>(e => e.LetterId == letter && e.LetterVersion == 2, "the letter was never announced to its own patient");
            (anew.PatientId, anew.Ladder, anew.AppointmentId).ShouldBe((Id(own), true, null));
        }

        var mine = await letters.LettersOfAsync(Id(own));
        mine.Where(letter => letter.LetterVersion == 2).Select(letter => letter.LetterId).ShouldBe([unread, wrongly], ignoreOrder: true);
        mine.Single(letter => letter.LetterId == wrongly).Opened.ShouldBeFalse("another person read it");
    }

    [Fact]
    public async Task Unmerge_that_is_heard_after_a_newer_merge_leads_letters_where_they_belong_by_now()
    {
        var (own, first, second) = ($"p{Guid.CreateVersion7():n}", $"p{Guid.CreateVersion7():n}", $"p{Guid.CreateVersion7():n}");
        var letter = await SendAsync(own);
        await MergeAsync(own, first, letter);
        await letters.PublishAsync(new PatientMerged { FromPatientId = Id(own), ToPatientId = Id(second), OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await letters.ScalarAsync<long>($"select count(*) from patient_merge where from_patient_id = '{Id(own)}' and to_patient_id = '{Id(second)}'") == 1, "the newer merge was never heard of");
        await letters.PublishAsync(new PatientUnmerged { PatientId = Id(own), FromPatientId = Id(first), OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await OfAsync(second)).Contains(letter), "the letter never followed");
        (await OfAsync(first)).ShouldBeEmpty();
        (await letters.ScalarAsync<long>($"select count(*) from patient_merge where from_patient_id = '{Id(own)}'")).ShouldBe(1, "the newer merge stands");
    }

    private async Task<Guid> SendAsync(string patient, string? owner = null)
    {
        var document = Document.Html("<p>Your results</p>") with { Patient = patient };
        using var pas = letters.Machine("fhir.write");
        (await pas.PutAsync($"/fhir/DocumentReference/{document.Id}", document.ToContent(), Ct)).EnsureSuccessStatusCode();
        var id = letters.Ids.Letter("pas", document.Id);
        await letters.EventAsync<LetterReady>(e => e.LetterId == id && e.PatientId == Id(owner ?? patient), "the letter was never ready");
        return id;
    }

    private async Task MergeAsync(string from, string to, Guid letter)
    {
        await letters.PublishAsync(new PatientMerged { FromPatientId = Id(from), ToPatientId = Id(to), OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await OfAsync(to)).Contains(letter), "the survivor never got the letter");
    }

    private async Task UnmergeAsync(string own, string survivor)
    {
        await letters.PublishAsync(new PatientUnmerged { PatientId = Id(own), FromPatientId = Id(survivor), OccurredAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => (await OfAsync(own)).Count > 0, "nothing ever came back");
    }

    private async Task OpenAsync(string patient, Guid letter)
    {
        using var client = letters.ClientOf(Id(patient));
        (await client.GetAsync($"/api/me/letters/{letter}", Ct)).EnsureSuccessStatusCode();
    }

    private async Task<List<Guid>> OfAsync(string patient) => (await letters.LettersOfAsync(Id(patient))).ConvertAll(letter => letter.LetterId);

    private Guid Id(string patient) => letters.Ids.Patient("pas", patient);
}
