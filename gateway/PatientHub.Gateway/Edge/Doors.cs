using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace PatientHub.Gateway.Edge;

/// <summary>A listener of the gateway.</summary>
public enum Door
{
    /// <summary>Patients' browsers and the providers' callbacks.</summary>
    Public,

    /// <summary>Machines: FHIR, tokens, administration (<see cref="GatewayOptions.MachineUrl"/>).</summary>
    Machine,

    /// <summary>Health endpoints: both.</summary>
    Any,
}

/// <summary>
/// Each route belongs to one door and does not exist at the other. The door is told by the local port of the connection, which no client can choose by a header.
/// </summary>
internal sealed class DoorsMiddleware(RequestDelegate next, IOptions<GatewayOptions> options)
{
    private readonly int? _machinePort = options.Value.MachineUrl?.Port ?? options.Value.MachinePort;

    public Task InvokeAsync(HttpContext http)
    {
        var door = http.Connection.LocalPort == _machinePort ? Door.Machine : Door.Public;
        http.Items[typeof(Door)] = door;
        if (HasHiddenSlash(http.Request.Path) || http.GetEndpoint() is not { } endpoint || (DoorOf(endpoint) is var wanted && wanted != Door.Any && wanted != door))
        {
            http.SetEndpoint(Nothing);
            http.Request.RouteValues.Clear();
        }
        return next(http);
    }

    // Kestrel leaves an encoded slash as it is, so one segment here could be several at a service behind: no address of ours has one.
    private static bool HasHiddenSlash(PathString path) => path.Value?.Contains("%2f", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>What nobody knows is "not found" for everyone; the fallback policy would answer 401 and so say that there might be something.</summary>
    private static readonly Endpoint Nothing = new(http =>
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }, new EndpointMetadataCollection(new AllowAnonymousAttribute()), "Not found");

    public static Door Of(HttpContext http) => http.Items[typeof(Door)] is Door door ? door : Door.Public;

    private static Door DoorOf(Endpoint endpoint)
    {
        if (endpoint.DisplayName == "Health checks")
            return Door.Any;
        return endpoint.Metadata.GetMetadata<Yarp.ReverseProxy.Model.RouteModel>() is { } route && route.Config.Metadata?["Door"] == nameof(Door.Machine)
            ? Door.Machine
            : Door.Public;
    }
}
