using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using PatientHub.Letters.Contracts.Http;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;
using PatientHub.Messaging;
using PatientHub.ServiceDefaults.Auth;
using PatientHub.ServiceDefaults.Http;

namespace PatientHub.Letters.Features;

/// <summary><c>PUT /api/letter-templates/{key}</c>: the trust's own letter for a clinic. Saved as a new version; letters already made keep what they say.</summary>
public static class SaveTemplate
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/api/letter-templates/{key}", HandleAsync).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
        routes.MapGet("/api/letter-templates/{key}", GetAsync).RequireAuthorization(Policies.Scope(Scopes.TrustAdmin));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string key, LetterTemplateText text, LettersDbContext db, DatabaseClock clock, CancellationToken ct)
    {
        if (!IsKey(key))
            return Problems.Of(StatusCodes.Status400BadRequest, "bad-key", "A template's key has up to 64 small letters, digits and hyphens.");
        if (text is not { Title: not null, Body: not null } || text.Title.Contains('\0') || text.Body.Contains('\0'))
            return Problems.Of(StatusCodes.Status400BadRequest, "bad-template", "A template has a title and a body, without the character U+0000.");
        if (text.Body.Length > 50_000 || text.Title.Length > 500)
            return Problems.Of(StatusCodes.Status400BadRequest, "too-long", "A template has at most 50,000 characters, its title 500.");
        var (_, refusal) = LetterTemplate.Check(key, text.Title, text.Body);
        if (refusal is not null) return Problems.Of(StatusCodes.Status400BadRequest, "template-refused", refusal);

        var now = await clock.UtcNowAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({key}, 0))", ct);
        var newest = await db.Templates.Where(t => t.TemplateKey == key).OrderByDescending(t => t.Version).FirstOrDefaultAsync(ct);
        if (newest is null || newest.Title != text.Title || newest.Body != text.Body)
        {
            db.Templates.Add(new StoredTemplate { TemplateKey = key, Version = (newest?.Version ?? 0) + 1, Title = text.Title, Body = text.Body, CreatedAt = now });
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<LetterTemplateText>, ProblemHttpResult>> GetAsync(string key, LettersDbContext db, CancellationToken ct)
    {
        if (!IsKey(key)) return Problems.NotFound();
        var stored = await db.Templates.AsNoTracking().Where(t => t.TemplateKey == key).OrderByDescending(t => t.Version).FirstOrDefaultAsync(ct);
        if (stored is not null) return TypedResults.Ok(new LetterTemplateText { Title = stored.Title, Body = stored.Body });
        return EmbeddedTemplates.Find(key) is { } shipped ? TypedResults.Ok(new LetterTemplateText { Title = shipped.Title, Body = shipped.Body }) : Problems.NotFound();
    }

    /// <summary>What the trust may name a template or an enclosure.</summary>
    internal static bool IsKey(string key) => key.Length <= 64 && key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
