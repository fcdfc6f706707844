namespace PatientHub.Gateway.Edge;

/// <summary>Where the gateway listens besides <c>Urls</c>, and whom it believes.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>The listener of machines (PAS, integrators, booking centre): <c>http://127.0.0.1:5081</c>. Null closes those doors.</summary>
    public Uri? MachineUrl { get; set; }

    /// <summary>As <see cref="MachineUrl"/>, on the same host as the public listener: only the port.</summary>
    public int? MachinePort { get; set; }

    /// <summary>Addresses of the proxies in front of the gateway: from them alone <c>X-Forwarded-For</c> counts.</summary>
    public string[] TrustedProxies { get; set; } = [];
}
