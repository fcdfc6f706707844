using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Letters.Contracts.Http;

namespace PatientHub.Gateway.Pages;

/// <summary>What comes, what needs an answer, what is unread: two services, asked at the same time.</summary>
internal sealed class HomeModel(AppointmentsClient appointments, LettersClient letters) : HubPageModel
{
    public Part<MyAppointments> Appointments { get; private set; } = Part<MyAppointments>.Missing;

    public Part<List<MyLetter>> Letters { get; private set; } = Part<List<MyLetter>>.Missing;

    public IReadOnlyList<MyAppointment> NeedAnswer => [.. (Appointments.Value?.Upcoming ?? []).Where(Words.NeedsAnswer)];

    public IReadOnlyList<MyAppointment> Others => [.. (Appointments.Value?.Upcoming ?? []).Where(appointment => !Words.NeedsAnswer(appointment))];

    public IReadOnlyList<MyLetter> Unread => [.. (Letters.Value ?? []).Where(letter => !letter.Opened)];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var (first, second) = (appointments.ListAsync(cancellationToken), letters.ListAsync(cancellationToken));
        await Task.WhenAll(first, second);
        (Appointments, Letters) = (await first, await second);
    }
}
