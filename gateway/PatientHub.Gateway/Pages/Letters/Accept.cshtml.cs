using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>Accepts the appointment of the letter, in the version that was shown (A3, A21).</summary>
internal sealed class AcceptModel(AppointmentsClient client) : HubPageModel
{
    [BindProperty] public Guid AppointmentId { get; set; }
    [BindProperty] public int Revision { get; set; }
    [BindProperty] public int LetterVersion { get; set; }

    public IActionResult OnGet(Guid id) => SeeOther($"/letters/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid)
            return BadRequest();
        var outcome = await client.AcceptAsync(AppointmentId, new AcceptAppointment { Revision = Revision, LetterId = id, LetterVersion = LetterVersion }, cancellationToken);
        return outcome switch
        {
            { Done: true } => SeeOther($"/appointments/{AppointmentId}?did=accept"),
            { Code: Outcome.NotFound } => NotFound(),
            _ => SeeOther($"/appointments/{AppointmentId}?tried=accept&why={Uri.EscapeDataString(outcome.Code!)}"),
        };
    }
}
