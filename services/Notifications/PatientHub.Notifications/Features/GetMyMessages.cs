using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Calendar;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.Notifications.Templates;
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
        var instead = await InsteadAsync(db, [.. messages.Where(m => m.Status == MessageStatus.Failed).Select(m => m.Id)], ct);
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
            Instead = instead.GetValueOrDefault(m.Id),
            Language = LanguageOf(m.Template),
        }));
    }

    /// <summary>A18, R3: what the patient has got in place of a message that failed: another one about the same, or the letter by post.</summary>
    private static async Task<Dictionary<Guid, string>> InsteadAsync(NotificationsDbContext db, Guid[] failed, CancellationToken ct)
    {
        if (failed.Length == 0) return [];
        var told = await (from link in db.MessageSteps.AsNoTracking()
                          where failed.Contains(link.MessageId)
                          join step in db.Steps.AsNoTracking() on link.StepId equals step.Id
                          select new { link.MessageId, link.StepId, step.LetterId, step.LetterVersion }).ToListAsync(ct);
        var steps = told.Select(t => t.StepId).Distinct().ToArray();
        var others = await (from link in db.MessageSteps.AsNoTracking()
                            where steps.Contains(link.StepId)
                            join message in db.Messages.AsNoTracking() on link.MessageId equals message.Id
                            where message.SentAt != null && message.Status != MessageStatus.Failed
                            select new { link.StepId, message.Channel }).ToListAsync(ct);
        var letters = told.Where(t => t.LetterId is not null).Select(t => t.LetterId!.Value).Distinct().ToArray();
        var posted = await db.Letters.AsNoTracking().Where(l => letters.Contains(l.LetterId) && l.PostedVersion > 0).ToDictionaryAsync(l => l.LetterId, l => l.PostedVersion, ct);
        var instead = new Dictionary<Guid, string>();
        foreach (var message in told.GroupBy(t => t.MessageId))
        {
            // Of a digest everything must have found its way.
            if (message.All(t => others.Any(o => o.StepId == t.StepId)))
                instead[message.Key] = others.First(o => o.StepId == message.First().StepId).Channel == Contracts.Channel.Sms ? "sms" : "email";
            else if (message.All(t => t.LetterId is { } letter && posted.GetValueOrDefault(letter) >= t.LetterVersion))
                instead[message.Key] = "posted";
        }

        return instead;
    }

    // "invitation.cy.v3"; before there were languages, "invitation.v1".
    private static string LanguageOf(string template) => template.Split('.') is [_, var language, _] ? language : MessageTemplates.English;
}
