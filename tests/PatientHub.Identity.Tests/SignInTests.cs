using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Identity.Contracts.Http;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.Identity.Tests.Support;
using PatientHub.Notifications.Contracts;
using PatientHub.Testing;
using PatientContact = PatientHub.Identity.Contracts.Http.PatientContact;

namespace PatientHub.Identity.Tests;

/// <summary>R11 to R17, A12 to A14, A19, A20 over HTTP, with the real stores.</summary>
public sealed class SignInTests(IdentitySystem identity)
{
    [Fact]
    public async Task A_code_by_text_signs_the_patient_in()
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Named("Asha", "Kaur").Phone(mobile);
        var id = await identity.FeedAsync(patient);

        var attempt = await identity.StartAsync(" +44 (0)" + mobile[1..5] + " " + mobile[5..], patient.Born);
        var code = (await identity.CollectAsync()).ShouldHaveSingleItem();
        code.Channel.ShouldBe("sms");
        code.Destination.ShouldBe("+44" + mobile[1..]);
        code.Code.ShouldNotBeNull().ShouldMatch("^[0-9]{6}$");
        var result = await identity.VerifyAsync(attempt, code.Code[..3] + " " + code.Code[3..]);
        result.Outcome.ShouldBe(SignInOutcome.SignedIn);

        var token = (await identity.ExchangeAsync(result.Grant!)).ShouldNotBeNull();
        token["expires_in"]!.GetValue<int>().ShouldBeInRange(55, 60);
        var claims = IdentitySystem.Claims(token["access_token"]!.GetValue<string>());
        claims.GetProperty("sub").GetString().ShouldBe(id.ToString());
        claims.GetProperty("scope").GetString().ShouldBe("patient");
        var session = Guid.Parse(claims.GetProperty("sid").GetString()!);
        (await identity.Bus.NextAsync<PatientSignedIn>(m => m.PatientId == id)).SessionId.ShouldBe(session);

