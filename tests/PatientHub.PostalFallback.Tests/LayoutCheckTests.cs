using Microsoft.Extensions.Options;
using PatientHub.Identity.Contracts.Http;
using PatientHub.PostalFallback.Clients;
using PatientHub.PostalFallback.Tests.Support;
using UglyToad.PdfPig.Content;

namespace PatientHub.PostalFallback.Tests;

/// <summary>A29: what the print house or the postman could not use never leaves, and what is another patient's stops everything.</summary>
public sealed class LayoutCheckTests
{
    private static readonly Guid LetterId = Guid.CreateVersion7();
    private static readonly string[] Lines = ["Mx Test Patient", "1 Example Road", "LEEDS", "LS9 7TF"];
    private static readonly Print Good = new() { LetterId = LetterId, Lines = Lines };

    public static TheoryData<string, string> Cases => new()
    {
        { "as it should be", "Good" },
        { "seven lines", "Good" },
        { "address above the window", "Unusable" },
        { "address runs out of the window", "Unusable" },
        { "address missing", "Unusable" },
        { "a line of the address missing", "Unusable" },
        { "something beside the address", "Unusable" },
        { "another address", "WrongLetter" },
        { "another postcode", "WrongLetter" },
        { "another name", "WrongLetter" },
        { "another letter on the second page", "WrongLetter" },
        { "another letter", "WrongLetter" },
        { "odd number of pages", "Unusable" },
        { "font not embedded", "Unusable" },
        { "pages without numbers", "Unusable" },
        { "US letter", "Unusable" },
        { "landscape", "Unusable" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Print_is_read_back(string what, string verdict)
    {
        string[] seven = ["Parent or guardian of", "Test Patient", "Flat 1", "The House", "1 Example Road", "LEEDS", "LS9 7TF"];
        var (print, lines) = what switch
        {
            "seven lines" => (Good with { Lines = seven }, seven),
            "address above the window" => (Good with { AddressAt = (24.6, 37) }, Lines),
            "address runs out of the window" => (Good with { AddressAt = (105, 42) }, Lines),
            "address missing" => (Good with { Lines = [] }, Lines),
            "a line of the address missing" => (Good with { Lines = [Lines[0], Lines[2], Lines[3]] }, Lines),
            "something beside the address" => (Good with { Beside = "private and confidential" }, Lines),
            "another address" => (Good with { Lines = ["Mx Test Patient", "2 Other Street", "YORK", "YO1 7HH"] }, Lines),
            "another postcode" => (Good with { Lines = ["Mx Test Patient", "1 Example Road", "LEEDS", "LS9 7TG"] }, Lines),
            "another name" => (Good with { FullName = "Somebody Else" }, Lines),
            "another letter on the second page" => (Good with { StrangePage = 2 }, Lines),
            "another letter" => (Good with { LetterId = Guid.CreateVersion7() }, Lines),
            "odd number of pages" => (Good with { Pages = 3 }, Lines),
            "font not embedded" => (Good with { Embedded = false }, Lines),
            "pages without numbers" => (Good with { Numbered = false }, Lines),
            "US letter" => (Good with { Size = PageSize.Letter }, Lines),
            "landscape" => (Good with { Size = PageSize.A3 }, Lines),
            _ => (Good, Lines),
        };
        var finding = Look(print, lines);
        finding.Verdict.ToString().ShouldBe(verdict, finding.Reason);
        (finding.Reason.Length == 0).ShouldBe(verdict == "Good");
        finding.Reason.ShouldNotContain("Test Patient");
    }

    [Fact] // the positions are settings: another envelope, another verdict
    public void Window_is_a_setting()
    {
        Look(Good with { AddressAt = (100, 60) }, Lines).Verdict.ShouldBe(LayoutVerdict.Unusable);
        Look(Good with { AddressAt = (100, 60) }, Lines, new PrintLayoutOptions { WindowLeft = 98, WindowRight = 190, WindowTop = 55, WindowBottom = 90 }).Verdict.ShouldBe(LayoutVerdict.Good);
    }

    [Fact]
    public void Manifest_that_names_another_address_or_file_stops_the_batch()
    {
        var pdf = Good.Pdf();
        var line = Line(pdf, Lines);
        Check().Look(pdf, line with { AddressLines = ["Mx Test Patient", "1 Example Road", "LEEDS", "LS9 7TG"] }, Record(Lines)).Verdict.ShouldBe(LayoutVerdict.WrongLetter);
        Check().Look(pdf, line with { Sha256 = new string('0', 64) }, Record(Lines)).Verdict.ShouldBe(LayoutVerdict.WrongLetter);
        Check().Look(pdf, line with { FileName = $"{Guid.CreateVersion7()}-v1.pdf" }, Record(Lines)).Verdict.ShouldBe(LayoutVerdict.WrongLetter);
    }

    [Fact] // checklist 123
    public void Damaged_print_is_refused()
    {
        var pdf = Good.Pdf();
        Look("%PDF-1.7\nrubbish"u8.ToArray(), Lines).Verdict.ShouldBe(LayoutVerdict.Unusable);
        Look([], Lines).Verdict.ShouldBe(LayoutVerdict.Unusable);
        Look(pdf[..(pdf.Length / 2)], Lines).Verdict.ShouldNotBe(LayoutVerdict.Good);
    }

    private static LayoutFinding Look(Print print, string[] lines, PrintLayoutOptions? window = null)
    {
        var pdf = print.Pdf();
        return Check(window).Look(pdf, Line(pdf, lines, print.Pages), Record(lines));
    }

    private static LayoutFinding Look(byte[] pdf, string[] lines) => Check().Look(pdf, Line(pdf, lines), Record(lines));

    private static LayoutCheck Check(PrintLayoutOptions? window = null) => new(Options.Create(window ?? new PrintLayoutOptions()));

    private static SpoolLetter Line(byte[] pdf, string[] lines, int pages = 2) =>
        new(LetterId, 1, $"{LetterId}-v1.pdf", pages, (pages + 1) / 2, Duplex: true, "economy", "standard", lines, PrintSpool.Hash(pdf));

    private static PatientAddress Record(string[] lines) => new() { PatientId = Guid.CreateVersion7(), MayPrint = true, FullName = "Test Patient", Lines = lines, Format = PrintFormat.Standard };
}
