using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;

namespace PatientHub.Identity.Features.SignIn;

/// <summary>The records that typed details match. <paramref name="OwnLinkOf"/>: the record whose permanent link the patient came from, when it is among them (A14).</summary>
public sealed record Matches(IReadOnlyList<Patient> Records, Guid? OwnLinkOf);

/// <summary>
/// R13, R16, A14: identifier and date of birth against the record's own telecom list (a child's record lists the parent's number). The dead, the restricted, inactive and
/// linked records and those with the "no portal" flag match nothing (A24, A30). A link chooses among the matches; otherwise it is silently ignored.
/// </summary>
public sealed class RecordMatching(IdentityDbContext db, TimeProvider time)
{
    public async Task<Matches> FindAsync(AttemptDetails typed, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var (kind, value) = (typed.Identifier.Kind, typed.Identifier.Value);
        var records = await db.Patients.AsNoTracking().WhoMaySignIn(now)
            .Where(p => p.Contacts.Any(c => c.Value == value && c.Kind == kind && (c.ValidFrom == null || c.ValidFrom <= now) && (c.ValidUntil == null || c.ValidUntil > now))
                && p.BirthDate == typed.DateOfBirth)
            .OrderBy(p => p.Id)
            .Take(20)
            .ToListAsync(ct);
        // A31: not through a parent, where that is forbidden or the patient is 16.
        records.RemoveAll(p => p.IsHiddenFromParents(now) || p.Contacts.Any(c => c.Value == value && c.Kind == kind && p.IsAParents(c, now)));
        var own = typed.LinkToken is { } token ? await OwnAsync(token, records, ct) : null;
        return own is null ? new Matches(records, null) : new Matches([own], own.Id);
    }

    /// <summary>A30: the link of a record that was merged away leads to the survivor.</summary>
    private async Task<Patient?> OwnAsync(string token, List<Patient> records, CancellationToken ct)
    {
        if (records.Find(p => p.LinkToken == token) is { } own) return own;
        // Asked whether or not anything matched: an old link must not be told from a new one by its time.
        var survivor = await db.Patients.AsNoTracking().IgnoreAutoIncludes().Where(p => p.LinkToken == token).Select(p => p.MergedInto).SingleOrDefaultAsync(ct);
        return records.Find(p => p.Id == survivor);
    }

    /// <summary>A30: UVCs of records that were merged into these, by survivor.</summary>
    public async Task<ILookup<Guid, string>> OlderUvcsAsync(IReadOnlyCollection<Guid> survivors, CancellationToken ct) =>
        (await db.Patients.AsNoTracking().IgnoreAutoIncludes().Where(p => p.MergedInto != null && survivors.Contains(p.MergedInto.Value)).Select(p => new { Survivor = p.MergedInto!.Value, p.Uvc }).ToListAsync(ct))
            .ToLookup(p => p.Survivor, p => p.Uvc);

    /// <summary>
    /// Which of the matches the proven code opens: their code would still go where it went. A contact that changed meanwhile has ended the code (A30).
    /// </summary>
    public IReadOnlyList<Patient> StillProven(Matches matches, AttemptDetails typed, OpenedRecords opened)
    {
        var now = time.GetUtcNow();
        return [.. matches.Records.Where(p => opened.PatientIds.Contains(p.Id) && CodeDestination.For(p, typed.Identifier, now) == opened.Destination)];
    }
}
