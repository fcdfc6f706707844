namespace PatientHub.AppHost.Local.Engine;

/// <summary>
/// Puts what <c>--port</c>, <c>--via</c> and <c>--set</c> ask for into the model, before anything starts. A detour is what our processes are told:
/// the engine itself, its health checks and the ready file keep to the real address.
/// </summary>
internal static class Rewiring
{
    public static void Apply(IReadOnlyList<IResource> resources, LocalOptions options)
    {
        foreach (var (name, port) in options.Ports)
        {
            Listen(name, port);
        }
        foreach (var (name, port) in options.Vias)
        {
            Reach(name, port);
        }
        foreach (var set in options.Sets)
        {
            if (!resources.OfType<ProcessResource>().Any(set.IsFor))
            {
                throw new LocalRunException($"--set {set.Resource}:{set.Variable}: there is no process of that name.");
            }
        }

        void Listen(string name, int port)
        {
            if (DoorOf(name) is { } door)
            {
                door.Port = port;
            }
            else if (resources.OfType<ServerResource>().FirstOrDefault(server => server.Name == name) is { } server)
            {
                server.Port = port;
            }
            else
            {
                throw new LocalRunException($"--port {name}: nothing of that name listens.");
            }
        }

        void Reach(string name, int port)
        {
            if (DoorOf(name) is { } door)
            {
                door.Via = port;
            }
            else if (resources.OfType<IResourceWithDetour>().FirstOrDefault(resource => resource.Name == name) is { } resource)
            {
                resource.Via = port;
            }
            else
            {
                throw new LocalRunException($"--via {name}: nothing of that name is reached.");
            }
        }

        // "gateway" is its first door, "gateway/machine" the one of that name.
        EndpointAnnotation? DoorOf(string name)
        {
            var doors = resources.OfType<IResourceWithEndpoints>().FirstOrDefault(resource => resource.Name == name.Split('/')[0])?.Endpoints;
            return name.Split('/') is [_, var door] ? doors?.Find(endpoint => endpoint.Name == door) : doors?.FirstOrDefault();
        }
    }
}
