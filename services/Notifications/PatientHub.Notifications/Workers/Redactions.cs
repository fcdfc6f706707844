using Microsoft.EntityFrameworkCore;
using PatientHub.Messaging;
using PatientHub.Notifications.Clients;
using PatientHub.Notifications.Persistence;

namespace PatientHub.Notifications.Workers;

/// <summary>Removes the text of sent codes at the provider: as soon as its fate is known, or when the code has long been dead. Twilio may refuse while it is sending; then later.</summary>
internal sealed class Redactions(IServiceScopeFactory scopes, DatabaseClock clock, ITextProvider texts)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(1);

    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var now = await clock.UtcNowAsync(ct);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var attempts = await db.Attempts.FromSqlRaw("""
            update attempt a set redact_at = {1} from (
                select id from attempt where redact_at <= {0} order by redact_at limit 50 for update skip locked) due
            where a.id = due.id returning a.*
            """, now, now + AgainAfter).AsNoTracking().ToListAsync(ct);
        foreach (var attempt in attempts)
        {
            // Without the provider's id there is nothing to name: the request was never answered, and no callback came.
            if (attempt.ProviderId is null || await texts.RedactAsync(attempt.ProviderId, ct))
            {
                await db.Attempts.Where(a => a.Id == attempt.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.RedactAt, (DateTimeOffset?)null), ct);
            }
        }

        return attempts.Count;
    }
}
