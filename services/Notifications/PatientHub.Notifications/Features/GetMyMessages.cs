using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Calendar;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Notifications.Features;

/// <summary><c>GET /api/me/messages</c> (R18, R26): newest first, 24 months; never a code.</summary>
internal static class GetMyMessages
{
    private const int Most = 500;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/api/me/messages", HandleAsync).RequireAuthorization(Policies.Patient);

    private static async Task<IResult> HandleAsync(ClaimsPrincipal user, NotificationsDbContext db, DatabaseClock clock, CancellationToken ct)
    {
        var patientId = user.PatientId();
        var oldest = TwentyFourMonths.OldestStart(await clock.UtcNowAsync(ct));
        // Without words (A16) there is nothing to show. What a provider took, and what is about to go; not what was stopped before it went.
        var messages = await db.Messages.AsNoTracking().Where(m => m.PatientId == patientId && m.CreatedAt >= oldest && m.Body != "")
            .Where(m => m.SentAt != null || (m.Status == MessageStatus.Waiting && db.MessageSteps.Any(told => told.MessageId == m.Id && db.Steps.Any(s => s.Id == told.StepId && (s.State == StepState.Open || s.State == StepState.Sending)))))
            .OrderByDescending(m => m.CreatedAt).Take(Most).ToListAsync(ct);
        return Results.Ok(messages.Select(m => new MyMessage
        {
            MessageId = m.Id,
            Channel = m.Channel,
            Subject = m.Subject,
            Body = m.Body,
            SentAt = m.SentAt,
            Status = m.Status switch
            {
                MessageStatus.Waiting => "waiting",
                MessageStatus.Sent => "sent",
                MessageStatus.Delivered => "delivered",
                _ => "failed",
            },
        }));
    }
}
