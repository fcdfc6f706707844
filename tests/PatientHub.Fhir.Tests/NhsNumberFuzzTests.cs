using CsCheck;
using PatientHub.Testing;

namespace PatientHub.Fhir.Tests;

public sealed class NhsNumberFuzzTests
{
    private static readonly Gen<int[]> Digits = Gen.Int[0, 9].Array[10];

    [Fact]
    public void Exactly_one_check_digit_is_right_or_none() => Digits.Sample(digits =>
    {
        var right = Enumerable.Range(0, 10).Where(check => NhsNumber.TryParse(string.Concat(digits[..9]) + check, out _)).ToList();
        var sum = Enumerable.Range(0, 9).Sum(i => digits[i] * (10 - i));
        if (sum % 11 == 1) right.ShouldBeEmpty();
        else (sum + right.ShouldHaveSingleItem()).ShouldSatisfyAllConditions(total => (total % 11).ShouldBe(0));
    }, iter: Fuzz.Cases(5_000));

    [Fact] // What modulus 11 is for.
    public void One_wrong_digit_and_two_swapped_neighbours_are_always_seen() => Gen.Select(Digits, Gen.Int[0, 9], Gen.Int[1, 9], Gen.Int[0, 8]).Sample((digits, at, by, swap) =>
    {
        if (!NhsNumber.TryParse(string.Concat(digits), out var number)) return;
        var wrong = digits.ToArray();
        wrong[at] = (wrong[at] + by) % 10;
        NhsNumber.TryParse(string.Concat(wrong), out _).ShouldBeFalse($"{number} with another digit at {at}");
        var swapped = digits.ToArray();
        (swapped[swap], swapped[swap + 1]) = (swapped[swap + 1], swapped[swap]);
        if (digits[swap] != digits[swap + 1]) NhsNumber.TryParse(string.Concat(swapped), out _).ShouldBeFalse($"{number} with {swap} swapped");
    }, iter: Fuzz.Cases(30_000));

    [Fact]
    public void Any_text_is_ten_digits_or_nothing() => Gen.OneOf(Gen.Char.Array[0, 30], Gen.Char["0123456789 -\u00A0０٣²"].Array[8, 24]).Sample(marks =>
    {
        var good = NhsNumber.TryParse(new string(marks), out var number);
        if (!good) number.ShouldBe("");
        else number.ShouldBe(string.Concat(marks.Where(char.IsAsciiDigit)));
    }, iter: Fuzz.Cases(20_000));
}
