using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Appointments.Contracts;
using PatientHub.Calendar;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.ServiceDefaults.Auth;
using Body = PatientHub.Notifications.Contracts.Http.ReadHistory;

namespace PatientHub.Notifications.Features;

/// <summary><c>POST /internal/desk/patients/{id}/history</c>: what was sent, why, and what became of it, for a member of staff. Read and recorded together, or not at all.</summary>
internal static class ReadHistory
{
    private const int Most = 200;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/internal/desk/patients/{id:guid}/history", HandleAsync).RequireAuthorization(Policies.Staff);

    private static async Task<StaffHistory> HandleAsync(Guid id, Body read, ClaimsPrincipal user, NotificationsDbContext db, IOutbox outbox, DatabaseClock clock, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var now = await clock.UtcNowAsync(ct);
        var oldest = TwentyFourMonths.OldestStart(now);
        var kept = await db.Preferences.AsNoTracking().SingleOrDefaultAsync(p => p.PatientId == id, ct);
        var messages = await db.Messages.AsNoTracking().Where(m => m.PatientId == id && m.CreatedAt >= oldest && m.Body != "").OrderByDescending(m => m.CreatedAt).Take(Most).ToListAsync(ct);
        var ids = messages.Select(m => m.Id).ToArray();
        var steps = (await (from told in db.MessageSteps.AsNoTracking()
                            where ids.Contains(told.MessageId)
                            join step in db.Steps.AsNoTracking() on told.StepId equals step.Id
                            orderby step.CreatedAt, step.Id
                            select new { told.MessageId, step }).ToListAsync(ct)).ToLookup(row => row.MessageId, row => row.step);
        var attempts = (await db.Attempts.AsNoTracking().Where(a => a.MessageId != null && ids.Contains(a.MessageId.Value)).OrderBy(a => a.CreatedAt).ToListAsync(ct)).ToLookup(a => a.MessageId!.Value);
        var texts = await ReadTextsOfPatient.Of(db, id).Where(t => t.ReceivedAt >= oldest).ToListAsync(ct);
        outbox.Add(new RecordStaffAct { ActId = read.ActId, Act = StaffActs.HistoryRead, StaffId = user.Staff().Id, PatientId = id, OccurredAt = now });
        await db.SaveChangesAsync(ct);
        return new StaffHistory
        {
            Preferences = kept is null ? new Preferences() : new Preferences { PreferredChannel = kept.PreferredChannel, AlsoPost = kept.AlsoPost, OptedOut = kept.OptedOut },
            Messages = [.. messages.Select(m => Of(m, [.. steps[m.Id]], attempts[m.Id]))],
            Texts = texts,
        };
    }

    private static StaffMessage Of(Message message, IReadOnlyList<JourneyStep> steps, IEnumerable<Attempt> attempts) => new()
    {
        Kind = steps.Count == 1 ? steps[0].Kind.ToString() : "Digest",
        Step = steps.Count == 1 ? steps[0].Step : steps.Count,
        Channel = message.Channel,
        Subject = message.Subject,
        Body = message.Body,
        CreatedAt = message.CreatedAt,
        Attempts = [.. attempts.Select(a => new StaffAttempt(a.CreatedAt, a.State.ToString(), a.EndedAt ?? a.AcceptedAt, a.ErrorCode))],
        NotSentBecause = message.SentAt is null && steps.Count > 0 && steps.All(step => step.State is not (StepState.Open or StepState.Sending)) ? steps[0].Reason : null,
    };
}
