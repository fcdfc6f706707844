using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>All letters, newest first; many have the same title, so each says for which appointment it is. Listing opens nothing (A3).</summary>
internal sealed class IndexModel(LettersClient letters, AppointmentsClient appointments) : HubPageModel
{
    public Part<List<MyLetter>> Letters { get; private set; } = Part<List<MyLetter>>.Missing;

    public Part<MyAppointments> Appointments { get; private set; } = Part<MyAppointments>.Missing;

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var (first, second) = (letters.ListAsync(cancellationToken), appointments.ListAsync(cancellationToken));
        await Task.WhenAll(first, second);
        (Letters, Appointments) = (await first, await second);
    }
}
