using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using PatientHub.Gateway.Pages;
using PatientHub.Gateway.Pages.SignIn;
using PatientHub.Gateway.Session;

namespace PatientHub.Gateway.Tests;

/// <summary>What the pages read from strangers, with random input: dates of birth, the permanent link, the cookie of an attempt.</summary>
public sealed class FormFuzzTests
{
    private static readonly DateOnly Today = new(2026, 11, 26);
    private static readonly Gen<string> AnyText = Gen.OneOf(Gen.Char.Array[0, 12].Select(c => new string(c)), Gen.Char["0123456789 -+٣３janfebmrA\n"].Array[0, 5].Select(c => new string(c)));

    [Fact] // Checklist 84
    public void A_date_of_birth_is_taken_exactly_when_it_is_a_real_day_since_1900_that_has_come() =>
        Gen.Select(Gen.Int[0, 33], Gen.Int[0, 14], Gen.OneOf(Gen.Int[1890, 2030], Gen.Int[0, 9999])).Sample((day, month, year) =>
        {
            var read = DateOfBirth.Read(Text(day), Text(month), year.ToString("0000", CultureInfo.InvariantCulture), Today);
            var real = DateOnly.TryParseExact($"{year:0000}-{month:00}-{day:00}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && year >= 1900 && date <= Today;
            (read.Error is null).ShouldBe(real, $"{day} {month} {year}: {read.Error}");
            if (real) read.Value.ShouldBe(date);
            else read.Field.ShouldBeOneOf("day", "month", "year");
        }, iter: Fuzz.Cases(20_000));

    [Fact]
    public void Whatever_is_typed_as_a_date_is_a_date_or_a_text_that_says_what_to_do() => Gen.Select(AnyText, AnyText, AnyText).Sample((day, month, year) =>
    {
        var read = DateOfBirth.Read(day, month, year, Today);
        if (read.Error is null) read.Value.ShouldBeInRange(new DateOnly(1900, 1, 1), Today);
        else read.Field.ShouldBeOneOf("day", "month", "year");
    }, iter: Fuzz.Cases(20_000));

    [Theory]
    [InlineData("31", "2", "1980", "SignIn.Birth.Unreal")]
    [InlineData("29", "2", "1900", "SignIn.Birth.Unreal")]
    [InlineData("29", "2", "2000", null)]
    [InlineData("29", "Feb", "1984", null)]
    [InlineData("5", "marzipan", "1984", "SignIn.Birth.Month")]
    [InlineData("5", "Sept", "1984", null)]
    [InlineData("5", "MAR.", "1984", null)]
    [InlineData("5", "May", "0026", "SignIn.Birth.Old")]
    [InlineData("5", "5", "26", "SignIn.Birth.Year")]
    [InlineData("27", "11", "2026", "SignIn.Birth.Future")]
    [InlineData("26", "11", "2026", null)]
    [InlineData("٣", "5", "1984", "SignIn.Birth.Day")]
    public void Dates_that_people_type(string day, string month, string year, string? error) => DateOfBirth.Read(day, month, year, Today).Error.ShouldBe(error);

    [Fact] // R4, A19: a real and an invented token look alike; what is no token is not kept.
    public void The_permanent_link_keeps_a_token_in_a_cookie_and_nothing_else() => Gen.OneOf(
        Gen.Char.Array[0, 140].Select(c => new string(c)), Gen.Char["abcXYZ019_-"].Array[14, 130].Select(c => new string(c)),
        Gen.Select(Gen.Char["abcXYZ019_-"].Array[16, 30], Gen.OneOf("\n", "\r\n", "; Path=/", "=", " ", "%0A", "\0", ",x"), (token, end) => new string(token) + end)).Sample(token =>
    {
        var http = new DefaultHttpContext();
        var page = new LinkModel { PageContext = new PageContext { HttpContext = http } };
        page.OnGetAsync(token).GetAwaiter().GetResult();
        http.Response.Headers.Location.ToString().ShouldBe("/sign-in");
        var isToken = token.Length is >= 16 and <= 128 && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        var cookie = http.Response.Headers.SetCookie.ToString();
        if (isToken) cookie.ShouldStartWith($"{Cookies.Link}={token}; ");
        else cookie.ShouldBe("");
    }, iter: Fuzz.Cases(10_000));

    [Fact]
    public void Any_cookie_of_an_attempt_is_read_or_is_none() => Gen.OneOf(
        Gen.Char["abc.-_019 %=;,\"\\\u00E9"].Array[0, 80].Select(c => new string(c)),
        Gen.Select(Gen.Char["abc019_-"].Array[0, 140], Gen.Long, Gen.Long, Gen.Long, (id, code, attempt, wait) => $"{new string(id)}.{code}.{attempt}.{wait}"),
        Gen.Select(Gen.Long[-1, 253_402_300_800_001], Gen.Long[253_402_300_799_998, 253_402_300_800_001], (code, attempt) => $"id.{code}.{attempt}.0")).Sample(value =>
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = $"{Cookies.Attempt}={value}";
        if (AttemptCookie.Read(http.Request) is not { } attempt) return;
        attempt.AttemptId.Length.ShouldBeInRange(1, 128);
        attempt.Write(http.Response, TimeProvider.System);
        Regex.IsMatch(http.Response.Headers.SetCookie.ToString(), @"^__Host-sign-in=[^;\r\n]*; max-age=[0-9]+; path=/; secure; samesite=lax; httponly\z").ShouldBeTrue(http.Response.Headers.SetCookie.ToString());
    }, iter: Fuzz.Cases(10_000));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
