using PatientHub.Gateway.Clients;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.Gateway.Pages.Letters;

/// <summary>All letters, newest first. Listing opens nothing (A3).</summary>
internal sealed class IndexModel(LettersClient client) : HubPageModel
{
    public Part<List<MyLetter>> Letters { get; private set; } = Part<List<MyLetter>>.Missing;

    public async Task OnGetAsync(CancellationToken cancellationToken) => Letters = await client.ListAsync(cancellationToken);
}
