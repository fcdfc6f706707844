using System.Collections.Concurrent;
using MassTransit;
using PatientHub.Appointments.Contracts;
using PatientHub.Identity.Contracts;
using PatientHub.Notifications.Contracts;
using PatientHub.Testing;

namespace PatientHub.Identity.Tests.Support;

/// <summary>A consumer of everything that Identity publishes, in the place of the other services.</summary>
public sealed class BusListener : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Type, ConcurrentQueue<object>> received = new();
    private IBusControl bus = null!;

    public async Task StartAsync(Uri address)
    {
        bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(address);
            rabbit.ReceiveEndpoint("test-listener", endpoint =>
            {
                Keep<SendSignInCode>(endpoint);
                Keep<RaiseTask>(endpoint);
                Keep<PatientRegistered>(endpoint);
                Keep<PatientDetailsChanged>(endpoint);
                Keep<PatientSignedIn>(endpoint);
                Keep<SignInRepeatedlyFailed>(endpoint);
                Keep<SessionsEnded>(endpoint);
                Keep<ContactsEndAnnounced>(endpoint);
                Keep<ContactsEnded>(endpoint);
                Keep<ContactDoubted>(endpoint);
                Keep<PatientMerged>(endpoint);
                Keep<PatientUnmerged>(endpoint);
                Keep<RecordStaffAct>(endpoint);
            });
        });
        await bus.StartAsync();
    }

    public Task PublishAsync<T>(T message) where T : class => bus.Publish(message);

    /// <summary>The oldest message of this type that no test has taken yet and that fits.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? fits = null) where T : class =>
        await Eventually.NotNull(() => Task.FromResult(Take(fits)), $"{typeof(T).Name} never came");

    /// <summary>What has come and not been taken.</summary>
    public IReadOnlyList<T> Waiting<T>(Func<T, bool> fits) => [.. Queue<T>().Cast<T>().Where(fits)];

    public void Forget<T>() => Queue<T>().Clear();

    public async ValueTask DisposeAsync() => await bus.StopAsync();

    private T? Take<T>(Func<T, bool>? fits) where T : class
    {
        var queue = Queue<T>();
        T? found = null;
        for (var left = queue.Count; left > 0 && queue.TryDequeue(out var message); left--)
        {
            if (found is null && (fits is null || fits((T)message))) found = (T)message;
            else queue.Enqueue(message);
        }

        return found;
    }

    private void Keep<T>(IReceiveEndpointConfigurator endpoint) where T : class => endpoint.Handler<T>(context =>
    {
        Queue<T>().Enqueue(context.Message);
        return Task.CompletedTask;
    });

    private ConcurrentQueue<object> Queue<T>() => received.GetOrAdd(typeof(T), _ => new ConcurrentQueue<object>());
}
