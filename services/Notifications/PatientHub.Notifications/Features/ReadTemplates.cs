using Microsoft.EntityFrameworkCore;
using PatientHub.Notifications.Contracts.Http;
using PatientHub.Notifications.Persistence;
using PatientHub.Notifications.Templates;
using PatientHub.ServiceDefaults.Auth;

namespace PatientHub.Notifications.Features;

/// <summary><c>GET /api/message-templates</c>: every kind with its variables and languages. <c>GET …/{kind}/{channel}/{language}</c>: all versions, newest first. Scope trust.admin.</summary>
internal static class ReadTemplates
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/message-templates", ListAsync).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
        app.MapGet(TemplateRoutes.One, VersionsAsync).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
    }

    private static async Task<IResult> ListAsync(NotificationsDbContext db, CancellationToken ct)
    {
        var saved = await db.Templates.AsNoTracking().GroupBy(t => new { t.Kind, t.Channel, t.Language }).Select(same => new { same.Key, Version = same.Max(t => t.Version) }).ToListAsync(ct);
        return Results.Ok(TemplateKinds.All.SelectMany(kind => kind.Channels.Select(channel => new TemplateSummary
        {
            Kind = kind.Name,
            Says = kind.Says,
            Channel = channel,
            Variables = kind.Variables,
            Languages = saved.Where(t => t.Key.Kind == kind.Name && t.Key.Channel == channel).Select(t => KeyValuePair.Create(t.Key.Language, t.Version))
                .Append(KeyValuePair.Create(MessageTemplates.English, 0)).DistinctBy(t => t.Key).ToDictionary(),
        })));
    }

    private static async Task<IResult> VersionsAsync(string kind, string channel, string language, NotificationsDbContext db, MessageTemplates templates, CancellationToken ct)
    {
        if (TemplateRoutes.Read(kind, channel, language) is not { Key: var key }) return TemplateRoutes.Unknown();
        var versions = (await db.Templates.AsNoTracking().Where(t => t.Kind == key.Kind && t.Channel == key.Channel && t.Language == key.Language).OrderByDescending(t => t.Version).ToListAsync(ct))
            .Select(t => new TemplateVersion { Version = t.Version, Subject = t.Subject, Body = t.Body, Segments = t.Segments, SavedBy = t.SavedBy, SavedAt = t.SavedAt }).ToList();
        if (templates.Shipped.GetValueOrDefault(key) is { } shipped) versions.Add(new TemplateVersion { Version = 0, Subject = shipped.Subject, Body = shipped.Body, Segments = 0 });
        return versions.Count > 0 ? Results.Ok(versions) : TemplateRoutes.Unknown();
    }
}
