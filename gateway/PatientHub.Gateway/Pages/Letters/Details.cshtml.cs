using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>The letter. Reading it here opens it (A3); below its text stands "Accept", which names the version shown.</summary>
internal sealed class DetailsModel(LettersClient letters, AppointmentsClient appointments) : HubPageModel
{
    public LetterContent Shown { get; private set; } = null!;

    /// <summary>Null when the letter belongs to no appointment.</summary>
    public Part<MyAppointment>? Appointment { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        var letter = await letters.OpenAsync(id, cancellationToken);
        if (letter.IsDown)
            return StatusCode(StatusCodes.Status503ServiceUnavailable);
        if (letter.Value is not { } content)
            return NotFound();
        Shown = content;
        if (content.Letter.AppointmentId is { } appointment)
            Appointment = await appointments.GetAsync(appointment, cancellationToken);
        return Page();
    }
}
