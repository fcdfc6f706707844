namespace PatientHub.Proving.Actors;

/// <summary>What a client sees of a fault between it and the hub: refused, reset, cut in the middle, too late.</summary>
internal static class NoAnswer
{
    public static bool Is(Exception fault, CancellationToken ct) =>
        fault is HttpRequestException or System.Net.Sockets.SocketException or IOException || (fault is OperationCanceledException && !ct.IsCancellationRequested);
}
