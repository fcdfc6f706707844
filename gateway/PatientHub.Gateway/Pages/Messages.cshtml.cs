using PatientHub.Gateway.Clients;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Contracts.Http;

namespace PatientHub.Gateway.Pages;

/// <summary>All messages (R18), newest first.</summary>
internal sealed class MessagesModel(NotificationsClient client) : HubPageModel
{
    public Part<List<MyMessage>> Messages { get; private set; } = Part<List<MyMessage>>.Missing;

    public async Task OnGetAsync(CancellationToken cancellationToken) => Messages = await client.MessagesAsync(cancellationToken);

    public static string Kind(MyMessage message) => message.Channel == Channel.Sms ? "Text message" : "Email";

    public static string Status(MyMessage message) => message.Status switch
    {
        "delivered" => "Delivered",
        "failed" => "Could not be delivered",
        "sent" => "Sent",
        _ => "Waiting to be sent",
    };

    public static string Colour(MyMessage message) => message.Status switch
    {
        "delivered" => "green",
        "failed" => "red",
        _ => "white",
    };
}
