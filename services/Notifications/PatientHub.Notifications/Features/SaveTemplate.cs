using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Domain;
using PatientHub.Notifications.Persistence;
using PatientHub.Notifications.Templates;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Notifications.Features;

/// <summary>
/// <c>PUT /api/message-templates/{kind}/{channel}/{language}</c>: a new version of a wording, checked first (<see cref="TemplateCheck"/>). <c>POST …/preview</c>: the same check and its
/// samples, nothing saved. Scope trust.admin. Saying the same again makes no version.
/// </summary>
internal static class SaveTemplate
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPut(TemplateRoutes.One, SaveAsync).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
        app.MapPost(TemplateRoutes.One + "/preview", Preview).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
    }

    private static IResult Preview(string kind, string channel, string language, TemplateText text, TemplateCheck check) =>
        TemplateRoutes.Read(kind, channel, language) is var (found, key) ? Results.Ok(Shown(check.Check(found, key.Channel, key.Language, Plain(text.Subject), Plain(text.Body)!), key.Channel, null)) : TemplateRoutes.Unknown();

    private static async Task<IResult> SaveAsync(
        string kind, string channel, string language, TemplateText text, ClaimsPrincipal user, TemplateCheck check, NotificationsDbContext db, SavedTemplates saved, DatabaseClock clock, CancellationToken ct)
    {
        if (TemplateRoutes.Read(kind, channel, language) is not var (found, key)) return TemplateRoutes.Unknown();
        var (subject, body) = (Plain(text.Subject), Plain(text.Body)!);
        var verdict = check.Check(found, key.Channel, key.Language, subject, body);
        if (verdict.Problems.Count > 0) return Problems.Of(StatusCodes.Status400BadRequest, "template-not-usable", string.Join(" ", verdict.Problems.Select(problem => problem.TrimEnd('.') + ".")));

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Two who save at once: one after the other, so that a version number is one wording.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({$"template:{key.Kind}:{key.Channel}:{key.Language}"}, 0))", ct);
        var newest = await db.Templates.AsNoTracking().Where(t => t.Kind == key.Kind && t.Channel == key.Channel && t.Language == key.Language).OrderByDescending(t => t.Version).FirstOrDefaultAsync(ct);
        if (text.BasedOn is { } basedOn && basedOn != (newest?.Version ?? 0)) return Problems.Of(StatusCodes.Status409Conflict, "newer-version", "Somebody has saved another version since. Read it first.");
        if (newest is not null && newest.Subject == subject && newest.Body == body) return Results.Ok(Shown(verdict, key.Channel, newest.Version));

        var template = new MessageTemplate
        {
            Kind = key.Kind,
            Channel = key.Channel,
            Language = key.Language,
            Version = (newest?.Version ?? 0) + 1,
            Subject = subject,
            Body = body,
            Segments = verdict.Segments,
            SavedBy = user.FindFirst("client_id")?.Value ?? user.FindFirst("sub")?.Value ?? "unknown",
            SavedAt = await clock.UtcNowAsync(ct),
        };
        db.Templates.Add(template);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        await saved.RefreshAsync(ct);
        return Results.Ok(Shown(verdict, key.Channel, template.Version));
    }

    private static string? Plain(string? text) => text?.Replace("\r\n", "\n", StringComparison.Ordinal).Trim('\n', ' ');

    private static TemplatePreview Shown(CheckedTemplate verdict, Channel channel, int? version) => new()
    {
        Version = version,
        Problems = verdict.Problems,
        Segments = verdict.Segments,
        MostSegments = channel == Channel.Sms ? verdict.MostSegments : 0,
        Encoding = channel == Channel.Email ? null : verdict.IsGsm ? "GSM-7" : "UCS-2",
        Samples = [.. verdict.Samples.Select(s => new RenderedSample { Title = s.Title, Subject = s.Subject, Body = s.Body, Html = s.Html, Segments = s.Segments, Characters = s.Characters })],
    };
}
