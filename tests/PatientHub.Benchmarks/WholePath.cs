using System.Globalization;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PatientHub.Benchmarks.Frame;
using PatientHub.Benchmarks.Messaging;
using PatientHub.Messaging;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Benchmarks;

/// <summary>
/// The whole way of an event: a transaction of its own with one aggregate and its outbox row (EF Core, as requests write), the dispatcher, a quorum queue, the batch
/// consumer with inbox and one upsert. All at once in one process, from the first write to the last acknowledgement.
/// </summary>
internal static class WholePath
{
    private const int Writers = 16;

    public static async Task RunAsync(Options options, Report report)
    {
        var count = options.Number("messages", 20_000);
        await using var servers = await Servers.StartAsync();
        await using var service = await BookingService.CreateAsync(servers, "path", consumes: true);
        var gate = service.Services.GetRequiredService<Gate>();
        using var connected = service.Services.GetRequiredService<IBusControl>().ConnectReceiveObserver(gate);
        await service.StartAsync();
        var scopes = service.Services.GetRequiredService<IServiceScopeFactory>();

        var side = new Side("write, dispatch, consume", () =>
        {
            gate.Close(count);
            return Task.CompletedTask;
        }, async () =>
        {
            var consumed = gate.OpenAsync();
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (number, ct) => await WriteAsync(scopes, number, ct));
            await consumed;
            return new Done(count);
        });

        await Pairs.MeasureAsync(side, servers.Workers);
        List<Run> runs = [];
        for (var run = 0; run < options.Number("pairs", 5); run++)
        {
            runs.Add(await Pairs.MeasureAsync(side, servers.Workers));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {run + 1}: {runs[^1].Figure:N0} events/s; CPU s per 100,000: {Pairs.CpuOf([runs[^1]], servers.Workers)}"));
        }

        report.Add("Write → dispatch → inbox consumer, one event a transaction", string.Create(CultureInfo.InvariantCulture,
            $"{Pairs.Median(runs.Select(run => run.Figure)):N0} events/s ({string.Join(", ", runs.Select(run => run.Figure.ToString("N0", CultureInfo.InvariantCulture)))}); CPU seconds per 100,000: {Pairs.CpuOf(runs, servers.Workers)}"), "path");
    }

    private static async Task WriteAsync(IServiceScopeFactory scopes, int number, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var booking = BookingService.Booking(number);
        db.Patients.Add(new PatientFlags
        {
            PatientId = booking.Appointment.PatientId,
            Version = 1,
            HasMobile = true,
            HasEmail = true,
            LettersOnly = false,
            Deceased = false,
            Restricted = false,
            Active = true,
        });
        scope.ServiceProvider.GetRequiredService<IOutbox>().Add(booking);
        await db.SaveChangesAsync(ct);
    }
}