        var (status, body) = await identity.MeAsync(token["access_token"]!.GetValue<string>());
        status.ShouldBe(HttpStatusCode.OK);
        body!.FullName.ShouldBe("Asha Kaur");
        body.MaskedMobiles.ShouldHaveSingleItem().ShouldBe($"{mobile[..5]} ••• {mobile[^3..]}");
        (await identity.ExchangeAsync(result.Grant!)).ShouldBeNull("a grant works once");
    }

    [Theory] // R14: the record's language, then the one in which the pages are read; what comes from outside and is no language is none
    [InlineData("pl", "cy", new[] { "pl", "cy" })]
    [InlineData("PL", null, new[] { "pl" })]
    [InlineData(null, "cy-GB", new[] { "cy-gb" })]
    [InlineData("en", "en", new string[0])]
    [InlineData("en-GB", null, new string[0])]
    [InlineData("pl", "not a language\n", new[] { "pl" })]
    public async Task A_code_is_wanted_in_the_patients_language(string? record, string? pages, string[] wanted)
    {
        var mobile = PatientJson.NewMobile();
        var patient = Speaking(record).Phone(mobile);
        await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(mobile, patient.Born, language: pages);
        (await identity.CollectAsync()).ShouldHaveSingleItem().Languages.ShouldBe(wanted);
        await identity.ResendAsync(attempt);
        (await identity.CollectAsync()).ShouldHaveSingleItem().Languages.ShouldBe(wanted, "the pages' language belongs to the sign-in");
    }

    [Fact]
    public async Task Two_records_of_different_languages_behind_one_number_have_none_in_common()
    {
        var mobile = PatientJson.NewMobile();
        var (one, other) = (Speaking("pl").Phone(mobile), Speaking("ro").Phone(mobile));
        await identity.FeedAsync(one);
        await identity.FeedAsync(other);
        await identity.StartAsync(mobile, one.Born, language: "cy");
        (await identity.CollectAsync()).ShouldHaveSingleItem().Languages.ShouldBe(["cy"]);
    }

    // A span that began between an instant before and now, however long that took.
    private static void ShouldEnd(DateTimeOffset? end, DateTimeOffset before, TimeSpan span) =>
        end.ShouldNotBeNull().ShouldBeInRange(before + span - TimeSpan.FromSeconds(1), DateTimeOffset.UtcNow + span + TimeSpan.FromSeconds(1));

    private static PatientJson Speaking(string? language) => language is null ? new PatientJson() : new PatientJson().With("communication",
        JsonNode.Parse($$$"""[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"{{{language}}}"}]}}]"""));

    [Fact]
    [Trait("Checklist", "38")]
    [Trait("Checklist", "87")]
    public async Task Two_parallel_correct_tries_let_exactly_one_in() // A12
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(mobile, patient.Born);
        var code = (await identity.CollectAsync()).Single().Code!;

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => identity.VerifyAsync(attempt, code)));
        results.Count(r => r.Outcome == SignInOutcome.SignedIn).ShouldBe(1);
        results.Where(r => r.Outcome != SignInOutcome.SignedIn).ShouldAllBe(r => r.Outcome == SignInOutcome.CodeDead || r.Outcome == SignInOutcome.AttemptEnded);
        results.Count(r => r.Grant is not null).ShouldBe(1);
    }

    [Fact]
    [Trait("Checklist", "85")]
    public async Task The_fifth_wrong_try_burns_the_code_and_the_next_one_waits_30_seconds() // A12
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(mobile, patient.Born);
        var code = (await identity.CollectAsync()).Single().Code!;
        for (var i = 1; i <= 4; i++)
            (await identity.VerifyAsync(attempt, Wrong(code))).Outcome.ShouldBe(SignInOutcome.WrongCode);
        var before = DateTimeOffset.UtcNow;
        var burnt = await identity.VerifyAsync(attempt, Wrong(code));
        burnt.Outcome.ShouldBe(SignInOutcome.CodeDead);
        ShouldEnd(burnt.WaitUntil, before, TimeSpan.FromSeconds(30));

        (await identity.VerifyAsync(attempt, code)).Outcome.ShouldBe(SignInOutcome.CodeDead, "after the 5th wrong try even the right code is refused");
        (await identity.ResendAsync(attempt)).Outcome.ShouldBe(SignInOutcome.Wait);
        (await identity.StartAsync(mobile, patient.Born)).WaitUntil.ShouldNotBeNull("another sign-in of the same pair waits too");
    }

    [Fact]
    [Trait("Checklist", "78")]
    [Trait("Checklist", "90")]
    public async Task An_expired_code_is_dead_and_one_button_sends_a_new_one() // R15, A13
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(mobile, patient.Born);
        var old = (await identity.CollectAsync()).Single().Code!;
        var key = await CodesKeyAsync(attempt);
        (await identity.RedisDb.KeyTimeToLiveAsync(key))!.Value.TotalSeconds.ShouldBeInRange(60, 150);
        await identity.RedisDb.KeyExpireAsync(key, TimeSpan.Zero);

        (await identity.VerifyAsync(attempt, old)).Outcome.ShouldBe(SignInOutcome.CodeDead);
        (await identity.ResendAsync(attempt)).Outcome.ShouldBe(SignInOutcome.CodeSent);
        var fresh = (await identity.CollectAsync()).Single().Code!;
        if (fresh != old) (await identity.VerifyAsync(attempt, old)).Outcome.ShouldBe(SignInOutcome.WrongCode, "the old code is replaced");
        (await identity.VerifyAsync(attempt, fresh)).Outcome.ShouldBe(SignInOutcome.SignedIn);
    }

    [Fact]
    [Trait("Checklist", "88")]
    public async Task A_code_of_one_sign_in_is_refused_in_another() // A12, checklist 88
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var one = await identity.StartAsync(mobile, patient.Born);
        var codeOfOne = (await identity.CollectAsync()).Single().Code!;
        var other = await identity.StartAsync(mobile, patient.Born);
        var codeOfOther = (await identity.CollectAsync()).Single().Code!;
        if (codeOfOne != codeOfOther) (await identity.VerifyAsync(other, codeOfOne)).Outcome.ShouldBe(SignInOutcome.WrongCode);
        (await identity.VerifyAsync(one, codeOfOne)).Outcome.ShouldBe(SignInOutcome.SignedIn);
        (await identity.VerifyAsync(one, codeOfOne)).Outcome.ShouldBe(SignInOutcome.AttemptEnded, "a code works once");
        (await identity.VerifyAsync(other with { AttemptId = "nobody-gave-this-out" }, codeOfOther)).Outcome.ShouldBe(SignInOutcome.AttemptEnded);
    }

    [Fact]
    [Trait("Checklist", "92")]
    public async Task Known_and_unknown_details_get_the_same_bytes() // A19, checklist 92
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var dead = new PatientJson().Phone(PatientJson.NewMobile()).With("deceasedBoolean", true);
        await identity.FeedAsync(dead);
        (string Identifier, DateOnly Born)[] cases =
        [
            (mobile, patient.Born),
            (mobile, patient.Born.AddDays(1)),
            (PatientJson.NewMobile(), patient.Born),
            ("nobody@example.org", patient.Born),
            ("01134960507", patient.Born),
            (dead.Json["telecom"]![0]!["value"]!.GetValue<string>(), dead.Born),
        ];

        var answers = new List<string>();
        foreach (var (identifier, born) in cases)
        {
            var transcript = new Transcript(identity);
            await transcript.PostAsync("/internal/sign-in/attempts", new StartSignIn { Identifier = identifier, DateOfBirth = born });
            for (var i = 0; i < 5; i++)
                await transcript.PostAsync("/internal/sign-in/verify", new VerifyCode { AttemptId = transcript.AttemptId, Code = "not-it" });
            await transcript.PostAsync("/internal/sign-in/verify", new VerifyCode { AttemptId = transcript.AttemptId, Code = "123456" });
            await transcript.PostAsync("/internal/sign-in/resend", new AttemptReference { AttemptId = transcript.AttemptId });
            await transcript.PostAsync("/internal/sign-in/uvc", new VerifyUvc { AttemptId = transcript.AttemptId, Uvc = "BCD234" });
            await transcript.PostAsync("/internal/sign-in/attempts", new StartSignIn { Identifier = identifier, DateOfBirth = born });
            answers.Add(transcript.ToString());
        }

        answers.ShouldAllBe(answer => answer == answers[0]);
        answers[0].ShouldContain("Wait");
        (await identity.CollectAsync(cases.Length)).ShouldHaveSingleItem().Destination.ShouldBe("+44" + mobile[1..], "nothing is sent for the others");
    }

    [Fact]
    public async Task Each_destination_gets_its_own_code_and_it_opens_only_its_records() // A14
    {
        var email = PatientJson.NewEmail();
        var withMobile = new PatientJson().Named("Mobile", "Testperson").Phone(PatientJson.NewMobile()).Email(email);
        var withEmail = new PatientJson().Named("Mail", "Testperson").Email(email);
        var (idOfMobile, idOfEmail) = (await identity.FeedAsync(withMobile), await identity.FeedAsync(withEmail));
        var attempt = await identity.StartAsync(email, withMobile.Born);
        var codes = await identity.CollectAsync(2);
        codes.Select(c => c.Channel).ShouldBe(["sms", "email"], ignoreOrder: true);
        codes.Select(c => c.Code).Distinct().Count().ShouldBe(2);

        var result = await identity.VerifyAsync(attempt, codes.Single(c => c.Channel == "email").Code!);
        result.Outcome.ShouldBe(SignInOutcome.SignedIn, "one record remains: no UVC");
        Subject(await identity.ExchangeAsync(result.Grant!)).ShouldBe(idOfEmail, $"not {idOfMobile}");
    }

    [Fact]
    [Trait("Checklist", "97")]
    public async Task Twins_are_two_people_and_the_uvc_decides() // R17, A14, checklist 97
    {
        var mobile = PatientJson.NewMobile();
        var isla = await identity.FeedAsync(new PatientJson().Named("Isla", "Twin").BornOn("2016-09-03").Phone(mobile));
        var jack = await identity.FeedAsync(new PatientJson().Named("Jack", "Twin").BornOn("2016-09-03").Phone(mobile));
        var born = new DateOnly(2016, 9, 3);

        var attempt = await identity.StartAsync(mobile, born);
        (await identity.VerifyUvcAsync(attempt, "BCD234")).Outcome.ShouldBe(SignInOutcome.CodeDead, "no UVC is asked before the code is proven");
        var code = (await identity.CollectAsync()).ShouldHaveSingleItem("one destination, one code").Code!;
        (await identity.VerifyAsync(attempt, code)).Outcome.ShouldBe(SignInOutcome.UvcNeeded);
        (await identity.Bus.NextAsync<RaiseTask>(t => t.PatientId == isla || t.PatientId == jack)).Code.ShouldBe(TaskCodes.DuplicateRecords);
        (await identity.VerifyUvcAsync(attempt, "ZZZZZZ")).Outcome.ShouldBe(SignInOutcome.WrongUvc);

        (await identity.PostAsync<SignInResult>("/internal/sign-in/uvc/resend", new AttemptReference { AttemptId = attempt.AttemptId })).Outcome.ShouldBe(SignInOutcome.CodeSent);
        var uvcs = await identity.CollectAsync(2);
        uvcs.Select(u => u.FirstName).ShouldBe(["Isla", "Jack"], ignoreOrder: true);
        uvcs.ShouldAllBe(u => u.Code == null && u.Destination == "+44" + mobile.Substring(1));

        var result = await identity.VerifyUvcAsync(attempt, uvcs.Single(u => u.FirstName == "Jack").Uvc!.ToLowerInvariant().Insert(3, "-"));
        result.Outcome.ShouldBe(SignInOutcome.SignedIn);
        Subject(await identity.ExchangeAsync(result.Grant!)).ShouldBe(jack);
    }

    [Fact]
    public async Task Five_wrong_uvcs_end_the_attempt_and_count_in_the_back_off() // A14
    {
        var mobile = PatientJson.NewMobile();
        var one = new PatientJson().Phone(mobile);
        await identity.FeedAsync(one);
        await identity.FeedAsync(new PatientJson().Phone(mobile));
        var attempt = await identity.StartAsync(mobile, one.Born);
        await identity.VerifyAsync(attempt, (await identity.CollectAsync()).Single().Code!);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => identity.VerifyUvcAsync(attempt, "ZZZZZZ")));
        outcomes.Count(r => r.Outcome == SignInOutcome.WrongUvc).ShouldBe(4, "however parallel they come");
        outcomes.Count(r => r.Outcome == SignInOutcome.AttemptEnded).ShouldBe(8);
        (await identity.StartAsync(mobile, one.Born)).WaitUntil.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_permanent_link_chooses_among_matching_records_and_is_ignored_otherwise() // A14
    {
        var mobile = PatientJson.NewMobile();
        var one = new PatientJson().Phone(mobile);
        var id = await identity.FeedAsync(one);
        await identity.FeedAsync(new PatientJson().Phone(mobile));
        var link = await LinkOfAsync(id);
        var attempt = await identity.StartAsync(mobile, one.Born, link);
        var result = await identity.VerifyAsync(attempt, (await identity.CollectAsync()).Single().Code!);
        result.Outcome.ShouldBe(SignInOutcome.SignedIn, "no UVC: the link has chosen");
        Subject(await identity.ExchangeAsync(result.Grant!)).ShouldBe(id);

        var stranger = new PatientJson().Phone(PatientJson.NewMobile());
        var strangerId = await identity.FeedAsync(stranger);
        var grant = await identity.SignInAsync(stranger.Json["telecom"]![0]!["value"]!.GetValue<string>(), stranger.Born, link);
        Subject(await identity.ExchangeAsync(grant)).ShouldBe(strangerId, "someone else's link changes nothing");
    }

    [Fact]
    public async Task A_stranger_cannot_lock_out_who_comes_by_the_own_link() // A12
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        var id = await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(mobile, patient.Born);
        await identity.CollectAsync();
        for (var i = 0; i < 5; i++)
            await identity.VerifyAsync(attempt, "000000");
        (await identity.StartAsync(mobile, patient.Born)).WaitUntil.ShouldNotBeNull();
        var own = await identity.StartAsync(mobile, patient.Born, await LinkOfAsync(id));
        own.WaitUntil.ShouldBeNull();
        (await identity.VerifyAsync(own, (await identity.CollectAsync()).Single().Code!)).Outcome.ShouldBe(SignInOutcome.SignedIn);
    }

    [Fact]
    public async Task A_child_signs_in_with_the_parents_contact_and_its_own_birthday() // R16
    {
        var mobile = PatientJson.NewMobile();
        await identity.FeedAsync(new PatientJson().Named("Ruth", "Parent").BornOn("1988-09-01").Phone(mobile));
        var child = await identity.FeedAsync(new PatientJson().Named("Holly", "Child").BornOn("2019-05-14").Phone(mobile));
        Subject(await identity.ExchangeAsync(await identity.SignInAsync(mobile, new DateOnly(2019, 5, 14)))).ShouldBe(child);
        var contact = (await identity.PostAsync<List<PatientContact>>("/internal/contacts", new PatientQuery { PatientIds = [child] }, "notifications")).Single();
        (contact.ThroughParent, contact.Uvc).ShouldBe((true, null), "another date of birth is no second match");
    }

    [Fact]
    public async Task Three_new_codes_at_once_then_sixty_seconds() // A12
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(mobile, patient.Born);
        var before = DateTimeOffset.UtcNow;
        for (var i = 0; i < 3; i++)
            (await identity.ResendAsync(attempt)).Outcome.ShouldBe(SignInOutcome.CodeSent);
        var fourth = await identity.ResendAsync(attempt);
        fourth.Outcome.ShouldBe(SignInOutcome.Wait);
        ShouldEnd(fourth.WaitUntil, before, TimeSpan.FromSeconds(60));
        var codes = await identity.CollectAsync(4);
        codes.Count.ShouldBe(4);
        (await identity.VerifyAsync(attempt, codes[^1].Code!)).Outcome.ShouldBe(SignInOutcome.SignedIn, "the newest one");
    }

    [Fact]
    [Trait("Checklist", "94")]
    public async Task A_destination_gets_at_most_eight_codes_in_ten_minutes() // A12, checklist 94
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        for (var i = 0; i < 12; i++)
            (await identity.StartAsync(mobile, patient.Born)).WaitUntil.ShouldBeNull("the answer is the same as ever");
        (await identity.CollectAsync(12)).Count.ShouldBe(8);

        await identity.SqlAsync<object>("update codes_sent set sent_at = array(select t - interval '11 minutes' from unnest(sent_at) t) where cardinality(sent_at) = 8");
        for (var i = 0; i < 8; i++)
            await identity.StartAsync(mobile, patient.Born);
        (await identity.CollectAsync(8)).Count.ShouldBe(8);
        await identity.SqlAsync<object>("update codes_sent set sent_at = array(select t - interval '11 minutes' from unnest(sent_at) t) where cardinality(sent_at) = 16");
        for (var i = 0; i < 8; i++)
            await identity.StartAsync(mobile, patient.Born);
        (await identity.CollectAsync(8)).Count.ShouldBe(4, "20 a day");
    }

    [Fact]
    public async Task Four_wrong_tries_at_each_of_many_codes_do_not_go_unnoticed() // A12
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var one = await identity.StartAsync(mobile, patient.Born);
        for (var i = 0; i < 4; i++)
            await identity.VerifyAsync(one, "no");
        var two = await identity.StartAsync(mobile, patient.Born);
        two.WaitUntil.ShouldBeNull();
        (await identity.VerifyAsync(two, "no")).Outcome.ShouldBe(SignInOutcome.WrongCode);
        (await identity.StartAsync(mobile, patient.Born)).WaitUntil.ShouldNotBeNull();
        await identity.CollectAsync(2);
    }

    [Fact]
    public async Task The_back_off_doubles_and_the_database_agrees_with_the_rule() // A12
    {
        var counters = identity.Services.GetRequiredService<GuessCounters>();
        var pair = RandomNumberGenerator.GetBytes(32);
        await counters.StartAsync(pair, TestContext.Current.CancellationToken);
        for (var tries = 1; tries <= 45; tries++)
        {
            var before = DateTimeOffset.UtcNow;
            var state = await counters.WrongTryAsync(pair, failed: false, real: false, TestContext.Current.CancellationToken);
            if (GuessLimits.BackOffAfter(tries) is { } wait)
                ShouldEnd(state.WaitUntil, before, wait);
        }

        await counters.SucceededAsync(pair, TestContext.Current.CancellationToken);
        (await counters.StartAsync(pair, TestContext.Current.CancellationToken)).WaitUntil.ShouldBeNull();
    }

    [Fact]
    public async Task The_third_failed_sign_in_of_a_known_pair_is_told() // A33
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        var id = await identity.FeedAsync(patient);
        for (var failure = 1; failure <= 3; failure++)
        {
            var attempt = await identity.StartAsync(mobile, patient.Born);
            await identity.CollectAsync();
            identity.Bus.Waiting<SignInRepeatedlyFailed>(m => m.PatientId == id).ShouldBeEmpty();
            for (var i = 0; i < 5; i++)
                await identity.VerifyAsync(attempt, "no");
            await identity.SqlAsync<object>("update sign_in_counter set wait_until = null");
            await identity.RedisAdmin.FlushAllDatabasesAsync();
        }

        (await identity.Bus.NextAsync<SignInRepeatedlyFailed>(m => m.PatientId == id)).PatientId.ShouldBe(id);
    }

    [Fact]
    public async Task Codes_that_die_unused_are_failed_sign_ins_too() // A33: texts that never arrive
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        var id = await identity.FeedAsync(patient);
        for (var start = 1; start <= 4; start++)
        {
            identity.Bus.Waiting<SignInRepeatedlyFailed>(m => m.PatientId == id).ShouldBeEmpty();
            await identity.StartAsync(mobile, patient.Born);
            await identity.SqlAsync<object>("update sign_in_counter set open_since = open_since - interval '10 minutes'");
        }

        await identity.Bus.NextAsync<SignInRepeatedlyFailed>(m => m.PatientId == id);
        await identity.CollectAsync(4);
    }

    [Fact]
    public async Task A_changed_contact_ends_codes_and_sessions() // A30
    {
        var mobile = PatientJson.NewMobile();
        var email = PatientJson.NewEmail();
        var patient = new PatientJson().Phone(mobile).Email(email);
        var id = await identity.FeedAsync(patient);
        var (token, session) = await identity.SessionAsync(mobile, patient.Born);
        (await identity.RenewAsync(session)).ShouldNotBeNull();
        (await identity.MeAsync(token)).Status.ShouldBe(HttpStatusCode.OK);

        var attempt = await identity.StartAsync(email, patient.Born);
        var code = (await identity.CollectAsync()).Single().Code!;
        await identity.FeedAsync(patient.WithoutTelecom().Email(email).Phone(PatientJson.NewMobile()));
        (await identity.VerifyAsync(attempt, code)).Outcome.ShouldBe(SignInOutcome.CodeDead, "it went to a number that is no longer the patient's");
        (await identity.RenewAsync(session)).ShouldBeNull();
        (await identity.Bus.NextAsync<SessionsEnded>(m => m.PatientId == id)).SessionId.ShouldBeNull();
    }

    [Theory] // A24: changed while the code was on its way
    [InlineData("deceasedBoolean", "true")]
    [InlineData("active", "false")]
    [InlineData("meta", """{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}""")]
    [InlineData("birthDate", "\"1979-01-02\"")]
    public async Task A_code_of_before_opens_nothing_and_a_session_of_before_ends(string element, string json)
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var session = await identity.SessionAsync(mobile, patient.Born);
        var attempt = await identity.StartAsync(mobile, patient.Born);
        var code = (await identity.CollectAsync()).Single().Code!;
        var born = patient.Born;
        await identity.FeedAsync(patient.With(element, JsonNode.Parse(json)));
        (await identity.VerifyAsync(attempt, code)).Outcome.ShouldBe(SignInOutcome.CodeDead);
        await identity.StartAsync(mobile, born);
        (await identity.CollectAsync()).ShouldBeEmpty("what was true before is as unknown");
        // With another date of birth it is the same patient who is signed in.
        (await identity.RenewAsync(session.SessionId) is null).ShouldBe(element != "birthDate");
    }

    [Fact]
    [Trait("Checklist", "32")]
    [Trait("Checklist", "35")]
    [Trait("Checklist", "40")]
    public async Task A_flush_of_redis_voids_codes_and_keeps_the_back_off() // A26, checklist 32, 35, 40
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(mobile, patient.Born);
        var code = (await identity.CollectAsync()).Single().Code!;
        for (var i = 0; i < 4; i++)
            await identity.VerifyAsync(attempt, "no");
        await identity.RedisAdmin.FlushAllDatabasesAsync();
        await identity.RedisAdmin.ScriptFlushAsync();
        (await identity.VerifyAsync(attempt, code)).Outcome.ShouldBe(SignInOutcome.AttemptEnded);

        var next = await identity.StartAsync(mobile, patient.Born);
        await identity.CollectAsync();
        await identity.VerifyAsync(next, "no");
        await identity.RedisAdmin.FlushAllDatabasesAsync();
        (await identity.StartAsync(mobile, patient.Born)).WaitUntil.ShouldNotBeNull("the fifth wrong try in all");
    }

    [Fact]
    [Trait("Checklist", "33")]
    public async Task Without_redis_nobody_gets_in_and_with_it_everything_goes_on() // checklist 33
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var attempt = await identity.StartAsync(mobile, patient.Born);
        var code = (await identity.CollectAsync()).Single().Code!;
        await identity.Redis.KillAsync();
        using (var refused = await identity.SendJsonAsync("gateway", HttpMethod.Post, "/internal/sign-in/verify", new VerifyCode { AttemptId = attempt.AttemptId, Code = code }))
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using (var refused = await identity.SendJsonAsync("gateway", HttpMethod.Post, "/internal/sign-in/attempts", new StartSignIn { Identifier = mobile, DateOfBirth = patient.Born }))
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        await identity.Redis.StartAsync();
        await Eventually.True(async () =>
        {
            using var start = await identity.SendJsonAsync("gateway", HttpMethod.Post, "/internal/sign-in/attempts", new StartSignIn { Identifier = "later@example.org", DateOfBirth = patient.Born });
            return start.IsSuccessStatusCode;
        }, "signing in never came back");
        await identity.CollectAsync();
    }

    [Fact]
    public async Task A_code_is_collected_once()
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        await identity.FeedAsync(patient);
        var before = DateTimeOffset.UtcNow;
        await identity.StartAsync(mobile, patient.Born);
        var command = await identity.Bus.NextAsync<SendSignInCode>();
        ShouldEnd(command.ExpiresAt, before, TimeSpan.FromSeconds(150));
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var response = await identity.CollectAsync(command.CodeId);
            return response.StatusCode;
        }));
        answers.Count(s => s == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(s => s == HttpStatusCode.NotFound).ShouldBe(9);
    }

    [Fact]
    public async Task Neither_store_holds_a_code_a_contact_or_a_birthday_in_clear() // A12
    {
        var (mobile, email) = (PatientJson.NewMobile(), PatientJson.NewEmail());
        var patient = new PatientJson().Phone(mobile).Email(email).BornOn("1977-12-19");
        await identity.FeedAsync(patient);
        // Six digits may stand by chance in what other tests left there.
        await identity.RedisAdmin.FlushAllDatabasesAsync();
        await identity.StartAsync(email, patient.Born);
        var all = new StringBuilder();
        await foreach (var key in identity.RedisAdmin.KeysAsync())
        {
            all.AppendLine(key.ToString());
            if (await identity.RedisDb.KeyTypeAsync(key) == StackExchange.Redis.RedisType.Hash)
                foreach (var entry in await identity.RedisDb.HashGetAllAsync(key))
                    all.AppendLine(Encoding.Latin1.GetString((byte[])entry.Value!));
            else
                all.AppendLine(Encoding.Latin1.GetString((byte[]?)await identity.RedisDb.StringGetAsync(key) ?? []));
        }

        var code = (await identity.CollectAsync()).Single();
        code.FallbackEmail.ShouldBe(email);
        var redis = all.ToString();
        redis.ShouldNotContain(code.Code!);
        redis.ShouldNotContain(mobile[1..]);
        redis.ShouldNotContain(email);
        redis.ShouldNotContain("1977-12-19");
        var rows = await identity.SqlAsync<string>("select string_agg(encode(key, 'escape'), '') from sign_in_counter");
        rows.ShouldNotBeNull().ShouldNotContain(email);
        rows.ShouldNotContain("1977-12-19");
    }

    [Theory]
    [InlineData("not a number", "1980-03-31")]
    [InlineData("", "1980-03-31")]
    [InlineData("07700900123", "2999-01-01")]
    [InlineData("07700900123", "1850-01-01")]
    public async Task Nonsense_is_a_bad_request_by_its_form_alone(string identifier, string born)
    {
        using var response = await identity.SendJsonAsync("gateway", HttpMethod.Post, "/internal/sign-in/attempts",
            new StartSignIn { Identifier = identifier, DateOfBirth = DateOnly.Parse(born, System.Globalization.CultureInfo.InvariantCulture) });
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/internal/sign-in/attempts", """{"identifier":null,"dateOfBirth":"1980-01-01"}""")]
    [InlineData("/internal/sign-in/attempts", """{"identifier":"07700900123","dateOfBirth":"1980-02-30"}""")]
    [InlineData("/internal/sign-in/attempts", "{}")]
    [InlineData("/internal/sign-in/verify", """{"attemptId":null,"code":"123456"}""")]
    [InlineData("/internal/sign-in/verify", """{"attemptId":"x"}""")]
    [InlineData("/internal/sign-in/uvc", "[]")]
    [InlineData("/internal/sign-in/resend", "\"x\"")]
    public async Task A_body_out_of_shape_is_a_bad_request(string path, string body)
    {
        using var response = await identity.SendAsync("gateway", HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("utf-7")]
    public async Task A_charset_that_nobody_reads_is_refused(string charset) // Checklist 124
    {
        using var content = new StringContent("{}");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=" + charset);
        using var response = await identity.SendAsync("gateway", HttpMethod.Post, "/internal/sign-in/verify", content);
        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await IdentitySystem.TextAsync(response)).ShouldContain("unsupported-media-type");
    }

    [Fact]
    public async Task Above_the_budget_of_wrong_codes_sign_in_slows_down_but_not_from_the_own_link() // A26
    {
        var mobile = PatientJson.NewMobile();
        var patient = new PatientJson().Phone(mobile);
        var link = await LinkOfAsync(await identity.FeedAsync(patient));
        await identity.SqlAsync<object>("insert into wrong_try_minute (minute, real, decoy) values (date_trunc('minute', now()) - interval '30 minutes', 400, 0) on conflict (minute) do update set real = 400");
        try
        {
            await Eventually.True(async () => await WaitsAsync("unknown@example.org", null), "sign-in never slowed down");
            (await WaitsAsync(mobile, null)).ShouldBeTrue();
            (await WaitsAsync(mobile, link)).ShouldBeFalse("whoever comes by the own link has shown more than a stranger can");
        }
        finally
        {
            await identity.SqlAsync<object>("delete from wrong_try_minute");
            await Eventually.True(async () => !await WaitsAsync("unknown@example.org", null), "sign-in stays slow");
            identity.Bus.Forget<SendSignInCode>();
        }

        async Task<bool> WaitsAsync(string identifier, string? withLink)
        {
            var before = identity.Waits.Count;
            await identity.StartAsync(identifier, patient.Born, withLink);
            await identity.Bus.NextAsync<SendSignInCode>();
            return identity.Waits.Count > before;
        }
    }

    internal static string Wrong(string code) => (code[0] == '9' ? '0' : (char)(code[0] + 1)) + code[1..];

    private static Guid Subject(JsonObject? token) => Guid.Parse(IdentitySystem.Claims(token.ShouldNotBeNull()["access_token"]!.GetValue<string>()).GetProperty("sub").GetString()!);

    private async Task<string> LinkOfAsync(Guid id) =>
        (await identity.PostAsync<List<PatientContact>>("/internal/contacts", new PatientQuery { PatientIds = [id] }, "notifications")).Single().LinkToken;

    private async Task<StackExchange.Redis.RedisKey> CodesKeyAsync(SignInAttempt attempt)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(attempt.AttemptId)));
        StackExchange.Redis.RedisKey key = $"identity:codes:{{{digest}}}";
        (await identity.RedisDb.KeyExistsAsync(key)).ShouldBeTrue();
        return key;
    }
}
