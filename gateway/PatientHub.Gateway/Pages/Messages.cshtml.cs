using PatientHub.Gateway.Clients;
using PatientHub.Notifications.Contracts.Http;

namespace PatientHub.Gateway.Pages;

/// <summary>All messages (R18), newest first, word for word as they were sent, each with what became of it.</summary>
internal sealed class MessagesModel(NotificationsClient client) : HubPageModel
{
    public Part<List<MyMessage>> Messages { get; private set; } = Part<List<MyMessage>>.Missing;

    public async Task OnGetAsync(CancellationToken cancellationToken) => Messages = await client.MessagesAsync(cancellationToken);

    /// <summary>The text that says what became of it.</summary>
    public static string Status(MyMessage message) => message.Status switch
    {
        "delivered" => "Messages.Delivered",
        "failed" => "Messages.Failed",
        "sent" => "Messages.OnItsWay",
        _ => "Messages.Waiting",
    };

    /// <summary>The text that says what came in place of one that failed.</summary>
    public static string Instead(MyMessage message) => message.Instead switch
    {
        "sms" => "Messages.Instead.Text",
        "email" => "Messages.Instead.Email",
        "posted" => "Messages.Instead.Posted",
        _ => "Messages.FailedText",
    };

    public static string Colour(MyMessage message) => message.Status switch
    {
        "delivered" => "green",
        "failed" => "red",
        _ => "white",
    };
}
