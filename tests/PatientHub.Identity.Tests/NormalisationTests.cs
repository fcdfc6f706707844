using PatientHub.Identity.Domain;

namespace PatientHub.Identity.Tests;

/// <summary>R11, R13: one normal form whatever the spelling (checklist 95, 96).</summary>
public sealed class NormalisationTests
{
    [Theory]
    [InlineData("07700900123")]
    [InlineData("07700 900 123")]
    [InlineData(" 07700-900-123 ")]
    [InlineData("+447700900123")]
    [InlineData("+44 7700 900123")]
    [InlineData("+44 (0)7700 900123")]
    [InlineData("+44(0) 7700 900 123")]
    [InlineData("00447700900123")]
    [InlineData("0044 (0)7700 900123")]
    [InlineData("(07700) 900123")]
    [InlineData("07700.900.123")]
    [InlineData("０７７００９００１２３")]
    [InlineData("＋４４ ７７００ ９００１２３")]
    [InlineData("07700\u00A0900\u00A0123")]
    [InlineData("\u202A+44\u202C 7700 900123")]
    public void Every_spelling_of_a_mobile_is_one_number(string typed)
    {
        MobileNumber.TryParse(typed, out var number).ShouldBeTrue();
        number.ShouldBe("+447700900123");
        TypedIdentifier.TryParse(typed, out var identifier).ShouldBeTrue();
        identifier.ShouldBe(new TypedIdentifier(ContactKind.Mobile, "+447700900123"));
    }

    [Theory]
    [InlineData("01131231234", "a landline")]
    [InlineData("020 7946 0018", "a landline")]
    [InlineData("07012345678", "a personal number, billed like premium")]
    [InlineData("07612345678", "a pager")]
    [InlineData("0909 8790000", "premium")]
    [InlineData("+881612345678", "satellite")]
    [InlineData("+33612345678", "foreign")]
    [InlineData("0770090012", "too short")]
    [InlineData("077009001234", "too long")]
    [InlineData("07700900123 ext 4", "an extension")]
    [InlineData("07700 900abc", "letters")]
    [InlineData("", "empty")]
    [InlineData(null, "nothing")]
    public void What_cannot_receive_a_text_is_no_mobile(string? typed, string why) => MobileNumber.TryParse(typed, out _).ShouldBeFalse(why);

    [Fact]
    public void The_isle_of_man_is_a_mobile_among_the_pagers() => MobileNumber.TryParse("07624 311111", out _).ShouldBeTrue();

    [Theory]
    [InlineData("robin@example.org", "robin@example.org")]
    [InlineData("  Robin@Example.ORG\t", "robin@example.org")]
    [InlineData("\u00A0\u200Brobin@example.org\uFEFF", "robin@example.org")]
    [InlineData("ｒｏｂｉｎ＠ｅｘａｍｐｌｅ．ｏｒｇ", "robin@example.org")]
    [InlineData("robin+clinic@example.org", "robin+clinic@example.org")]
    [InlineData("rene\u0301@example.org", "ren\u00E9@example.org")]
    [InlineData("robin@b\u00FCcher.example", "robin@xn--bcher-kva.example")]
    [InlineData("robin@example.org.", "robin@example.org")]
    public void Every_spelling_of_an_email_is_one_address(string typed, string expected)
    {
        EmailAddress.TryParse(typed, out var address).ShouldBeTrue();
        address.ShouldBe(expected);
    }

    [Theory]
    [InlineData("robin")]
    [InlineData("robin@")]
    [InlineData("@example.org")]
    [InlineData("robin@example")]
    [InlineData("robin@@example.org")]
    [InlineData("robin smith@example.org")]
    [InlineData("robin@example.org, eve@example.org")]
    [InlineData("robin@example.org\r\nBcc: eve@example.org")]
    [InlineData("<robin@example.org>")]
    [InlineData("robin@-example.org")]
    [InlineData(".robin@example.org")]
    [InlineData("\uD800@example.org")]
    public void What_is_no_address_is_refused(string typed) => EmailAddress.TryParse(typed, out _).ShouldBeFalse();

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("'; drop table patient; --")]
    public void Nonsense_is_no_identifier(string typed) => TypedIdentifier.TryParse(typed, out _).ShouldBeFalse();

    [Fact]
    public void A_landline_has_a_usable_form_and_matches_nobody() // A19: the form alone decides
    {
        TypedIdentifier.TryParse("0113 123 1234", out var identifier).ShouldBeTrue();
        identifier.Value.ShouldBe("+441131231234");
    }

    [Theory]
    [InlineData("bcd234", "BCD234")]
    [InlineData(" BCD-234 ", "BCD234")]
    [InlineData("ＢＣＤ２３４", "BCD234")]
    [InlineData("B C D 2 3 4", "BCD234")]
    [InlineData(null, "")]
    public void Case_spaces_and_dashes_of_a_uvc_do_not_matter(string? typed, string expected) => UserVerificationCode.Normalise(typed).ShouldBe(expected);
}
