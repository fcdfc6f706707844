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
        var messages = await db.Messages.AsNoTracking().Where(m => m.PatientId == id && m.CreatedAt >= oldest).OrderByDescending(m => m.CreatedAt).Take(Most).ToListAsync(ct);
        var ids = messages.Select(m => m.Id).ToArray();
        // A message may tell of several steps; they are of one kind.
        var steps = (await (from told in db.MessageSteps.AsNoTracking()
                            where ids.Contains(told.MessageId)
                            join step in db.Steps.AsNoTracking() on told.StepId equals step.Id
                            orderby step.CreatedAt, step.Id
                            select new { told.MessageId, step }).ToListAsync(ct)).ToLookup(s => s.MessageId, s => s.step);
        var attempts = (await db.Attempts.AsNoTracking().Where(a => a.MessageId != null && ids.Contains(a.MessageId.Value)).OrderBy(a => a.CreatedAt).ToListAsync(ct)).ToLookup(a => a.MessageId!.Value);
        outbox.Add(new RecordStaffAct { ActId = read.ActId, Act = StaffActs.HistoryRead, StaffId = user.Staff().Id, PatientId = id, OccurredAt = now });
        await db.SaveChangesAsync(ct);
        return new StaffHistory
        {
            Preferences = kept is null ? new Preferences() : new Preferences { PreferredChannel = kept.PreferredChannel, AlsoPost = kept.AlsoPost, OptedOut = kept.OptedOut },
            Messages = [.. messages.Where(m => steps.Contains(m.Id)).Select(m => new StaffMessage
            {
                Kind = steps[m.Id].First().Kind.ToString(),
                Step = steps[m.Id].First().Step,
                Channel = m.Channel,
                Subject = m.Subject,
                Body = m.Body,
                CreatedAt = m.CreatedAt,
                Attempts = [.. attempts[m.Id].Select(a => new StaffAttempt(a.CreatedAt, a.State.ToString(), a.EndedAt ?? a.AcceptedAt, a.ErrorCode))],
                NotSentBecause = m.SentAt is null && !steps[m.Id].Any(s => s.State is StepState.Open or StepState.Sending) ? steps[m.Id].First().Reason : null,
            })],
        };
    }
}
