using Microsoft.AspNetCore.Mvc;
using PatientHub.Gateway.Staff;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>Somebody phones: the record by NHS number, or by family name and date of birth. What is typed goes in a form, never in an address; that there was a search is recorded.</summary>
internal sealed class FindModel(DeskPatientsClient patients) : HubPageModel
{
    [BindProperty] public string? NhsNumber { get; set; }
    [BindProperty] public string? FamilyName { get; set; }
    [BindProperty] public string? Day { get; set; }
    [BindProperty] public string? Month { get; set; }
    [BindProperty] public string? Year { get; set; }

    public IReadOnlyList<FoundPatient>? Found { get; private set; }

    public void OnGet() => ModelState.Clear();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        (NhsNumber, FamilyName) = (Clean(NhsNumber), Clean(FamilyName));
        DateOnly? born = null;
        if (NhsNumber.Length == 0)
        {
            if (FamilyName.Length == 0)
                ModelState.AddModelError(nameof(NhsNumber), "Enter the NHS number, or the family name and date of birth");
            else if (!DateOnly.TryParseExact($"{Clean(Year)}-{Clean(Month)}-{Clean(Day)}", "yyyy-M-d", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var typed))
                ModelState.AddModelError("BirthDate", "Enter a real date of birth");
            else
                born = typed;
        }
        if (!ModelState.IsValid)
            return Page();
        var (outcome, found) = await patients.FindAsync(new FindPatients { ActId = Guid.CreateVersion7(), NhsNumber = NhsNumber.Length == 0 ? null : NhsNumber, FamilyName = FamilyName.Length == 0 ? null : FamilyName, BirthDate = born }, cancellationToken);
        if (outcome.Done)
            Found = found;
        else
            ModelState.AddModelError(nameof(NhsNumber), "Enter an NHS number of 10 digits, or the family name and date of birth");
        return Page();
    }
}
