using Microsoft.AspNetCore.Mvc;
using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>Takes an open request back (A10).</summary>
internal sealed class WithdrawModel(AppointmentsClient client) : AppointmentPageModel(client)
{
    public IActionResult OnGet() => SeeOther($"/appointments/{Id}");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        After("withdraw", await Client.WithdrawAsync(Id, new WithdrawRequest { Revision = Revision, Version = Version }, cancellationToken));
}
