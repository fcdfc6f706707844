using PatientHub.Appointments.Contracts.Http;
using PatientHub.Gateway.Clients;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Notifications.Contracts.Http;

namespace PatientHub.Gateway.Pages;

/// <summary>
/// What comes, what needs an answer, what is unread: three services, asked at the same time. Messages have no "unread": they were read on the phone, and nothing may
/// be noted on a GET (A27); so the newest are counted, and those that did not arrive.
/// </summary>
internal sealed class HomeModel(AppointmentsClient appointments, LettersClient letters, NotificationsClient notifications, TimeProvider time) : HubPageModel
{
    private static readonly TimeSpan Lately = TimeSpan.FromDays(7);

    public Part<MyAppointments> Appointments { get; private set; } = Part<MyAppointments>.Missing;

    public Part<List<MyLetter>> Letters { get; private set; } = Part<List<MyLetter>>.Missing;

    public Part<List<MyMessage>> Messages { get; private set; } = Part<List<MyMessage>>.Missing;

    public IReadOnlyList<MyAppointment> NeedAnswer => [.. (Appointments.Value?.Upcoming ?? []).Where(Words.NeedsAnswer)];

    public IReadOnlyList<MyAppointment> Others => [.. (Appointments.Value?.Upcoming ?? []).Where(appointment => !Words.NeedsAnswer(appointment))];

    public IReadOnlyList<MyLetter> Unread => [.. (Letters.Value ?? []).Where(letter => !letter.Opened)];

    public IReadOnlyList<MyMessage> Recent => [.. (Messages.Value ?? []).Where(message => message.SentAt > time.GetUtcNow() - Lately)];

    public int Failed => Recent.Count(message => message.Status == "failed");

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var (first, second, third) = (appointments.ListAsync(cancellationToken), letters.ListAsync(cancellationToken), notifications.MessagesAsync(cancellationToken));
        await Task.WhenAll(first, second, third);
        (Appointments, Letters, Messages) = (await first, await second, await third);
    }
}
