using Microsoft.EntityFrameworkCore;
using Npgsql;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Templates;

/// <summary>Brings what the trust has saved into <see cref="MessageTemplates"/>: at the start, after a save here, and every ten seconds for what was saved at another replica.</summary>
internal sealed partial class SavedTemplates(IServiceScopeFactory scopes, MessageTemplates templates, TimeProvider time, ILogger<SavedTemplates> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public async Task RefreshAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        templates.Use(await db.Templates.AsNoTracking().Where(t => !db.Templates.Any(newer => newer.Kind == t.Kind && newer.Channel == t.Channel && newer.Language == t.Language && newer.Version > t.Version)).ToListAsync(ct));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                try
                {
                    await RefreshAsync(stoppingToken);
                }
                catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException or TimeoutException)
                {
                    Log.NotRead(log, fault.GetType().Name); // what was read before goes on
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The trust's wordings could not be read ({Fault}); those of before are used")]
        public static partial void NotRead(ILogger logger, string fault);
    }
}
