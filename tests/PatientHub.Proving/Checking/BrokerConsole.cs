using System.Net.Http.Headers;
using System.Text;

namespace PatientHub.Proving.Checking;

/// <summary>The broker's management API.</summary>
public static class BrokerConsole
{
    /// <param name="broker">amqp://user:password@host:port; the same user reads and manages.</param>
    /// <param name="management">Where the API listens.</param>
    public static HttpClient Open(Uri broker, Uri management)
    {
        var client = new HttpClient { BaseAddress = management };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(broker.UserInfo))));
        return client;
    }
}
