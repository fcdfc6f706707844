using System.Net;
using PatientHub.Proving.Actors;
using PatientHub.Proving.Books;
using Shouldly;

namespace PatientHub.Proving.Scenarios;

// Checklist G and H, as far as they need the whole system; the others are tests of their services, with the same numbers.

[Checklist(87, "same right code twice in parallel", Quick = true)]
public sealed class SameCodeTwice : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (person, _) = (await scene.FeedAsync(1))[0];
        var patient = scene.Online(person);
        (await patient.BeginSignInAsync()).ShouldBeTrue();
        var code = (await patient.CodeAsync()).ShouldNotBeNull();
        var before = (await scene.Db.RowsAsync("identitydb", "select count(*) from session", r => r.GetInt64(0)))[0];
        var page = (await patient.OpenAsync("/sign-in/code")).ShouldNotBeNull();
        var askedAt = DateTimeOffset.UtcNow;
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => patient.Browser.SubmitAsync(page, "main form:has(input[name='Code'])", ("Code", code.Code!))));
        answers.Count(answer => answer.Location == "/home").ShouldBe(1);
        (await scene.Db.RowsAsync("identitydb", "select count(*) from session", r => r.GetInt64(0)))[0].ShouldBe(before + 1);
        scene.Ledger.Add(new CodeTyped(askedAt, DateTimeOffset.UtcNow, 204, "in parallel", code.CreatedAt, person.CodesGoTo, code.Code!, code.CreatedAt, SignedIn: true));
    }
}

[Checklist(95, "a number not on record, premium, satellite and personal numbers: the same page, nothing sent", Quick = true)]
public sealed class NumbersThatGetNothing : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        // Nobody has it: not the simulators' people (07700 900xxx), nor anybody invented (from 07700 910000 on).
        const string OfNobody = "07700 905123";
        // What the PAS has on record all the same: premium rate, a satellite telephone, a personal number.
        foreach (var number in (string[])["0909 879 0001", "+881 6 1234 5678", "070 1234 5678", OfNobody])
        {
            var person = scene.NewPerson() with { Mobile = number };
            if (number != OfNobody)
                (await scene.Pas.SendAsync(person)).ShouldBe(201);
            (await scene.Online(person).BeginSignInAsync()).ShouldBeTrue($"{number}: the page that everybody gets");
        }

        // A patient who signs in afterwards has his code: what was to be sent before him has been.
        (await scene.SignedInAsync()).Patient.ShouldNotBeNull();
        foreach (var number in (string[])["+449098790001", "+881612345678", "+447012345678", "+447700905123"])
            (await scene.Hub.MessagesAsync(number)).ShouldBeEmpty(number);
    }
}

[Checklist(105, "another patient's appointment, letter and calendar entry by id", Quick = true)]
public sealed class OthersIds : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        var (other, _) = await scene.SignedInAsync();
        await patient.ReadLetterAsync(booking);
        var own = scene.Hub.Ids.Appointment("pas", booking.SourceId);
        var letter = scene.Ledger.All<LetterRead>().Last(read => read.PatientSourceId == patient.Person.SourceId).LetterId;
        foreach (var path in (string[])[$"/appointments/{own}", $"/appointments/{own}/calendar.ics", $"/appointments/{own}/rebook", $"/appointments/{own}/cancel", $"/letters/{letter}", $"/letters/{letter}/pdf"])
        {
            var mine = await other.Browser.GetAsync(path);
            var missing = await other.Browser.GetAsync(path.Replace(own.ToString(), Guid.CreateVersion7().ToString(), StringComparison.Ordinal).Replace(letter.ToString(), Guid.CreateVersion7().ToString(), StringComparison.Ordinal));
            mine.Status.ShouldBe(HttpStatusCode.NotFound, path);
            (mine.Status, mine.Main).ShouldBe((missing.Status, missing.Main), path);
            mine.Text.ShouldNotContain(patient.Person.Family);
        }
    }
}

