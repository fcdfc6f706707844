using System.Net;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Tests;

public sealed class SignInPagesTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task Signing_in_with_the_code_leads_home_and_names_the_patient()
    {
        var browser = gateway.NewBrowser();
        var home = await browser.SignInAsync();
        home.Status.ShouldBe(HttpStatusCode.OK);
        home.Path.ShouldBe("/home");
        home.Document.QuerySelector(".hub-patient")!.TextContent.ShouldContain("Amy Okonkwo-Smith");
        browser.Cookies.Keys.ShouldNotContain("__Host-sign-in");
    }

    [Fact]
    public async Task Post_empty_date_of_birth_shows_error()
    {
        var page = await gateway.NewBrowser().TypeDetailsAsync(day: "", month: "", year: "");
        page.Title.ShouldStartWith("Error: ");
        page.Errors.ShouldBe([("#DateOfBirth-day", "Enter the date of birth")]);
        page.Document.QuerySelector("#DateOfBirth-day")!.ClassList.ShouldContain("nhsuk-input--error");
        page.Document.QuerySelector("#DateOfBirth-error")!.TextContent.ShouldContain("Enter the date of birth");
        page.Document.QuerySelector("#Identifier")!.GetAttribute("value").ShouldBe("07700 900123", "what was typed must not be typed again");
    }

    [Theory]
    [InlineData("31", "2", "1984", "#DateOfBirth-day")]
    [InlineData("15", "13", "1984", "#DateOfBirth-month")]
    [InlineData("15", "3", "0026", "#DateOfBirth-year")]
    [InlineData("15", "3", "84", "#DateOfBirth-year")]
    [InlineData("15", "3", "9999", "#DateOfBirth-year")]
    [InlineData("<script>", "3", "1984", "#DateOfBirth-day")]
    [InlineData("15", "'; drop table", "1984", "#DateOfBirth-month")]
    [InlineData("15", "", "1984", "#DateOfBirth-month")]
    [InlineData("-1", "3", "1984", "#DateOfBirth-day")]
    [InlineData("15", "3", "2027", "#DateOfBirth-year")]
    [InlineData("😀", "3", "1984", "#DateOfBirth-day")]
    [InlineData("15", "\u202E3", "19 84", "#DateOfBirth-year")]
    [InlineData("   ", "3", "1984", "#DateOfBirth-day")]
    public async Task Nonsense_dates_of_birth_say_what_to_do(string day, string month, string year, string field)
    {
        var page = await gateway.NewBrowser().TypeDetailsAsync(day: day, month: month, year: year);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Errors.Single().Href.ShouldBe(field);
        page.Document.QuerySelectorAll("main script").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("     ")]
    [InlineData("amy")]
    [InlineData("@")]
    [InlineData("amy@")]
    [InlineData("12345")]
    [InlineData("😀😀😀")]
    [InlineData("\u202E321009 00770")]
    [InlineData("<script>alert(1)</script>")]
    public async Task Nonsense_identifiers_say_what_to_do(string identifier)
    {
        if (identifier.StartsWith('\u202E'))
            identifier += "x";
        var page = await gateway.NewBrowser().TypeDetailsAsync(identifier);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Errors.Single().Href.ShouldBe("#Identifier");
        page.Document.QuerySelectorAll("main script").ShouldBeEmpty();
    }

    [Fact]
    public async Task Errors_are_listed_in_the_order_of_the_fields()
    {
        var page = await gateway.NewBrowser().TypeDetailsAsync("", "", "", "");
        page.Errors.Select(error => error.Href).ShouldBe(["#Identifier", "#DateOfBirth-day"]);
        page.Document.QuerySelectorAll("#DateOfBirth .nhsuk-input--error").Length.ShouldBe(3, "an empty date is wrong as a whole");
        page.Errors.ShouldAllBe(error => page.Document.QuerySelector(error.Href) != null);
    }

    [Theory]
    [InlineData("１５", "３", "１９８４")]
    [InlineData("15", "March", "1984")]
    [InlineData(" 15 ", "03", "1984")]
    public async Task Dates_as_people_type_them_are_taken(string day, string month, string year) =>
        (await gateway.NewBrowser().TypeDetailsAsync(day: day, month: month, year: year)).Location.ShouldBe("/sign-in/code");

    [Theory]
    [InlineData("😀😀😀😀😀😀")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("'; drop table codes; --")]
    [InlineData("\u202E654321x")]
    [InlineData("10000")]
    public async Task Nonsense_in_the_code_and_the_verification_code_says_what_to_do(string typed)
    {
        var words = typed == "10000" ? new string('1', 10_000) : typed;
        var browser = gateway.NewBrowser();
        var code = await browser.FollowAsync(await browser.TypeDetailsAsync());
        foreach (var (page, field) in new[] { (code, "Code"), (await browser.OpenAsync("/sign-in/uvc"), "Uvc") })
        {
            var answer = await browser.SubmitAsync(page, "main form", (field, words));
            answer.Status.ShouldBe(HttpStatusCode.OK);
            answer.Errors.Single().Href.ShouldBe("#" + field);
            answer.Document.QuerySelectorAll("main script").ShouldBeEmpty();
        }
        browser.Cookies.Keys.ShouldNotContain("__Host-session");
    }

    [Fact]
    public async Task Ten_thousand_characters_are_an_error_of_the_field()
    {
        var page = await gateway.NewBrowser().TypeDetailsAsync(new string('7', 10_000));
        page.Errors.Single().Text.ShouldContain("254 characters or less");
    }

    [Theory]
    [InlineData("0113 496 0000")]
    [InlineData("+44 (0)7700 900123")]
    [InlineData("00447700900123")]
    [InlineData("０７７００９００１２３")]
    [InlineData("+49 171 1234567")]
    [InlineData("Amy.O'Neil+nhs@EXAMPLE.org")]
    public async Task Every_usable_form_of_an_identifier_reaches_Identity(string identifier)
    {
        var page = await gateway.NewBrowser().TypeDetailsAsync(identifier);
        page.Status.ShouldBe(HttpStatusCode.SeeOther);
        page.Location.ShouldBe("/sign-in/code");
    }

    [Fact]
    public async Task A13_a_new_code_needs_no_typing_again()
    {
        var browser = gateway.NewBrowser();
        var code = await browser.FollowAsync(await browser.TypeDetailsAsync());
        var again = await browser.FollowAsync(await browser.SubmitAsync(code, "form[action='/sign-in/new-code']"));
        again.Path.ShouldBe("/sign-in/code?sent=again");
        again.Main.ShouldContain("Only the newest code works");
    }

    [Fact]
    public async Task A19_the_code_page_says_nothing_about_whether_the_details_matched()
    {
        var browser = gateway.NewBrowser();
        var code = await browser.FollowAsync(await browser.TypeDetailsAsync());
        code.Main.ShouldContain("If the details match our records, we sent a code by text to the mobile we hold, or by email if we hold none.");
        var input = code.Document.QuerySelector("#Code")!;
        input.GetAttribute("autocomplete").ShouldBe("one-time-code");
        input.GetAttribute("inputmode").ShouldBe("numeric");
    }

    [Theory]
    [InlineData("12 34-56")]
    [InlineData("１２３４５６")]
    [InlineData(" 123456 ")]
    public async Task Codes_may_have_spaces_and_hyphens(string code)
    {
        var browser = gateway.NewBrowser();
        var page = await browser.FollowAsync(await browser.TypeDetailsAsync());
        (await browser.SubmitAsync(page, "main form", ("Code", code))).Location.ShouldBe("/home");
    }

    [Theory]
    [InlineData("", "Enter the code we sent you")]
    [InlineData("12345", "The code has 6 numbers, like 123456")]
    [InlineData("abcdef", "The code has 6 numbers, like 123456")]
    [InlineData("999999", "That is not the code we sent. Check it and type it again. Only the newest code works")]
    public async Task A_wrong_code_says_what_to_do(string code, string error)
    {
        var browser = gateway.NewBrowser();
        var page = await browser.FollowAsync(await browser.TypeDetailsAsync());
        var answer = await browser.SubmitAsync(page, "main form", ("Code", code));
        answer.Errors.ShouldBe([("#Code", error)]);
        browser.Cookies.Keys.ShouldNotContain("__Host-session");
    }

    [Fact]
    public async Task A_sign_in_without_an_attempt_starts_again()
    {
        var browser = gateway.NewBrowser();
        var page = await browser.OpenAsync("/sign-in/code");
        page.Path.ShouldBe("/sign-in");
        browser.Cookies["__Host-sign-in"] = "garbage";
        (await browser.OpenAsync("/sign-in/code")).Path.ShouldBe("/sign-in");
        browser.Cookies["__Host-sign-in"] = "x.99999999999999999999.1.1";
        (await browser.OpenAsync("/sign-in/code")).Path.ShouldBe("/sign-in");
    }

    [Fact]
    public async Task The_permanent_link_is_a_redirect_that_changes_nothing_and_hides_its_token()
    {
        var browser = gateway.NewBrowser();
        var before = gateway.Identity.Requests.Count;
        var page = await browser.GetAsync("/p/Zm9vYmFyYmF6cXV4MTIzNDU2");
        page.Status.ShouldBe(HttpStatusCode.SeeOther);
        page.Location.ShouldBe("/sign-in");
        (await browser.GetAsync("/p/x")).Location.ShouldBe("/sign-in");
        gateway.Identity.Requests.Count.ShouldBe(before);
        await browser.TypeDetailsAsync();
        gateway.Identity.Requests.Last(request => request.Path == "/internal/sign-in/attempts").Body.ShouldContain("Zm9vYmFyYmF6cXV4MTIzNDU2");
    }

    [Fact]
    public async Task A19_pages_after_any_pair_are_equal_byte_for_byte()
    {
        var answers = new List<(string Code, string Wrong, string Headers)>();
        foreach (var identifier in new[] { "07700 900123", "nobody@example.org" })
        {
            var browser = gateway.NewBrowser();
            var post = await browser.TypeDetailsAsync(identifier);
            var code = await browser.FollowAsync(post);
            var wrong = await browser.SubmitAsync(code, "main form", ("Code", "000000"));
            answers.Add((WithoutToken(code.Text), WithoutToken(wrong.Text), string.Join('\n', post.Response.Headers.Where(header => header.Key is not ("Date" or "Set-Cookie")).Select(header => $"{header.Key}: {string.Join(',', header.Value)}"))));
        }
        answers[0].ShouldBe(answers[1]);

        static string WithoutToken(string html) => System.Text.RegularExpressions.Regex.Replace(html, "name=\"__RequestVerificationToken\" type=\"hidden\" value=\"[^\"]*\"", "token");
    }
}
