using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Gateway.Texts;

namespace PatientHub.Gateway.Pages.Preferences;

/// <summary>"These details are wrong" (R29): a request to the hospital, never an edit.</summary>
internal sealed class WrongDetailsModel(AppointmentsClient client, PageTexts texts) : HubPageModel
{
    public const int Longest = 400;

    // As the hospital's staff read them, in English whatever language the page was in.
    private static readonly Dictionary<string, string> ForTheDesk = new()
    {
        ["mobile"] = "Mobile number",
        ["email"] = "Email address",
        ["address"] = "Address",
        ["name"] = "Name",
        ["more"] = "Something else, or more than one",
    };

    [BindProperty] public string? What { get; set; }
    [BindProperty] public string? Right { get; set; }

    public IReadOnlyList<(string Value, string Text)> Kinds => [.. ForTheDesk.Keys.Select(kind => (kind, texts.Plain($"Preferences.Wrong.What.{kind}")))];

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var right = CleanLines(Right);
        if (ForTheDesk.GetValueOrDefault(What ?? "") is not { } kind)
        {
            kind = "";
            ModelState.AddModelError("What", texts.Plain("Preferences.Wrong.What.Missing"));
        }
        if (right.Length is 0 or > Longest)
            ModelState.AddModelError("Right", texts.Plain(right.Length == 0 ? "Preferences.Wrong.Words.Missing" : "Preferences.Wrong.Words.Long"));
        if (!ModelState.IsValid)
            return Page();
        var outcome = await client.ReportAsync(new ReportWrongContacts { Words = $"{kind}: {right}" }, cancellationToken);
        if (outcome.Done)
            return SeeOther("/preferences?did=told");
        ModelState.AddModelError("Right", texts.Plain("Preferences.Wrong.TooMany"));
        return Page();
    }
}
