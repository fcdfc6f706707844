using PatientHub.Identity.Domain;

namespace PatientHub.Identity.Tests;

/// <summary>Rules without any store: where a code goes, back-off, quarantine, addresses, masks.</summary>
public sealed class RuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Now.AddHours(1);

    [Theory] // R14
    [InlineData("+447700900001", "+447700900001", "the typed mobile, if on record")]
    [InlineData("+447700900002", "+447700900002", "the typed mobile, although another one ranks lower")]
    [InlineData("a@example.org", "+447700900001", "an email was typed: the mobile of lowest rank all the same")]
    public void A_code_goes_to_a_mobile_when_there_is_one(string typed, string expected, string why)
    {
        var patient = With(Mobile("+447700900002", 2), Mobile("+447700900001", 1), Email("a@example.org"));
        CodeDestination.For(patient, Typed(typed), Later)!.Value.ShouldBe(expected, why);
    }

    [Fact]
    public void Without_a_usable_mobile_the_code_goes_by_email() // R14
    {
        var patient = With(Mobile("+447700900001"), Email("b@example.org", 2), Email("a@example.org", 1));
        patient.MarkContactFailed(ContactKind.Mobile, Later).ShouldBeTrue();
        CodeDestination.For(patient, Typed("+447700900001"), Later)!.Value.ShouldBe("a@example.org");
        CodeDestination.For(patient, Typed("b@example.org"), Later)!.Value.ShouldBe("b@example.org", "the typed one");
        patient.MarkContactFailed(ContactKind.Email, Later);
        patient.MarkContactFailed(ContactKind.Email, Later);
        CodeDestination.For(patient, Typed("a@example.org"), Later).ShouldBeNull();
    }

    [Fact]
    public void A_failed_mobile_leaves_the_next_one() // R14
    {
        var patient = With(Mobile("+447700900001", 1), Mobile("+447700900002", 2), Email("a@example.org"));
        patient.MarkContactFailed(ContactKind.Mobile, Later);
        CodeDestination.For(patient, Typed("+447700900001"), Later)!.Value.ShouldBe("+447700900002");
    }

    [Fact]
    public void Staff_can_send_codes_by_email() // R14
    {
        var patient = With(Mobile("+447700900001"), Email("a@example.org"));
        patient.SetCodesByEmail(true).ShouldBeTrue();
        CodeDestination.For(patient, Typed("+447700900001"), Later)!.Value.ShouldBe("a@example.org");
        var without = With(Mobile("+447700900001"));
        without.SetCodesByEmail(true);
        CodeDestination.For(without, Typed("+447700900001"), Later)!.Value.ShouldBe("+447700900001", "there is no email to send to");
    }

    [Fact]
    public void A_contact_outside_its_period_is_not_used()
    {
        var patient = With(
            new ContactDetail(ContactKind.Mobile, "+447700900001") { ValidFrom = Later.AddDays(1) },
            new ContactDetail(ContactKind.Mobile, "+447700900002") { ValidUntil = Later.AddMinutes(-1) },
            Email("a@example.org"));
        CodeDestination.For(patient, Typed("a@example.org"), Later)!.Value.ShouldBe("a@example.org");
        CodeDestination.For(patient, Typed("a@example.org"), Later.AddDays(2))!.Value.ShouldBe("+447700900001");
    }

    [Fact]
    public void A_contact_added_after_the_failure_is_another_contact()
    {
        var patient = With(Mobile("+447700900001"));
        patient.MarkContactFailed(ContactKind.Mobile, Now.AddDays(-1)).ShouldBeFalse();
    }

    [Theory] // A12
    [InlineData(0, null)]
    [InlineData(4, null)]
    [InlineData(5, 30)]
    [InlineData(6, null)]
    [InlineData(10, 60)]
    [InlineData(15, 120)]
    [InlineData(35, 1920)]
    [InlineData(40, 3600)]
    [InlineData(5000, 3600)]
    public void Back_off_doubles_from_30_seconds_to_one_hour(int wrongTries, int? seconds) =>
        GuessLimits.BackOffAfter(wrongTries).ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);

    [Theory] // A26
    [InlineData(0, 0)]
    [InlineData(200, 0)]
    [InlineData(201, 1.02)]
    [InlineData(300, 3)]
    [InlineData(400, 5)]
    [InlineData(100000, 5)]
    public void Above_the_budget_sign_in_slows_down_by_at_most_five_seconds(int wrongTries, double seconds) =>
        GuessLimits.SlowDown(wrongTries, 200).TotalSeconds.ShouldBe(seconds, 0.001);

    [Fact]
    public void The_same_details_again_change_nothing()
    {
        var details = Details(Mobile("+447700900001"), Email("a@example.org"));
        var patient = Patient.Register(Guid.CreateVersion7(), "pas", "1", details, Now, Now);
        patient.Apply(Details(Mobile("+447700900001"), Email("a@example.org")), Later, Later).ShouldBe(new PatientChange());
        patient.Version.ShouldBe(1);
        patient.RecordVersion.ShouldBe(Later);
        patient.Uvc.Length.ShouldBe(6);
    }

    [Fact]
    public void A_changed_contact_ends_sessions_and_keeps_the_others_failure() // A30
    {
        var patient = With(Mobile("+447700900001"), Email("a@example.org"));
        patient.MarkContactFailed(ContactKind.Email, Later);
        var change = patient.Apply(Details(Mobile("+447700900002"), Email("a@example.org")), Later, Later);
        change.Contacts.ShouldBeTrue();
        change.EndsSessions.ShouldBeTrue();
        patient.UsableContacts(ContactKind.Email, Later).ShouldBeEmpty();
        patient.Apply(Details(Mobile("+447700900002")), Later, Later).EndsSessions.ShouldBeTrue();
        patient.Apply(Details(Mobile("+447700900002"), Email("a@example.org")), Later, Later);
        patient.UsableContacts(ContactKind.Email, Later).ShouldHaveSingleItem("removed and added again is a new contact");
    }

    [Fact]
    public void Death_ends_sessions_and_its_withdrawal_is_told() // A24
    {
        var patient = With(Mobile("+447700900001"));
        var dead = patient.Apply(Details(Mobile("+447700900001")) with { Deceased = true }, Later, Later);
        (dead.Died, dead.EndsSessions, patient.MaySignIn, patient.MayBeSentTo).ShouldBe((true, true, false, false));
        var alive = patient.Apply(Details(Mobile("+447700900001")), Later, Later);
        (alive.DeathRevoked, alive.EndsSessions, patient.MaySignIn).ShouldBe((true, false, true));
    }

    [Theory] // A30
    [InlineData("Testperson", "1980-03-31", "9990001014", null, "nothing new")]
    [InlineData("Other", "1980-03-31", "9990001014", null, "a marriage")]
    [InlineData("TESTPERSON", "1980-03-30", "9990001014", null, "a corrected date of birth")]
    [InlineData("Other", "1980-03-30", "9990001014", QuarantineRule.NewSurnameAndBirthDate, "another person")]
    [InlineData("Testperson", "1980-03-31", "9990001111", QuarantineRule.NewNhsNumber, "another person")]
    [InlineData("Testperson", "1980-03-31", null, null, "no number is not a new one")]
    public void A_record_that_looks_like_another_person_is_quarantined(string family, string born, string? number, string? reason, string why)
    {
        var patient = Patient.Register(Guid.CreateVersion7(), "pas", "1", Details() with { NhsNumber = "9990001014" }, Now, Now);
        var sent = Details() with { Name = new PersonName("Robin", "Robin " + family, family), BirthDate = DateOnly.Parse(born, System.Globalization.CultureInfo.InvariantCulture), NhsNumber = number };
        QuarantineRule.Reason(patient, sent).ShouldBe(reason, why);
    }

    [Fact]
    public void A_childs_post_goes_to_the_parent_or_guardian() // A25, A31
    {
        var address = new PostalAddress { Lines = ["4 Sandmoor Drive"], Town = "Leeds", Postcode = "ls177df" };
        var child = Patient.Register(Guid.CreateVersion7(), "pas", "1", Details() with { BirthDate = new DateOnly(2010, 11, 24), Addresses = [address] }, Now, Now);
        AddressLines.For(child, Now).ShouldBe(["Parent or guardian of", "Robin Testperson", "4 Sandmoor Drive", "LEEDS", "LS17 7DF"]);
        AddressLines.For(child, Now.AddDays(1)).ShouldBe(["Robin Testperson", "4 Sandmoor Drive", "LEEDS", "LS17 7DF"], "16 today");
    }

    [Fact]
    public void Long_addresses_fit_into_seven_lines_and_bad_ones_give_none()
    {
        var long9 = new PostalAddress { Lines = ["Flat 1", "The Old Mill", "Mill Court", "Mill Lane", "Mill Village", "Near Mill Town"], Town = "Leeds", Postcode = "LS1 1AA" };
        var lines = AddressLines.For(At(long9), Now);
        lines.Count.ShouldBe(7);
        lines[^1].ShouldBe("LS1 1AA");
        lines[^2].ShouldBe("LEEDS");
        AddressLines.For(At(new PostalAddress { Lines = ["No fixed abode"], Postcode = "LS1 1AA" }), Now).ShouldBeEmpty();
        AddressLines.For(At(new PostalAddress { Lines = ["1 Street"], Town = "Leeds", Postcode = "nonsense" }), Now).ShouldBeEmpty();
        AddressLines.For(At(), Now).ShouldBeEmpty();
    }

    [Fact]
    public void A_current_temporary_address_comes_before_home_and_old_ones_never_count()
    {
        var home = new PostalAddress { Lines = ["1 Home Street"], Town = "Leeds", Postcode = "LS1 1AA", Use = "home" };
        var old = home with { Lines = ["9 Old Street"], Use = "old" };
        var away = home with { Lines = ["2 Away Street"], Use = "temp", ValidUntil = Now.AddDays(1) };
        AddressLines.For(At(old, home, away), Now)[1].ShouldBe("2 Away Street");
        AddressLines.For(At(old, home, away), Now.AddDays(2))[1].ShouldBe("1 Home Street");
        AddressLines.For(At(old), Now).ShouldBeEmpty();
    }

    [Fact]
    public void Contacts_are_masked_in_part() // R29
    {
        Masked.Mobile("+447700900123").ShouldBe("07700 ••• 123");
        Masked.Email("robin@example.org").ShouldBe("r•••••@example.org");
        Masked.Address(new PostalAddress { Lines = ["4 Sandmoor Drive"], Postcode = "LS17 7DF" }).ShouldBe("4 Sandm••••, LS17 •••");
        Masked.Address(null).ShouldBeNull();
    }

    [Fact]
    public void A_uvc_is_random_and_easy_to_read() // R17
    {
        var codes = Enumerable.Range(0, 1000).Select(_ => UserVerificationCode.New()).ToList();
        codes.Distinct().Count().ShouldBeGreaterThan(990);
        codes.ShouldAllBe(code => code.Length == 6 && code.All(UserVerificationCode.Alphabet.Contains));
        UserVerificationCode.Matches("BCD234", "BCD234").ShouldBeTrue();
        UserVerificationCode.Matches("BCD234", "BCD235").ShouldBeFalse();
        UserVerificationCode.Matches("BCD234", "").ShouldBeFalse();
    }

    private static Patient With(params ContactDetail[] contacts) => Patient.Register(Guid.CreateVersion7(), "pas", "1", Details(contacts), Now, Now);

    private static Patient At(params PostalAddress[] addresses) => Patient.Register(Guid.CreateVersion7(), "pas", "1", Details() with { Addresses = addresses }, Now, Now);

    private static PatientDetails Details(params ContactDetail[] contacts) => new()
    {
        Name = new PersonName("Robin", "Robin Testperson", "Testperson"),
        BirthDate = new DateOnly(1980, 3, 31),
        Contacts = contacts,
        Addresses = [],
    };

    private static ContactDetail Mobile(string value, int? rank = null) => new(ContactKind.Mobile, value) { Rank = rank };

    private static ContactDetail Email(string value, int? rank = null) => new(ContactKind.Email, value) { Rank = rank };

    private static TypedIdentifier Typed(string value) => TypedIdentifier.TryParse(value, out var typed) ? typed : throw new ArgumentException(value);
}
