using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;

namespace PatientHub.Gateway.Pages.Appointments;

/// <summary>24 months back (R26).</summary>
internal sealed class PastModel(AppointmentsClient client) : HubPageModel
{
    public Part<MyAppointments> Appointments { get; private set; } = Part<MyAppointments>.Missing;

    public async Task OnGetAsync(CancellationToken cancellationToken) => Appointments = await client.ListAsync(cancellationToken);
}
