using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using PatientHub.Identity.Domain;
using PatientHub.Testing;

namespace PatientHub.Identity.Tests;

/// <summary>Whatever is typed or fed as a telephone number or an email address: no exception, and one normal form (checklist 95, 96).</summary>
public sealed class ContactFuzzTests
{
    private const string PhoneMarks = "0123456789０１２３４５６７８９٠١٢٣४५+＋()-.‐–/ \u00A0\u200B\u202A;ext#x*,";
    private const string EmailMarks = "aAbZ09@＠..-_+%'\"<>(),: \u00A0\u200B\uFEFF\u0301\u0331\u030CßſKİıẖhHjJтÅé例";

    // Any UTF-16, lone surrogates too; and words of the marks that these parsers look at.
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Words(Gen.Char, 60), Words(Gen.Char[PhoneMarks], 45), Words(Gen.Char[EmailMarks], 40),
        Gen.Select(Words(Gen.Char[EmailMarks], 20), Words(Gen.Char[EmailMarks], 20), (local, domain) => local + "@" + domain + ".org"));

    private static readonly Gen<string> Between = Gen.OneOf("", "", " ", "-", ".", "\u00A0", "\u200B");

    [Fact]
    public void Whatever_is_typed_has_no_form_or_one() => AnyText.Sample(text =>
    {
        if (!TypedIdentifier.TryParse(text, out var typed)) return;
        if (typed.Kind == ContactKind.Mobile) typed.Value.ShouldMatch(@"^\+[1-9][0-9]{3,16}\z");
        else ShouldBeAnAddress(typed.Value);
        TypedIdentifier.TryParse(typed.Value, out var again).ShouldBeTrue();
        again.ShouldBe(typed, "the normal form is its own normal form");
        if (MobileNumber.TryParse(text, out var mobile)) mobile.ShouldMatch(@"^\+447[0-9]{9}\z");
    }, iter: Fuzz.Cases(20_000));

    [Fact]
    public void Any_spelling_of_a_uk_mobile_is_the_same_number() => Gen.Select(
        Gen.OneOf('1', '2', '3', '4', '5', '7', '8', '9'), Gen.Char['0', '9'].Array[8],
        Gen.OneOf("0", "+44", "0044", "+44 (0)", "+44(0)", "0044 (0)", "(0", "＋４４", "００４４"), Between.Array[9], Gen.Bool).Sample((second, rest, prefix, marks, wide) =>
    {
        var national = "7" + second + new string(rest);
        var spelling = new StringBuilder(prefix);
        // At most a handful of marks: what is longer than 40 characters is nobody's spelling.
        for (var i = 0; i < national.Length; i++)
            spelling.Append(wide ? (char)(national[i] + 0xFEE0) : national[i]).Append(i == 3 && prefix == "(0" ? ")" : "").Append(i < marks.Length ? marks[i] : "");
        MobileNumber.TryParse(spelling.ToString(), out var number).ShouldBeTrue(spelling.ToString());
        number.ShouldBe("+44" + national);
    }, iter: Fuzz.Cases(5_000));

    [Fact]
    public void Any_spelling_of_an_email_is_the_same_address() => Gen.Select(
        Words(Gen.Char["abcxyz0189éñåßжхשה例ẖǰẗẘẙ+_'"], 12, least: 1), Words(Gen.Char["abcxyzüå0"], 8, least: 1), Gen.Bool, Gen.Bool, Gen.Bool, Gen.OneOf("", " ", "\u00A0", "\u200B", "\t", "\u202A")).Sample(
        (local, domain, upper, wide, decomposed, around) =>
        {
            var plain = $"{local}@{domain}.org";
            EmailAddress.TryParse(plain, out var expected).ShouldBeTrue(plain);
            ShouldBeAnAddress(expected);
            var spelling = plain;
            if (decomposed) spelling = spelling.Normalize(NormalizationForm.FormD);
            if (upper) spelling = string.Concat(spelling.Select(c => c is 'ß' ? c : char.ToUpperInvariant(c)));
            if (wide) spelling = string.Concat(spelling.Select(c => c is > ' ' and <= '~' ? (char)(c + 0xFEE0) : c));
            EmailAddress.TryParse(around + spelling + around, out var address).ShouldBeTrue(spelling);
            address.ShouldBe(expected, $"as {string.Join(' ', spelling.Select(c => ((int)c).ToString("X4")))}");
        }, iter: Fuzz.Cases(10_000));

    [Theory]
    [InlineData('7')]
    [InlineData('a')]
    [InlineData('@')]
    [InlineData('.')]
    [InlineData(' ')]
    [InlineData('(')]
    [InlineData('+')]
    [InlineData('\u0301')]
    [InlineData('\uFDFA')] // one character that NFKC makes eighteen of
    [InlineData('\uD800')]
    public void Ten_thousand_characters_are_refused_and_quickly(char mark)
    {
        var clock = Stopwatch.StartNew();
        foreach (var text in (string[])[new string(mark, 10_000), "07700900123" + new string(mark, 10_000), "robin@example.org" + new string(mark, 10_000), new string(mark, 40), new string(mark, 300)])
            TypedIdentifier.TryParse(text, out _).ShouldBeFalse();
        clock.Elapsed.ShouldBeLessThan(Fuzz.Hang);
    }

    private static Gen<string> Words(Gen<char> marks, int longest, int least = 0) => marks.Array[least, longest].Select(word => new string(word));

    private static void ShouldBeAnAddress(string address)
    {
        address.Length.ShouldBeLessThanOrEqualTo(254);
        Regex.IsMatch(address, @"^[^\s@\p{C}<>,:;""()]+@[a-z0-9-]+(\.[a-z0-9-]+)+\z").ShouldBeTrue(address);
    }
}
