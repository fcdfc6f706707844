using System.Net.Sockets;

namespace PatientHub.Notifications.Clients;

/// <summary>Tells the two questions about a failed request apart: is it the provider's outage, and can the provider have seen the request?</summary>
internal static class ProviderFaults
{
    /// <summary>Our own end (<paramref name="ct"/>) is no outage of the provider's.</summary>
    public static bool IsOutage(Exception fault, CancellationToken ct) =>
        fault is HttpRequestException or IOException || (fault is OperationCanceledException && !ct.IsCancellationRequested);

    /// <summary>True when no byte of the request can have reached the provider.</summary>
    public static bool SurelyNotSent(Exception fault) => fault switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError } => true,
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable or SocketError.NetworkUnreachable } } => true,
        _ => false,
    };

    public static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;
}
