using System.Globalization;
using System.Security.Cryptography;
using PatientHub.Identity.Domain;
using PatientHub.Identity.Persistence;
using PatientHub.Messaging;
using PatientHub.Notifications.Contracts;

namespace PatientHub.Identity.Features.SignIn;

/// <summary>
/// Makes and sends the codes of an attempt.
/// <code>
/// records -> distinct destinations (R14) -> limit per destination (A12) -> code each -> Redis: keyed hashes, sealed pick-up copies -> outbox: SendSignInCode each
/// </code>
/// An unknown pair takes the same way (A19): a counter, a hash that no code has, a pick-up copy without a destination and a command that collects nothing. So does a
/// destination that has had its share: its patient reads "if the details match", and nothing tells it from an unknown one.
/// </summary>
public sealed partial class CodeIssuing(SignInStore store, GuessCounters counters, CodeKeys keys, IOutbox outbox, IdentityDbContext db, TimeProvider time, ILogger<CodeIssuing> logger)
{
    /// <returns>When the codes die; null when the attempt has ended meanwhile.</returns>
    public async Task<DateTimeOffset?> IssueAsync(string attemptId, AttemptDetails typed, IReadOnlyList<Patient> records, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var expires = WholeSecond(now + GuessLimits.CodeLife);
        var targets = records
            .Select(record => (Record: record, Destination: CodeDestination.For(record, typed.Identifier, now)))
            .Where(x => x.Destination is not null)
            .GroupBy(x => x.Destination!, x => x.Record)
            .Select(group => (Destination: (CodeDestination?)group.Key, Records: (IReadOnlyList<Patient>)[.. group]))
            .DefaultIfEmpty((Destination: null, Records: []))
            .ToList();

        var codes = new List<StoredCode>(targets.Count);
        var pickUps = new List<(Guid Id, byte[] Blob)>(targets.Count);
        var used = new HashSet<string>();
        var sent = 0;
        foreach (var (destination, opens) in targets)
        {
            var allowed = await counters.ClaimSendAsync(destination is null ? keys.NoDestination(typed.Identifier) : keys.Destination(destination), ct);
            var real = allowed && destination is not null;
            if (!allowed && destination is not null) Log.DestinationLimited(logger, opens.Count);
            var code = NewCode(used);
            // A decoy's hash is made of random bytes: no code has it.
            var hash = keys.Code(attemptId, code);
            codes.Add(new StoredCode(real ? hash : RandomNumberGenerator.GetBytes(hash.Length), new OpenedRecords([.. opens.Select(p => p.Id)], destination).Seal(keys, attemptId)));
            var id = Guid.CreateVersion7();
            pickUps.Add((id, new PickUp(code, null, null, real ? destination : null, real ? FallbackEmail(destination!, opens, now) : null, expires, CodeLanguage.Of(opens, typed.Language)).Seal(keys, id)));
            if (real) sent++;
        }

        if (!await store.PutCodesAsync(attemptId, sent > 0, codes)) return null;
        await SendAsync(pickUps, expires, ct);
        SignInMetrics.CodesIssued.Add(sent);
        return expires;
    }

    /// <summary>Sends UVCs again, to the proven destination only (A14).</summary>
    public async Task IssueUvcsAsync(CodeDestination destination, IReadOnlyList<Patient> records, AttemptDetails typed, CancellationToken ct)
    {
        if (!await counters.ClaimSendAsync(keys.Destination(destination), ct))
        {
            Log.DestinationLimited(logger, records.Count);
            return;
        }

        var expires = WholeSecond(time.GetUtcNow() + GuessLimits.CodeLife);
        await SendAsync(
            [.. records.Select(record =>
            {
                var id = Guid.CreateVersion7();
                return (id, new PickUp(null, record.Uvc, record.FirstName, destination, null, expires, CodeLanguage.Of([record], typed.Language)).Seal(keys, id));
            })],
            expires, ct);
    }

    private async Task SendAsync(IReadOnlyList<(Guid Id, byte[] Blob)> pickUps, DateTimeOffset expires, CancellationToken ct)
    {
        foreach (var (id, blob) in pickUps)
        {
            await store.PutPickUpAsync(id, blob);
            outbox.Add(new SendSignInCode { CodeId = id, ExpiresAt = expires });
        }

        await db.SaveChangesAsync(ct);
    }

    // R14: a text provider that is down counts as no mobile. The address must be that of every record behind the code, or its reader would open someone else's.
    private static string? FallbackEmail(CodeDestination destination, IReadOnlyList<Patient> opens, DateTimeOffset now)
    {
        if (destination.Kind != ContactKind.Mobile) return null;
        var addresses = opens.Select(p => p.UsableContacts(ContactKind.Email, now).FirstOrDefault()?.Value).Distinct().ToList();
        return addresses.Count == 1 ? addresses[0] : null;
    }

    // Leading zeros count; codes of one attempt differ, so that a code names its destination.
    private static string NewCode(HashSet<string> used)
    {
        string code;
        do code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        while (!used.Add(code));
        return code;
    }

    // Fractions would make the answers of two sign-ins differ in length (A19).
    internal static DateTimeOffset WholeSecond(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A destination of {Records} records has had its share of codes; none was sent (A12).")]
        public static partial void DestinationLimited(ILogger logger, int records);
    }
}
