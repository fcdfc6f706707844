using System.Globalization;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Appointments.Contracts;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.Messaging;
using PatientHub.Messaging;

namespace PatientHub.Benchmarks;

/// <summary>
/// What do inbox and one change of state cost? A hot consumer (batches, inbox, one upsert) against a MassTransit consumer that does nothing, on the same messages
/// from quorum queues. The messages lie in the queue when the clock starts, and it stops with the last acknowledgement.
/// </summary>
internal static class InboxConsume
{
    private const string EmptyQueue = "bench.nothing";

    public static async Task RunAsync(Options options, Report report)
    {
        var count = options.Number("messages", 50_000);
        await using var servers = await Servers.StartAsync();
        await using var service = await BookingService.CreateAsync(servers, "inbox", consumes: true);
        await using var raw = await RawPublisher.ConnectAsync(service.Broker);
        var publication = service.Services.GetRequiredService<Catalogue>().Publications.Single();
        var hot = service.Services.GetRequiredService<Gate>();
        using var connected = service.Services.GetRequiredService<IBusControl>().ConnectReceiveObserver(hot);
        await service.StartAsync();

        var idle = new Gate();
        await using var plain = Plain(service.Broker, idle);
        var bus = plain.GetRequiredService<IBusControl>();
        using var observed = bus.ConnectReceiveObserver(idle);
        await bus.StartAsync();

        var result = await Pairs.RunAsync("inbox",
            new Side("batch consumer with inbox and upsert", () => PrepareAsync(hot, BookingService.Queue), () => WorkAsync(hot)),
            new Side("MassTransit consumer that does nothing", () => PrepareAsync(idle, EmptyQueue), () => WorkAsync(idle)),
            servers.Workers, options.Number("pairs", 5), "messages/s");
        await bus.StopAsync();

        report.Add("Consuming with inbox and one change of state, against MassTransit's no-op consumer (bar 0.50, aim 0.85)", string.Create(CultureInfo.InvariantCulture,
            $"{result.MedianRatio:F2} ({result.RatioList}); {result.MedianA:N0} against {result.MedianB:N0} messages/s; CPU seconds per 100,000: {result.CpuOfA} against {result.CpuOfB}"), "inbox");

        async Task PrepareAsync(Gate gate, string queue)
        {
            gate.Close(count);
            await raw.PublishAsync([.. Enumerable.Range(0, count).Select(BookingService.Row).Select(row => Wire.Internal(row, publication) with { Exchange = "", RoutingKey = queue })]);
        }

        async Task<Done> WorkAsync(Gate gate)
        {
            await gate.OpenAsync();
            return new Done(count);
        }
    }

    /// <summary>MassTransit as its documentation sets it up, holding as many messages ahead as the batch consumer.</summary>
    private static ServiceProvider Plain(Uri broker, Gate gate) => new ServiceCollection().AddSingleton(gate).AddLogging().AddMassTransit(configure =>
    {
        configure.DisableUsageTelemetry();
        configure.AddConsumer<NothingConsumer>();
        configure.UsingRabbitMq((context, rabbit) =>
        {
            rabbit.Host(broker);
            rabbit.ConfigureJsonSerializerOptions(json =>
            {
                MessageJson.Apply(json);
                return json;
            });
            rabbit.ReceiveEndpoint(EmptyQueue, endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.ConfigureConsumeTopology = false;
                endpoint.PrefetchCount = new BatchSettings().MessageLimit * 2;
                endpoint.ConfigureConsumer<NothingConsumer>(context);
            });
        });
    }).BuildServiceProvider();

    private sealed class NothingConsumer(Gate gate) : IConsumer<AppointmentBooked>
    {
        public Task Consume(ConsumeContext<AppointmentBooked> context) => gate.PassAsync();
    }
}
