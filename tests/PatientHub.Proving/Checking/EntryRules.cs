using System.Buffers;
using PatientHub.Proving.Books;

namespace PatientHub.Proving.Checking;

/// <summary>N: nobody is let in without a fresh, correct, unused code of that very sign-in, and nothing personal lies in a log.</summary>
internal static class EntryRules
{
    private const int MostWrongTries = 5; // A12
    private static readonly TimeSpan CodeLife = TimeSpan.FromSeconds(150); // R15
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(2);

    public static async Task JudgeAsync(HubAccess hub, HubBooks books, Ledger ledger, Verdict verdict)
    {
        Sessions(books, ledger, verdict);
        Codes(books, ledger, verdict);
        await LogsAsync(hub, books, ledger, verdict);
    }

    private static void Sessions(HubBooks books, Ledger ledger, Verdict verdict)
    {
        // Each session takes one entry whose span holds its start; entries without an answer may or may not have led to one.
        var entries = ledger.All<CodeTyped>().Where(t => t.SignedIn || t.Unclear).OrderBy(t => t.AnsweredAt).ToList();
        foreach (var session in books.Sessions.Where(s => s.StartedAt >= ledger.BeganAt).OrderBy(s => s.StartedAt))
        {
            var own = entries.FindIndex(t => t.AskedAt - Grain <= session.StartedAt && session.StartedAt <= t.AnsweredAt + Grain);
            verdict.Look("N1", own >= 0, $"session {session.Id}", "began without a sign-in of its own");
            if (own >= 0)
                entries.RemoveAt(own);
        }
    }

    private static void Codes(HubBooks books, Ledger ledger, Verdict verdict)
    {
        var typed = ledger.All<CodeTyped>().ToList();
        var sent = books.Taken.Where(t => t.Code is not null).ToLookup(t => (t.To, t.Code!));
        foreach (var entry in typed.Where(t => t.SignedIn))
        {
            var subject = $"sign-in {entry.Attempt}";
            var own = entry.Destination is null ? [] : sent[(entry.Destination, entry.Code)].Where(m => m.TakenAt >= entry.AttemptBeganAt - Grain && m.TakenAt <= entry.AnsweredAt).ToList();
            verdict.Look("N2", own.Count > 0, subject, "succeeded with a code that was not sent for it");
            if (own.Count > 0)
                verdict.Look("N2", entry.AskedAt - own.Max(m => m.TakenAt) <= CodeLife, subject, "succeeded with a code older than 150 seconds");
            var wrong = typed.Count(t => t.Attempt == entry.Attempt && !t.SignedIn && !t.Unclear && t.Code != entry.Code && t.AnsweredAt <= entry.AskedAt && (own.Count == 0 || t.AskedAt >= own.Max(m => m.TakenAt)));
            verdict.Look("N4", wrong < MostWrongTries, subject, $"succeeded after {wrong} wrong tries at its code");
        }

        foreach (var same in typed.Where(t => t.SignedIn).GroupBy(t => (t.Attempt, t.Code)))
            verdict.Look("N3", same.Count() == 1, $"sign-in {same.Key.Attempt}", $"its code let somebody in {same.Count()} times");
    }

    private static async Task LogsAsync(HubAccess hub, HubBooks books, Ledger ledger, Verdict verdict)
    {
        if (hub.Logs is null)
            return;
        // Values that cannot occur by chance. Dates of birth are searched as the feed writes them, and only those that are no other date of the run.
        var secrets = ledger.All<PatientFed>().SelectMany(p => (string?[])[p.Mobile?.TrimStart('+'), p.Email, p.Born.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)])
            .Concat(books.Patients.Select(p => p.LinkToken)).OfType<string>().Where(secret => secret.Length >= 10).Distinct().ToList();
        var any = SearchValues.Create(secrets.ToArray(), StringComparison.OrdinalIgnoreCase);
        foreach (var file in Directory.EnumerateFiles(hub.Logs, "*.log"))
        {
            // All in one pass over the text: a campaign has ten thousand of them, and logs of a hundred megabytes.
            var found = Found(await File.ReadAllTextAsync(file), any);
            verdict.Look("N5", found == 0, Path.GetFileName(file), $"holds personal values of the run at {found} places; there are {secrets.Count} of them");
        }
    }

    private static int Found(ReadOnlySpan<char> text, SearchValues<string> secrets)
    {
        var places = 0;
        for (int at; (at = text.IndexOfAny(secrets)) >= 0; text = text[(at + 1)..])
            places++;
        return places;
    }
}
