using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Gateway.Tests.Support;
using PatientHub.Identity.Contracts.Http;
using Page = PatientHub.Testing.Page;

namespace PatientHub.Gateway.Tests;

/// <summary>All pages: none is missing on the list, and each is valid HTML.</summary>
public sealed class PageListTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public void Every_page_is_on_the_list()
    {
        var listed = SitePages.Everybodys.Concat(SitePages.Attempts).Concat(SitePages.Patients).Select(page => page.Path.Split('?')[0]).ToList();
        var routes = gateway.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>()
            .Select(page => page.AttributeRouteInfo!.Template!).Distinct().Where(template => !SitePages.WithoutPage.Contains(template)).ToList();
        routes.Count.ShouldBeGreaterThan(10);
        routes.Where(template => !listed.Any(path => Fits(template, path))).ShouldBeEmpty("pages that no test looks at: add them to SitePages");
        routes.ShouldContain("letters/{id:guid}");
        Fits("letters/{id:guid}", "/letters").ShouldBeFalse("the rule sees a page that is missing");

        static bool Fits(string template, string path)
        {
            var (wanted, given) = (template == "Index" ? "".Split('/') : template.Split('/'), path.TrimStart('/').Split('/'));
            return wanted.Length == given.Length && wanted.Zip(given).All(part => part.First == part.Second || (part.First.StartsWith('{') && (Guid.TryParse(part.Second, out _) || int.TryParse(part.Second, out _))));
        }
    }

    // Rules that .htmlvalidate.json bends: links that look like buttons have their role as the design system's script wants it, and a date's fieldset has "group" for JAWS; numbers are kept together by a class; a
    // trust's full name makes titles long; without a script the page leaves by itself when the session is over (A20); blanks and "/>" are the frameworks' own style.
    [Fact]
    public async Task Every_page_is_valid_html()
    {
        Samples.Use(gateway);
        gateway.Identity.AfterCode = SignInOutcome.SignedIn;
        var folder = Directory.CreateTempSubdirectory("patienthub-html-");
        try
        {
            var browser = gateway.NewBrowser();
            foreach (var (name, path) in SitePages.Everybodys)
                await SaveAsync(name, await browser.OpenAsync(path));
            await SaveAsync("sign-in-empty", await browser.TypeDetailsAsync("", "", "", ""));
            await SaveAsync("sign-in-wrong", await browser.TypeDetailsAsync("<script>", "32", "13", "84"));
            var code = await browser.FollowAsync(await browser.TypeDetailsAsync());
            foreach (var (name, path) in SitePages.Attempts)
                await SaveAsync(name, await browser.OpenAsync(path));
            await SaveAsync("code-wrong", await browser.SubmitAsync(code, "main form", ("Code", "999999")));
            await SaveAsync("bad-request", await browser.PostAsync("/sign-in", ("Identifier", "x")));
            await browser.FollowAsync(await browser.SubmitAsync(code, "main form", ("Code", StubIdentity.RightCode)));
            foreach (var (name, path) in SitePages.Patients)
                await SaveAsync(name, await browser.OpenAsync(path));
            (await ValidateAsync(folder.FullName)).ShouldBeEmpty();

            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "guilty.html"), "<!DOCTYPE html><html lang=\"en\"><head><title>x</title></head><body><p><div>x</div></p><img src=\"x\"></body></html>", TestContext.Current.CancellationToken);
            (await ValidateAsync(folder.FullName)).ShouldContain(fault => fault.StartsWith("guilty.html", StringComparison.Ordinal), "the rule sees a guilty file");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        async Task SaveAsync(string name, Page page)
        {
            page.Text.ShouldContain("</html>", Case.Sensitive, name);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, name + ".html"), page.Text);
        }
    }

    internal static async Task<IReadOnlyList<string>> ValidateAsync(string folder)
    {
        // Into a file: what is written into a pipe is cut off when the program ends.
        var report = Path.Combine(folder, "report.json");
        var start = new ProcessStartInfo("node", ["node_modules/html-validate/bin/html-validate.mjs", "--config", ".htmlvalidate.json", "--formatter", "json=" + report, .. Directory.EnumerateFiles(folder, "*.html").Order()])
        {
            WorkingDirectory = Here(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        File.Exists(report).ShouldBeTrue(output + await errors);
        using var faults = JsonDocument.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken));
        return [.. from file in faults.RootElement.EnumerateArray()
                   from fault in file.GetProperty("messages").EnumerateArray()
                   select $"{Path.GetFileName(file.GetProperty("filePath").GetString())}:{fault.GetProperty("line")}: {fault.GetProperty("ruleId").GetString()}: {fault.GetProperty("message").GetString()}"];
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
