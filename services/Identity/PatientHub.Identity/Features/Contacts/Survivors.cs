using Microsoft.EntityFrameworkCore;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;

namespace PatientHub.Identity.Features.Contacts;

/// <summary>A30: whoever asks for a record that was merged away is answered as for the survivor, under the id that was asked for.</summary>
internal static class Survivors
{
    /// <summary>By the id that was asked for; unknown ones, and those whose survivor is unknown, are left out.</summary>
    public static async Task<IReadOnlyList<(Guid Asked, Patient Patient)>> OfAsync(IdentityDbContext db, Guid[] ids, CancellationToken ct)
    {
        var asked = await db.Patients.AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync(ct);
        var survivors = asked.Where(p => p.MergedInto is not null).Select(p => p.MergedInto!.Value).Distinct().ToArray();
        if (survivors.Length == 0) return [.. asked.Select(p => (p.Id, p))];
        var found = (await db.Patients.AsNoTracking().Where(p => survivors.Contains(p.Id)).ToListAsync(ct)).ToDictionary(p => p.Id);
        return [.. asked.Select(p => (p.Id, Survivor: p.MergedInto is { } into ? found.GetValueOrDefault(into) : p)).Where(p => p.Survivor is not null).Select(p => (p.Id, p.Survivor!))];
    }
}
