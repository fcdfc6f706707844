using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using PatientHub.Appointments.Contracts;
using PatientHub.Simulators.Pas;

namespace PatientHub.Simulators.Pages;

/// <summary>One person, and the buttons of the hospital's staff.</summary>
public sealed class PersonModel(PasRegister register, HubClient hub, SimulatorsOptions options, TimeProvider time) : PageModel
{
    public PersonView Person { get; private set; } = null!;

    /// <summary>What the hub answered last.</summary>
    [TempData]
    public string? Told { get; set; }

    public IActionResult OnGet(string id)
    {
        if (PeopleView.All(register).FirstOrDefault(person => person.PatientId == id) is not { } found)
            return NotFound();
        Person = found;
        return Page();
    }

    public Task<IActionResult> OnPostMoveAsync(string id, string appointmentId, CancellationToken cancellation) =>
        ChangeAsync(id, appointmentId, appointment => appointment with { Start = appointment.Start.AddDays(7) }, cancellation);

    public Task<IActionResult> OnPostCancelAsync(string id, string appointmentId, CancellationToken cancellation) =>
        ChangeAsync(id, appointmentId, appointment => appointment with { Status = PasStatus.Cancelled }, cancellation);

    public async Task<IActionResult> OnPostBookAsync(string id, string clinicId, int days, CancellationToken cancellation)
    {
        if (register.Patient(id) is null || PasRegister.FindClinic(clinicId) is null || days is < 1 or > 365)
            return BadRequest();
        var today = LondonDates.Today(time);
        return await SendAsync(
            id,
            new PasAppointment
            {
                Id = register.NextId('A'),
                PatientId = id,
                ClinicId = clinicId,
                Start = LondonDates.At(today.AddDays(days), new TimeOnly(10, 30)),
                Created = today,
            },
            cancellation);
    }

    private async Task<IActionResult> ChangeAsync(string id, string appointmentId, Func<PasAppointment, PasAppointment> change, CancellationToken cancellation) =>
        register.Appointment(appointmentId) is { } appointment && appointment.PatientId == id ? await SendAsync(id, change(appointment), cancellation) : NotFound();

    private async Task<IActionResult> SendAsync(string id, PasAppointment appointment, CancellationToken cancellation)
    {
        if (options.PasFhirBaseUrl is null)
        {
            Told = "There is no hub to tell (Pas:FhirBaseUrl is not set).";
            return RedirectToPage(new { id });
        }

        var (saved, letter) = register.Save(appointment);
        var answer = await hub.PutAsync(FhirResources.Of(saved, PasRegister.Clinic(saved.ClinicId)), cancellation);
        if (letter is not null)
            await hub.PutAsync(FhirResources.Of(letter, register.Patient(id)!), cancellation);
        Told = answer.Accepted ? $"The hub has taken it ({answer.HttpStatus})." : $"The hub has not taken it: {answer.HttpStatus} {answer.Issues.FirstOrDefault()?.Text}";
        return RedirectToPage(new { id });
    }
}
