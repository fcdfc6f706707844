using Microsoft.AspNetCore.Mvc;
using PatientHub.Calendar;
using PatientHub.Gateway.Pages.SignIn;
using PatientHub.Gateway.Staff;
using PatientHub.Identity.Contracts.Http;

namespace PatientHub.Gateway.Pages.Staff;

/// <summary>Somebody phones: the record by NHS number, or by family name and date of birth. What is typed goes in a form, never in an address; that there was a search is recorded.</summary>
internal sealed class FindModel(DeskPatientsClient patients, TimeProvider time) : HubPageModel
{
    private const int LongestName = 100;

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
        var born = Check();
        if (!ModelState.IsValid)
            return Page();
        var (outcome, found) = await patients.FindAsync(new FindPatients { ActId = Guid.CreateVersion7(), NhsNumber = NhsNumber.Length == 0 ? null : NhsNumber, FamilyName = FamilyName.Length == 0 ? null : FamilyName, BirthDate = born }, cancellationToken);
        if (outcome.Done)
            Found = found;
        else
            ModelState.AddModelError(nameof(NhsNumber), NotANumber);
        return Page();
    }

    private const string NotANumber = "Enter an NHS number of 10 digits, like 999 123 4567, or leave it empty and enter the family name and date of birth";

    /// <summary>The date of birth, where it counts.</summary>
    private DateOnly? Check()
    {
        if (NhsNumber!.Length > 0)
        {
            if (NhsNumber.Count(char.IsAsciiDigit) != 10 || !NhsNumber.All(c => char.IsAsciiDigit(c) || c is ' ' or '-'))
                ModelState.AddModelError(nameof(NhsNumber), NotANumber);
            return null;
        }
        if (FamilyName!.Length == 0)
        {
            ModelState.AddModelError(nameof(NhsNumber), "Enter the NHS number, or the family name and date of birth");
            return null;
        }
        if (FamilyName.Length > LongestName)
            ModelState.AddModelError(nameof(FamilyName), $"Family name must be {LongestName} characters or less");
        var read = DateOfBirth.Read(Clean(Day), Clean(Month), Clean(Year), LondonTime.DateOf(time.GetUtcNow()));
        if (read.Error is null)
            return read.Value;
        ModelState.AddModelError("BirthDate-" + read.Field, "Enter a real date of birth in the past, like 15 3 1984");
        return null;
    }
}
