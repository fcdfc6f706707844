using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using PatientHub.Letters.Domain;
using PatientHub.Letters.Persistence;

namespace PatientHub.Letters.Features;

/// <summary>Finds a clinic's template: the trust's own of that key, else the one that ships under it, else the standard one. Compiled templates are kept; they never change.</summary>
public sealed class Templates(LettersDbContext db, IMemoryCache cache)
{
    public async Task<LetterTemplate> FindAsync(string? key, CancellationToken ct) =>
        await FindExactAsync(key ?? LetterTemplate.StandardKey, ct)
        ?? await FindExactAsync(LetterTemplate.StandardKey, ct)
        ?? throw new InvalidOperationException("The standard letter template is missing from the assembly.");

    /// <summary>Whether the key names a template of its own.</summary>
    public async Task<bool> ExistsAsync(string key, CancellationToken ct) =>
        EmbeddedTemplates.Find(key) is not null || await db.Templates.AnyAsync(t => t.TemplateKey == key, ct);

    /// <summary>The trust's own for a kind of news, else the one that ships.</summary>
    public async Task<LetterTemplate> FindAsync(NoticeKind kind, CancellationToken ct) =>
        await FindExactAsync(kind.TemplateKey(), ct) ?? throw new InvalidOperationException($"The letter template for {kind} is missing from the assembly.");

    private async Task<LetterTemplate?> FindExactAsync(string key, CancellationToken ct)
    {
        var stored = await db.Templates.AsNoTracking().Where(t => t.TemplateKey == key).OrderByDescending(t => t.Version).FirstOrDefaultAsync(ct);
        var source = stored is null ? EmbeddedTemplates.Find(key) : (stored.Title, stored.Body);
        if (source is not { } found) return null;
        return cache.GetOrCreate((typeof(LetterTemplate), key, stored?.Version ?? 0), _ =>
        {
            var (template, refusal) = LetterTemplate.Check(key, found.Title, found.Body);
            return template ?? throw new InvalidOperationException($"The stored letter template is not usable: {refusal}");
        });
    }
}