[Checklist(106, "double-click accept; accept and cancel at once in two tabs", Quick = true)]
public sealed class TwoTabs : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        var id = scene.Hub.Ids.Appointment("pas", booking.SourceId);
        await patient.ReadLetterAsync(booking);
        var letter = patient.Shown.ShouldNotBeNull();
        var cancel = (await patient.OpenAsync($"/appointments/{id}/cancel")).ShouldNotBeNull();
        var askedAt = DateTimeOffset.UtcNow;
        var answers = await Task.WhenAll(
            patient.Browser.SubmitAsync(letter, "form[action$='/accept']"), patient.Browser.SubmitAsync(letter, "form[action$='/accept']"),
            patient.Browser.SubmitAsync(cancel, "form:has([name='Details'])", ("Details", "")));
        answers.ShouldAllBe(answer => (int)answer.Status < 500);
        var decided = await scene.Db.RowsAsync("appointmentsdb", $"select answer from answer where appointment_id = '{id}'", r => r.GetString(0));
        decided.Count.ShouldBe(decided.Distinct().Count(), "no decision is there twice");
        foreach (var decision in decided)
            scene.Ledger.Add(new PatientDecided(askedAt, DateTimeOffset.UtcNow, 204, booking.SourceId, decision == "accepted" ? "accept" : "cancel"));
    }
}

[Checklist(109, "cancel inside 5 days by hand-made POST", Quick = true)]
public sealed class CancelInsideFiveDays : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var person = scene.NewPerson();
        var booking = scene.NewBooking(person);
        await scene.Pas.SendAsync(person);
        await scene.Pas.SendAsync(booking);
        await scene.LetterIsReadyAsync(booking);
        var patient = scene.Online(person);
        (await patient.SignInAsync()).ShouldBeTrue();
        var id = scene.Hub.Ids.Appointment("pas", booking.SourceId);
        var form = (await patient.OpenAsync($"/appointments/{id}/cancel")).ShouldNotBeNull();
        // The form is open when the hospital moves the appointment into the next days.
        (await scene.Pas.SendAsync(booking with { Start = new DateTimeOffset(DateTimeOffset.UtcNow.Date, TimeSpan.Zero).AddDays(3), LastUpdated = scene.Pas.Stamp() })).ShouldBe(200);
        var answer = await patient.Browser.FollowAsync(await patient.Browser.SubmitAsync(form, "form:has([name='Details'])", ("Details", "")));
        answer.Main.ShouldContain("0113");
        (await scene.Db.RowsAsync("appointmentsdb", $"select count(*) from answer where appointment_id = '{id}'", r => r.GetInt64(0)))[0].ShouldBe(0);
        (await patient.CancelAsync(booking)).ShouldBe(409);
    }
}

[Checklist(110, "decision on a superseded and on a cancelled appointment", Quick = true)]
public sealed class DecisionOnWhatIsOver : Scenario
{
    public override async Task RunAsync(Scene scene)
    {
        var (patient, booking) = await scene.SignedInAsync();
        await patient.ReadLetterAsync(booking);
        var letter = patient.Shown.ShouldNotBeNull();
        var moved = booking with { Start = booking.Start.AddDays(7), LastUpdated = scene.Pas.Stamp() };
        (await scene.Pas.SendAsync(moved)).ShouldBe(200);
        (await patient.Browser.SubmitAsync(letter, "form[action$='/accept']")).Location.ShouldContain("tried=");
        (await scene.Pas.SendAsync(moved with { Status = "cancelled", LastUpdated = scene.Pas.Stamp() })).ShouldBe(200);
        (await patient.CancelAsync(booking)).ShouldBe(409);
        (await scene.Db.RowsAsync("appointmentsdb", $"select count(*) from answer where appointment_id = '{scene.Hub.Ids.Appointment("pas", booking.SourceId)}'", r => r.GetInt64(0)))[0].ShouldBe(0);
    }
}
